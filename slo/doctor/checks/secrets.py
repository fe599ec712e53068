"""``secrets``: is every environment variable set that slobook.toml names?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.counting import every, out_of
from slo.doctor.finding import Finding, attention, fine, not_checked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAME = "secrets"


def secrets(named: Sequence[tuple[str, str]], environment: Mapping[str, str]) -> Finding:
    """Variables that hold something; what they hold is not looked at.

    Args:
        named: Fields of slobook.toml, each with the variable that it names.
        environment: Variables and their values.

    """
    if not named:
        return not_checked(
            NAME, "slobook.toml names no variable, as no server is asked with credentials"
        )
    missing = [
        f"{variable} ({field})"
        for field, variable in named
        if not environment.get(variable, "").strip()
    ]
    if missing:
        return attention(
            NAME,
            f"{out_of(len(missing), len(named), 'variable', 'variables')} not set here",
            "set them where slo runs: a CronJob's Secret, a pipeline's variables, your shell",
            "secrets",
            missing,
        )
    are = "variable that slobook.toml names is", "variables that slobook.toml names are"
    return fine(NAME, f"{every(len(named), *are)} set")
