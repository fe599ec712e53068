"""The page of the command: every verb, argument and option, from the command itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from typer.main import get_command

from slo import cli
from slo.cli.help import GROUPS
from tools.documentation.described import Undocumented, table

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE = """\
# The command

`slo` on its own says what there is, `slo VERB --help` what is said here of a verb, `slo --version`
which version it is. `slo --install-completion` teaches the shell to complete verbs,
options, and the names of objectives, alerts and services.
`NO_COLOR` is respected; without a terminal nothing is coloured and nothing is cut off.

| exit code | meaning |
|---|---|
| 0 | fine |
| 1 | something falls short: an alert missed an incident, a budget is spent, a file is out of date |
| 2 | a mistake in the input, or something that failed; the message says what, and what to do |
| 75 | another run is at work: try later |
"""


def page() -> str:
    """The page in Markdown.

    Raises:
        Undocumented: A verb or an option is described nowhere.

    """
    whole: Any = get_command(cli.app)
    if missing := undescribed(whole, "slo"):
        raise Undocumented(missing)
    grouped = {verb for verbs in GROUPS.values() for verb in verbs}
    headings = {**GROUPS, "More": tuple(verb for verb in whole.commands if verb not in grouped)}
    text = [_PAGE]
    for heading, verbs in headings.items():
        there = [verb for verb in verbs if verb in whole.commands]
        if there:
            text.append(f"\n## {heading}\n")
            text += [_verb(whole.commands[verb], f"slo {verb}", 3) for verb in there]
    return "".join(text)


def undescribed(command: Any, name: str) -> list[str]:  # noqa: ANN401  click's, as typer has it
    """Verbs and options below a command that say nothing of themselves."""
    found = [] if command.help else [name]
    found += [f"{name} {one.opts[0]}" for one in command.params if not _meaning(one)]
    for inner, one in getattr(command, "commands", {}).items():
        found += undescribed(one, f"{name} {inner}")
    return found


def _meaning(parameter: Any) -> str:  # noqa: ANN401
    return (
        "shown"
        if parameter.name in ("install_completion", "show_completion")
        else (parameter.help or "")
    )


def _verb(command: Any, name: str, level: int) -> str:  # noqa: ANN401
    context = command.make_context(name, [], resilient_parsing=True)
    usage = " ".join(command.get_usage(context).removeprefix("Usage: ").split())
    text = f"\n{'#' * level} {name}\n\n{_said(command.help)}\n\n```text\n{usage}\n```\n\n"
    text += table(("argument or option", "meaning"), _rows(command, context))
    for inner, one in getattr(command, "commands", {}).items():
        text += _verb(one, f"{name} {inner}", level + 1)
    return text


def _rows(command: Any, context: Any) -> Iterator[list[str]]:  # noqa: ANN401
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record and "--help" not in parameter.opts:
            yield [f"`{record[0]}`", record[1].replace("[", "(").replace("]", ")")]


def _said(text: str) -> str:
    """The help's paragraphs, with the example as code."""
    paragraphs = [" ".join(one.split()) for one in text.split("\n\n")]
    return "\n\n".join(
        re.sub(r"^Example: (.*)$", r"```console\n$ \1\n```", one) for one in paragraphs if one
    )
