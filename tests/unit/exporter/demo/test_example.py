"""The demonstration is the longer example of the documentation: it shows everything there is."""

import inspect
import re
from pathlib import Path

import exporter.demo
from exporter import Metrics

SOURCE = "".join(path.read_text() for path in Path(exporter.demo.__path__[0]).glob("*.py"))
BY_THE_ENDPOINT = {"http_request"}


def test_every_way_to_record_is_shown():
    public = [
        name
        for name, _ in inspect.getmembers(Metrics, inspect.isfunction)
        if not name.startswith("_")
    ]
    shown = set(re.findall(r"\bmetrics\.(\w+)\(", SOURCE)) | set(
        re.findall(r"@(track_\w+)", SOURCE)
    )
    assert set(public) - shown == BY_THE_ENDPOINT
    assert len(public) > 30
