"""What a scrape is answered with: the metrics of this moment, as text.

Prometheus takes an old answer for a new one: counters that stand still read as an agent without
traffic, and hide the outage that they should show. So nothing is ever answered from memory. If
another's collector fails, or writes what cannot be encoded, what can be told now is told, and
``support_agent_metrics_scrape_incomplete`` is 1; if ours cannot be collected the scrape fails, and
Prometheus' own ``up`` is 0. Either way ``support_agent_metrics_internal_errors_total`` counts it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client import Metric, values
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder

from exporter.definitions import DEFINITIONS, NAMESPACE
from exporter.derived import INCOMPLETE, derived

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from prometheus_client.registry import Collector

    from exporter.agent_metrics import Metrics

    Encoder = Callable[[Collector], bytes]

_HELP = {one.name: one.help for one in DEFINITIONS}


@dataclass(frozen=True)
class Exposition:
    """Metrics as text.

    Attributes:
        content_type: The format, as HTTP names it.
        text: In UTF-8.

    """

    content_type: str
    text: bytes


class Scrapes:
    """Answers scrapes of one registry, or of all worker processes where there are several.

    Args:
        metrics: Whose registry it is.

    """

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def exposition(self, accept: str = "", names: Collection[str] = ()) -> Exposition:
        """The metrics of this moment.

        Args:
            accept: The header ``Accept``: OpenMetrics, with exemplars, is given where it is asked
                for, and else Prometheus' own text.
            names: Of metrics or of samples, where not all are wanted.

        Raises:
            OSError: The folder of the worker processes cannot be read.
            RuntimeError: A file in it is corrupt.

        """
        recorder = self._metrics.recorder
        recorder.settle()
        with recorder.instruments.collecting():
            encode, content_type = _format(accept)
            families, complete = self._families()
            chosen = [_without_created(family) for family in families]
            if names:
                chosen = list(_restricted(chosen, frozenset(names)))
            written, writable = self._written(encode, chosen)
            if not names or INCOMPLETE in names:
                left_out = GaugeMetricFamily(INCOMPLETE, _HELP[INCOMPLETE])
                left_out.add_metric([], float(not (complete and writable)))
                written = written.removesuffix(_END) + encode(_Collected([left_out]))
            return Exposition(content_type, written)

    def _families(self) -> tuple[list[Metric], bool]:
        """All metrics, and whether nobody's collector failed."""
        if several_processes():
            from exporter.endpoint.worker_files import merged  # noqa: PLC0415  POSIX only

            families = merged()
            return [*families, *derived(families)], True
        found: list[Metric] = []
        try:
            found.extend(self._metrics.registry.collect())
        except Exception as fault:  # noqa: BLE001  another's collector may raise anything
            self._note(fault)
            have = {family.name for family in found}
            own = list(self._metrics.recorder.instruments.collect())
            found.extend(one for one in (*own, *derived(own)) if one.name not in have)
            return found, False
        return found, True

    def _written(self, encode: Encoder, families: Sequence[Metric]) -> tuple[bytes, bool]:
        """The text of all families that can be encoded, and whether those are all."""
        try:
            return encode(_Collected(families)), True
        except Exception as fault:  # noqa: BLE001  a label of another's may be anything
            self._note(fault)
        return encode(_Collected([one for one in families if _writable(encode, one)])), False

    def _note(self, fault: Exception) -> None:
        self._metrics.recorder.faults.note("scrape", fault)


_END = b"# EOF\n"
"""With which OpenMetrics ends."""


@dataclass(frozen=True)
class _Collected:
    families: Sequence[Metric]

    def collect(self) -> Iterable[Metric]:
        return self.families


def several_processes() -> bool:
    """Whether values are in files that several worker processes share.

    prometheus_client decides by ``PROMETHEUS_MULTIPROC_DIR`` when it is imported; set later, the
    variable means nothing, and the folder stays empty.
    """
    return bool(getattr(values.ValueClass, "_multiprocess", False))


def _format(accept: str) -> tuple[Encoder, str]:
    try:
        return choose_encoder(accept)
    except (TypeError, ValueError):
        # A version that is none.
        return choose_encoder("")


def _without_created(family: Metric) -> Metric:
    """Ours without ``_created``: in Prometheus each is one more series for each counter."""
    if family.name.startswith(NAMESPACE) and family.type in {"counter", "histogram"}:
        family.samples = [one for one in family.samples if not one.name.endswith("_created")]
    return family


def _restricted(families: Iterable[Metric], names: frozenset[str]) -> Iterable[Metric]:
    for family in families:
        if family.name not in names:
            family.samples = [sample for sample in family.samples if sample.name in names]
        if family.samples:
            yield family


def _writable(encode: Encoder, family: Metric) -> bool:
    try:
        encode(_Collected([family]))
    except Exception:  # noqa: BLE001  that is the question
        return False
    return True
