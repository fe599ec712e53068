"""The arrows between modules, and that a wrong one is noticed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VAGUE = {"utils", "util", "helpers", "manager", "common", "base", "core", "process", "data", "info"}


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", code, "--config", root / "pyproject.toml", "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path):
    for name in ("slo", "exporter"):
        ignored = shutil.ignore_patterns("__pycache__", "*.yaml")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.integration
def test_the_contracts_are_kept():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.integration
@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("slo/model/span.py", "import slo.engine.rate"),
        ("slo/engine/rate.py", "import slo.history.snapshot"),
        ("slo/budget.py", "import plotly"),
        ("slo/project/project.py", "import papermill"),
        ("exporter/definitions.py", "import slo.errors"),
    ],
)
def test_a_wrong_arrow_breaks_the_build(checkout, module, line):
    path = checkout / module
    path.write_text(path.read_text() + f"\n{line}\n")
    done = lint_imports(checkout)
    assert done.returncode != 0
    assert "BROKEN" in done.stdout


@pytest.mark.integration
def test_a_module_that_is_not_declared_breaks_the_build(checkout):
    (checkout / "slo" / "newcomer.py").write_text('"""Undeclared."""\n')
    done = lint_imports(checkout)
    assert done.returncode != 0
    assert "newcomer" in done.stdout + done.stderr


def test_files_are_small_and_have_names_that_say_something():
    files = [path for name in ("slo", "exporter") for path in (ROOT / name).rglob("*.py")]
    assert len(files) > 40
    assert [path.name for path in files if len(path.read_text().splitlines()) > 400] == []
    assert [path.name for path in files if path.stem in VAGUE] == []
