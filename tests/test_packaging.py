"""The files that set the project up agree with each other."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from itertools import chain
from pathlib import Path

import pytest

import slo

ROOT = Path(__file__).resolve().parent.parent
LOCK = (ROOT / "requirements.lock").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_the_conda_environment_has_the_locked_versions():
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "conda_environment.py"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (ROOT / "environment.yml").read_text() == done.stdout


def test_the_conda_environment_names_every_direct_dependency_and_nothing_else():
    text = (ROOT / "environment.yml").read_text()
    named = set(re.findall(r"- ([\w.-]+)==?[\d.]+", text)) - {"python"}
    wanted = [*PROJECT["dependencies"], *chain(*PROJECT["optional-dependencies"].values())]
    names = {re.split(r"[\[<>=]", one)[0] for one in wanted} - {"slobook"}
    plain = {re.sub(r"[._]", "-", name).lower() for name in names}
    assert {re.sub(r"[._]", "-", name) for name in named} == plain
    assert len(plain) > 20


def test_every_pin_has_a_hash():
    blocks = re.split(r"\n(?=[A-Za-z0-9])", LOCK)
    pins = [block for block in blocks if "==" in block.splitlines()[0]]
    assert len(pins) > 100
    assert [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_the_lock_names_no_host_and_no_path():
    assert re.findall(r"://|file:|--index|--find-links|(?<!\w)/\w+/", LOCK) == []


def test_every_direct_dependency_is_locked():
    locked = set(re.findall(r"^([a-z0-9-]+)==", LOCK.replace(".", "-"), re.MULTILINE))
    wanted = [*PROJECT["dependencies"], *chain(*PROJECT["optional-dependencies"].values())]
    names = {re.split(r"[\[<>=]", one)[0].lower().replace(".", "-") for one in wanted}
    assert names - locked == {"slobook"}


def test_the_version_is_said_once_and_again():
    assert PROJECT["version"] == slo.__version__


def test_continuous_integration_makes_test():
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("make test")


def test_every_target_of_make_is_in_its_help():
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    out = subprocess.run(
        ["make", "-C", ROOT, "-s", "help"], capture_output=True, text=True, check=True
    ).stdout
    assert {line.split()[0] for line in out.splitlines()} == set(phony[1].split())


def test_the_exporter_alone_is_what_the_extra_of_slobook_is():
    alone = tomllib.loads((ROOT / "exporter" / "pyproject.toml").read_text())
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert alone["project"]["version"] == PROJECT["version"]
    assert alone["project"]["dependencies"] == PROJECT["optional-dependencies"]["exporter"]
    flask = {"slobook[exporter]", *alone["project"]["optional-dependencies"]["flask"]}
    assert flask == set(PROJECT["optional-dependencies"]["flask"])
    held = alone["tool"]["setuptools"]["package-data"]["exporter"]
    assert held == whole["tool"]["setuptools"]["package-data"]["exporter"]


@pytest.mark.integration
def test_the_wheel_holds_the_notebooks_and_what_jupyterlab_loads(tmp_path):
    checkout = tmp_path / "checkout"
    for name in ("slo", "exporter", "notebooks"):
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(ROOT / name, checkout / name, symlinks=True, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE", "metrics_exporter.py"):
        shutil.copy(ROOT / name, checkout)
    code = f"from setuptools.build_meta import build_wheel; build_wheel({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=checkout, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    ours = {f"slo/notebooks/{path.name}" for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert len(ours) > 5
    assert ours <= held
    extension = "slo/lab/labextensions/slobook-work"
    assert {f"{extension}/package.json", f"{extension}/static/remoteEntry.js"} <= held
