"""A published report as deliveries take it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from slo.errors import DeliveryError
from slo.report.forms.names import page_address

if TYPE_CHECKING:
    from pathlib import Path

    from slo.model.span import Week
    from slo.report.kinds import ReportKind
    from slo.report.published import Published


@dataclass(frozen=True)
class Parcel:
    """A published report with where it lies and where readers find it.

    Attributes:
        reports: The folder of reports.
        kind: Which report.
        service: Of which service.
        week: Of which week.
        published: What it says.
        address: Under which readers find the folder of reports; empty if they do not.

    """

    reports: Path
    kind: ReportKind
    service: str
    week: Week
    published: Published
    address: str = ""

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.kind.folder(self.reports, self.service, self.week)

    @property
    def place(self) -> PurePosixPath:
        """Where it lies, from the folder of reports."""
        return PurePosixPath(self.folder.relative_to(self.reports).as_posix())

    @property
    def link(self) -> str:
        """Where readers find its page; empty if they do not."""
        return page_address(self.address, self.kind, self.service, self.week)

    def form(self, name: str) -> bytes:
        """One of the forms that it was given beside its page.

        Raises:
            DeliveryError: It has none of that name.

        """
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise DeliveryError(
                f"{self.folder / name} cannot be read: {error.strerror}; 'slo report --week "
                f"{self.week} --service {self.service} --kind {self.kind.name}' makes it anew"
            ) from None

    def __str__(self) -> str:
        return f"{self.service} {self.week} ({self.kind.name})"
