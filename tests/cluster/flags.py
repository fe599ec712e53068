"""Command lines of programs that are not here, read by tables of what they take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Refusal(Exception):  # noqa: N818  what the program would say
    """The program would end with this message."""


@dataclass(frozen=True)
class Verb:
    """What a program does, and what it takes for it.

    Attributes:
        words: Such as ``create namespace``.
        flags: Flags that take a value, by their long names without dashes.
        switches: Flags that take none, or one behind ``=``.
        least: Fewest other arguments.
        most: Most other arguments.

    """

    words: str
    flags: tuple[str, ...] = ()
    switches: tuple[str, ...] = ()
    least: int = 0
    most: int = 99


@dataclass(frozen=True)
class Program:
    """A program's verbs.

    Attributes:
        name: Of the program.
        verbs: What it does.
        flags: Flags of every verb that take a value.
        short: Long names by their short ones.

    """

    name: str
    verbs: tuple[Verb, ...]
    flags: tuple[str, ...] = ()
    short: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A command line that was understood.

    Attributes:
        verb: What is done.
        arguments: What is no flag.
        flags: Values by flags' long names; of a switch without one, the empty text.

    """

    verb: str
    arguments: tuple[str, ...]
    flags: Mapping[str, tuple[str, ...]]

    def one(self, flag: str, default: str = "") -> str:
        """The last value of a flag."""
        return self.flags.get(flag, (default,))[-1]


def understood(program: Program, words: Sequence[str]) -> Call:
    """A command line without the program's name.

    Raises:
        Refusal: A verb or flag is unknown, lacks its value, or there are too few or many arguments.

    """
    every = {one for verb in program.verbs for one in verb.flags} | {*program.flags}
    given, plain, position = [], [], 0
    words = list(words)
    while position < len(words):
        word = words[position]
        position += 1
        if not word.startswith("-") or word == "-":
            plain.append(word)
            continue
        name, equals, value = word.partition("=")
        long = name.removeprefix("--") if name.startswith("--") else program.short.get(name[1:], "")
        if not long:
            raise Refusal(f"{program.name}: unknown flag {name}")
        if not equals and long in every:
            if position == len(words):
                raise Refusal(f"{program.name}: flag {name} needs a value")
            value = words[position]
            position += 1
        given.append((name, long, value))
    verb = _verb(program, plain)
    allowed = {*verb.flags, *verb.switches, *program.flags}
    flags: dict[str, tuple[str, ...]] = {}
    for name, long, value in given:
        if long not in allowed:
            raise Refusal(f"{program.name} {verb.words}: unknown flag {name}")
        flags[long] = (*flags.get(long, ()), value)
    arguments = tuple(plain[len(verb.words.split()) :])
    if not verb.least <= len(arguments) <= verb.most:
        raise Refusal(f"{program.name} {verb.words}: found {len(arguments)} arguments")
    return Call(verb.words, arguments, flags)


def _verb(program: Program, plain: Sequence[str]) -> Verb:
    fitting = [
        verb for verb in program.verbs if plain[: len(verb.words.split())] == verb.words.split()
    ]
    if not fitting:
        raise Refusal(f"{program.name}: unknown command {' '.join(plain[:3])!r}")
    return max(fitting, key=lambda verb: len(verb.words.split()))
