"""The catalogue's specifications, read once for all tests of a run."""

from importlib.resources import files
from pathlib import Path

from slo.spec import read_specs

CATALOGUE = Path(str(files("slo") / "catalog" / "ai_support"))
SPECS = read_specs([CATALOGUE])
