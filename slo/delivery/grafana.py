"""A mark over a report's week on Grafana's dashboards."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from time import time
from typing import TYPE_CHECKING

from slo.errors import DeliveryError, GrafanaError, Unfinished
from slo.targets.grafana.annotations import REPORT, Annotation, scope
from slo.targets.grafana.refusal import is_worth_another_try

if TYPE_CHECKING:
    from collections.abc import Callable

    from slo.delivery.delivery import Sending
    from slo.delivery.parcel import Parcel
    from slo.targets.grafana.server import GrafanaServer

_TEST = "report-test"


@dataclass(frozen=True)
class GrafanaMark:
    """Marks in a Grafana."""

    server: GrafanaServer

    def send(self, sending: Sending) -> str:
        """Mark the week, once however often it is sent: the mark is found by its tags."""
        mark = mark_of(sending.parcel, scope(self.server.folder_uid))
        _told(lambda: _put(mark, self.server))
        return f"marked as {mark.key}"

    def test(self, words: str) -> str:
        """Put a mark at this instant, and take it away again."""
        at = int(time() * 1000)
        mark = Annotation(_TEST, str(at), escape(words), at, more=(scope(self.server.folder_uid),))
        _told(lambda: _put(mark, self.server))
        _told(lambda: _take_away(self.server))
        return "marked, and taken away again"


def mark_of(parcel: Parcel, ours: str) -> Annotation:
    """What is marked: the week with the verdict and a link; ``ours`` is the project's ``scope``."""
    said = escape(f"{parcel.service}, {parcel.kind.title}: {parcel.published.verdict}")
    link = f' <a href="{escape(parcel.link)}">Report</a>' if parcel.link else ""
    judged = "falls-short" if parcel.published.falls_short else "kept"
    return Annotation(
        REPORT,
        f"{parcel.service}/{parcel.kind.name}/{parcel.week}",
        f"{said}{link}",
        parcel.week.span.start,
        parcel.week.span.end,
        (ours, f"service:{parcel.service}", f"report-kind:{parcel.kind.name}", judged),
    )


def _put(mark: Annotation, server: GrafanaServer) -> None:
    from slo.targets.grafana.annotating import annotate  # noqa: PLC0415  an optional extra

    annotate([mark], server)


def _take_away(server: GrafanaServer) -> None:
    from slo.targets.grafana.annotating import remove  # noqa: PLC0415  an optional extra

    remove(_TEST, server)


def _told(done: Callable[[], None]) -> None:
    """Do it, its failures told as a delivery's."""
    try:
        done()
    except ModuleNotFoundError as error:
        raise DeliveryError(
            f"this needs {error.name}, which is not installed; it comes with the extra 'grafana': "
            "pip install 'slobook[grafana]'"
        ) from None
    except (GrafanaError, Unfinished) as error:
        cause = error.cause if isinstance(error, Unfinished) else error
        again = isinstance(cause, GrafanaError) and is_worth_another_try(cause)
        raise DeliveryError(str(cause), again=again) from None
