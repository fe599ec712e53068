"""What a page of the documentation tells its readers to write and to run.

A command is a line of a ``console`` block that begins with ``$``; lines below it that do not are
what it prints, where ``...`` stands for anything. ``# exits with 1`` behind a command says so.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE = re.compile(r"^(?P<indent> *)(?P<marks>`{3,})(?P<language>[\w-]*)\s*$")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_NESTED = re.compile(r"\$\(([^()]*)\)")
_EXIT = re.compile(r"#\s*exits with (\d+)")
_BETWEEN = {"|", "||", "&&", ";", "&"}
_OPENING = {"(", "<(", ">("}
_REDIRECTIONS = {">", ">>", "<", "2>", "&>"}


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        language: As its fence says.
        text: What it holds, without the indentation of its fence.
        line: Of its fence, counted from 1.

    """

    language: str
    text: str
    line: int


@dataclass(frozen=True)
class Command:
    """What is written behind a ``$``.

    Attributes:
        text: The command, its continued lines included.
        line: Where it stands on the page.
        shown: What the page says that it prints.
        exit_code: With what it ends.

    """

    text: str
    line: int
    shown: tuple[str, ...] = ()
    exit_code: int = 0


def blocks(page: str) -> Iterator[Block]:
    """Every fenced block of a page, in order.

    Raises:
        ValueError: A block has no end.

    """
    lines = iter(enumerate(page.splitlines(), 1))
    for number, line in lines:
        if not (fence := _FENCE.match(line)):
            continue
        indent, end = len(fence["indent"]), fence["marks"]
        held = []
        for _, inner in lines:
            if inner.strip() == end:
                break
            held.append(inner[indent:] if not inner[:indent].strip() else inner)
        else:
            raise ValueError(f"line {number}: a block has no end")
        yield Block(fence["language"], "".join(f"{one}\n" for one in held), number)


def commands(block: Block) -> list[Command]:
    """The commands of a ``console`` block.

    Raises:
        ValueError: The block does not begin with a command.

    """
    found: list[Command] = []
    continued = False
    for number, line in enumerate(block.text.splitlines(), block.line + 1):
        if continued:
            last = found.pop()
            found.append(Command(f"{last.text}\n{line}", last.line))
        elif line.startswith("$ "):
            found.append(Command(line.removeprefix("$ "), number))
        elif found:
            last = found.pop()
            found.append(Command(last.text, last.line, (*last.shown, line)))
        else:
            raise ValueError(f"line {number}: found {line!r}, expected a command after '$ '")
        continued = found[-1].text.endswith("\\") and not found[-1].shown
    return [
        Command(one.text, one.line, one.shown, int(said[1]))
        if (said := _EXIT.search(one.text))
        else one
        for one in found
    ]


def calls(command: str) -> list[list[str]]:
    """The programs that a command calls, each with its arguments; redirections are left out."""
    lexer = shlex.shlex(command.replace("\\\n", " "), posix=True, punctuation_chars="|&;<>()")
    lexer.commenters = "#"
    lexer.whitespace_split = True
    found: list[list[str]] = [[]]
    outside: list[list[str]] = []
    here, redirected = found[0], False
    for word in lexer:
        if word in _OPENING:
            outside.append(here)
            found.append(here := [])
        elif word == ")":
            here = outside.pop()
        elif word in _BETWEEN:
            found.append(here := [])
        elif word in _REDIRECTIONS:
            redirected = True
        elif redirected:
            redirected = False
        elif here or not _ASSIGNMENT.match(word):
            here.append(word)
    for inner in _NESTED.findall(command):
        found += calls(inner)
    return [one for one in found if one]


def prints(shown: tuple[str, ...], printed: str) -> bool:
    """Whether the lines that a page shows are among those printed, in this order."""
    rest = iter(printed.splitlines())
    return all(any(_alike(line, one) for one in rest) for line in shown if line != "...")


def _alike(shown: str, printed: str) -> bool:
    pattern = ".*".join(map(re.escape, shown.rstrip().split("...")))
    return re.fullmatch(pattern, printed.rstrip()) is not None


def headings(page: str) -> list[tuple[int, str]]:
    """Level and anchor of every heading, as GitHub makes anchors; code is no heading."""
    inside, found, seen = False, [], {}
    for line in page.splitlines():
        if line.lstrip().startswith("```"):
            inside = not inside
        elif not inside and (match := re.match(r"(#+) (.+)", line)):
            plain = re.sub(r"[^\w\- ]", "", match[2].lower()).replace(" ", "-")
            times = seen[plain] = seen.get(plain, -1) + 1
            found.append((len(match[1]), f"{plain}-{times}" if times else plain))
    return found
