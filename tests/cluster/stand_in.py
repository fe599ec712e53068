"""Stand-ins for ``kubectl``, ``helm`` and ``docker``: they refuse what these would refuse.

``python -m tests.cluster.stand_in MEMORY PROGRAM ARGUMENTS...``
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.cluster.docker import docker
from tests.cluster.flags import Refusal, understood
from tests.cluster.helm import helm
from tests.cluster.kubectl import kubectl
from tests.cluster.memory import Memory
from tests.cluster.programs import PROGRAMS

if TYPE_CHECKING:
    from collections.abc import Sequence

_CARRIED_OUT = {"kubectl": kubectl, "helm": helm, "docker": docker}


def carried_out(path: Path, name: str, words: Sequence[str]) -> str:
    """Carry a command out on what a file remembers; returns what it prints.

    Raises:
        Refusal: The program would not take it.

    """
    memory = Memory.read(path)
    printed = _CARRIED_OUT[name](understood(PROGRAMS[name], words), memory)
    memory.keep(path)
    return printed


def main() -> int:
    """Be the program that is called."""
    remembered, name, *words = sys.argv[1:]
    try:
        printed = carried_out(Path(remembered), name, words)
    except Refusal as refusal:
        sys.stderr.write(f"Error: {refusal}\n")
        return 1
    if printed:
        sys.stdout.write(f"{printed}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
