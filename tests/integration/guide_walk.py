"""Somebody who follows a page from its first line to its last, in a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from slo.configuration import read_configuration
from tests.cluster.programs import PROGRAMS
from tests.documented_commands import Block, Command, calls, commands, prints
from tests.kubernetes_schemas import faults_of_object, faults_of_values

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
BUILT_IN = {"read", "export", "printf"}
REAL = ("amtool", "cat", "curl", "install", "openssl", "promtool", "tr")
COPIED = (
    "Dockerfile",
    "compose",
    "generated",
    "notebooks",
    "slo",
    "slobook.toml",
)


@dataclass(frozen=True)
class Walk:
    """Where the reader is.

    Attributes:
        folder: The copy of the project.
        bin: The only folder on the PATH.
        here: The page's addresses, each with what stands for it.
        answers: What is typed where the page reads a secret.
        done: Lines of the blocks that were gone through.

    """

    folder: Path
    bin: Path
    here: Mapping[str, str]
    answers: Mapping[str, str]
    done: list[int] = field(default_factory=list)

    @classmethod
    def begun(cls, folder: Path, here: Mapping[str, str], answers: Mapping[str, str]) -> Walk:
        """A copy of the project, and a PATH with nothing but what pages may call."""
        walk = cls(folder / "project", folder / "bin", here, answers)
        walk.folder.mkdir()
        walk.bin.mkdir()
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            ignored = {"ignore": shutil.ignore_patterns("__pycache__", "secrets")}
            copy(ROOT / name, walk.folder / name, **ignored if (ROOT / name).is_dir() else {})
        for name in REAL:
            found = shutil.which(name)
            assert found, f"{name} is not installed"
            (walk.bin / name).symlink_to(found)
        python = sys.executable
        walk._program("slo", f'exec {python} -m slo_command "$@"')
        (folder / "slo_command.py").write_text("from slo.cli import main\nmain()\n")
        memory = folder / "cluster.json"
        for name in PROGRAMS:
            walk._program(name, f'exec {python} -m tests.cluster.stand_in {memory} {name} "$@"')
        return walk

    def _program(self, name: str, line: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/bash\n{line}\n")
        path.chmod(0o755)

    def through(self, block: Block) -> None:
        """Do what a block says; a block in a language that nobody checks is a fault."""
        steps = {
            "console": self._console,
            "yaml": self._yaml,
            "toml": self._toml,
            "python": self._python,
        }
        assert block.language in steps, f"line {block.line}: nobody checks {block.language!r}"
        steps[block.language](block)
        self.done.append(block.line)

    def _console(self, block: Block) -> None:
        for command in commands(block):
            self._run(command)

    def _run(self, command: Command) -> None:
        text = self._placed(command.text)
        for name, *_ in calls(command.text):
            known = name in BUILT_IN or (self.bin / name).exists()
            assert known, f"line {command.line}: nobody checks the program {name!r}"
        typed = "".join(
            f"{self.answers[words[-1]]}\n" for words in calls(command.text) if words[0] == "read"
        )
        kept = self.folder.parent / "environment"
        kept.touch()
        script = f". {kept}\n{text}\nended=$?\nwait\nexport -p > {kept}\nexit $ended\n"
        ran = subprocess.run(
            [shutil.which("bash"), "-o", "pipefail", "-c", script],
            cwd=self.folder,
            env=self._environment(),
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        told = f"line {command.line}: $ {command.text}\n{ran.stdout}{ran.stderr}"
        assert ran.returncode == command.exit_code, told
        shown = tuple(self._placed(line) for line in command.shown)
        assert prints(shown, ran.stdout), told

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
        path = f"{self.folder.parent}:{ROOT}"
        # `python -m` finds the copy's own packages first otherwise, with nothing compiled yet.
        return kept | {"PATH": str(self.bin), "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}

    def _yaml(self, block: Block) -> None:
        """A file, called as its first line says."""
        name = block.text.splitlines()[0].removeprefix("# ")
        assert name.endswith(".yaml"), f"line {block.line}: expected a file's name"
        trees = list(YAML(typ="safe", pure=True).load_all(block.text))
        check = faults_of_values if name.endswith("values.yaml") else faults_of_object
        faults = [fault for tree in trees for fault in check(tree)]
        assert not faults, f"line {block.line}: {faults}"
        (self.folder / name).write_text(block.text)

    def _toml(self, block: Block) -> None:
        """What is to be added to slobook.toml: to a table that is there, or as a new one."""
        path = self.folder / "slobook.toml"
        text = path.read_text()
        for table in re.split(r"^(?=\[)", self._placed(block.text), flags=re.MULTILINE)[1:]:
            header = table.splitlines(keepends=True)[0]
            if f"\n{header}" in text:
                text = text.replace(f"\n{header}", f"\n{table.rstrip()}\n", 1)
            else:
                text += f"\n{table}"
        path.write_text(text)
        read_configuration(path)

    def _python(self, block: Block) -> None:
        subprocess.run(
            [sys.executable, "-W", "error", "-c", block.text],
            cwd=self.folder,
            check=True,
            timeout=120,
        )

    def _placed(self, text: str) -> str:
        for known, here in self.here.items():
            text = text.replace(known, here)
        return text
