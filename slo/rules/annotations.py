"""What people read of an alert: texts and links, as templates of Prometheus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Links:
    """Where names in specifications lead.

    Attributes:
        runbooks: Put before a runbook that is no address itself; none if empty.
        dashboards: The same for dashboards.

    """

    runbooks: str = ""
    dashboards: str = ""

    def runbook(self, name: str) -> str:
        """A runbook's address, or its name where no base is known."""
        return _address(self.runbooks, name)

    def dashboard(self, name: str) -> str:
        """A dashboard's address; nothing where no base is known, for a uid is no link."""
        return _address(self.dashboards, name) if self.dashboards or "://" in name else ""

    def objective(self, name: str, whose: Mapping[str, str]) -> str:
        """The address of an objective's dashboard, which is told whose it should show.

        Args:
            name: A dashboard's uid; a link is left as it is.
            whose: The labels of the objective, ``service`` and ``slo``.

        """
        address = self.dashboard(name)
        if not address or "://" in name or "?" in name:
            return address
        chosen = urlencode({f"var-{label}": value for label, value in whose.items()})
        return f"{address}?{chosen}"


def _address(base: str, name: str) -> str:
    if not name or not base or "://" in name:
        return name
    return f"{base.rstrip('/')}/{name.lstrip('/')}"


def literal(text: str) -> str:
    """People's text where Prometheus expands templates."""
    return text.replace("{{", '{{ "{{" }}')


def filled(annotations: dict[str, str]) -> dict[str, str]:
    """Those that say something."""
    return {name: text for name, text in annotations.items() if text}
