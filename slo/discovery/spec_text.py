"""What was found, as a specification in OpenSLO v1, with comments that say why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.discovery.candidate import shown_count, unit_of
from slo.discovery.scalars import comment, yaml_scalar
from slo.errors import SloError
from slo.model.duration import format_duration
from slo.model.indicator import EventRatio, LatencyBuckets, RawRatio, TimeSlices
from slo.model.selector import Matcher
from slo.promql import counter_selector, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.discovery.candidate import Candidate, Discovery
    from slo.discovery.promise import Promise
    from slo.discovery.services import Owner
    from slo.model.selector import Selector

_LONGEST_TITLE = 100
_HEAD = """\
apiVersion: openslo/v1
kind: Service
metadata:
  name: {service}
"""
_OBJECTIVE = """\
apiVersion: openslo/v1
kind: SLO
metadata:
  name: {name}
  displayName: {title}
spec:
  description: {description}
  service: {service}
  indicator:
    metadata:
      name: {name}
    spec:
{metric}
  timeWindow:
    - duration: {period}
      isRolling: true
  budgetingMethod: {method}
  objectives:
    - target: {target}
"""
_SLICES = """\
      op: {op}
      value: {bound}
      timeSliceTarget: 1
      timeSliceWindow: {slice}
"""
_OPS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
_WITHOUT_POLICIES = (
    "Without alertPolicies an objective has the SRE workbook's burn-rate alerts; 'slo backtest' "
    "says what they would have done, and 'slo tune' looks for better ones."
)


def specification(found: Discovery, promises: Sequence[Promise]) -> str:
    """The specification of one service.

    Args:
        found: Where the promises come from.
        promises: All of one service.

    """
    owner = promises[0].candidate.owner
    head = _about(found, owner) + _service(owner)
    return "---\n".join([head, *map(_promised, promises)])


def specification_of_undeclared(found: Discovery, promises: Sequence[Promise]) -> str:
    """The same beside specifications that declare no service; arguments as above."""
    return _about(found, promises[0].candidate.owner) + "---\n".join(map(_promised, promises))


def _service(owner: Owner) -> str:
    title = owner.title
    shown = title.isprintable() and title == title.strip() and 0 < len(title) <= _LONGEST_TITLE
    head = _HEAD.format(service=yaml_scalar(owner.name))
    if shown and title != owner.name:
        head += f"  displayName: {yaml_scalar(title)}\n"
    return head


def _about(found: Discovery, owner: Owner) -> str:
    about = (
        f"What {owner.name} promises, as 'slo init' found it in {found.url}. A first draft: "
        "targets are what history supports; what your users need, only people know."
    )
    return comment(about) + comment(_WITHOUT_POLICIES)


def _promised(one: Promise) -> str:
    return _evidence(one) + _objective(one)


def can_be_written(candidate: Candidate) -> bool:
    """Whether a candidate's selectors can be written and read back as they are."""
    for selector in candidate.indicator.selectors:
        try:
            if counter_selector(str(selector)) != selector:
                return False
        except SloError:
            return False
    return True


def summary(candidate: Candidate) -> str:
    """What the server says of a candidate, in a sentence."""
    seen = candidate.evidence
    if isinstance(candidate.indicator, TimeSlices):
        return f"{seen.series} series; over the last 7 days {seen.remark}."
    events = "probes" if isinstance(candidate.indicator, RawRatio) else "events"
    share = seen.error_share
    bad = f"{100 * share:.3g} % bad" if share == share else "none known to be bad"  # noqa: PLR0124  NaN
    return (
        f"{shown_count(seen.events_a_day)} {events} a day over {seen.looked_at}, {bad}; "
        f"{seen.series:,} series, by the labels {', '.join(seen.labels) or '(none)'}."
    )


def _evidence(one: Promise) -> str:
    candidate = one.candidate
    sure = f"{candidate.certainty.word} ({candidate.by})"
    told = comment(f"Evidence: {summary(candidate)} How sure: {sure}.")
    told += comment(f"Target: {one.reason}.")
    told += comment(f"Period: {one.period_reason}.") if one.period_reason else ""
    return told + "".join(comment(f"Mind: {warning}.") for warning in one.warnings)


def _objective(one: Promise) -> str:
    slo, slices = one.slo, ""
    indicator = slo.indicator
    if isinstance(indicator, TimeSlices):
        slices = _SLICES.format(
            op=_OPS[indicator.comparison],
            bound=number(indicator.bound),
            slice=format_duration(indicator.slice_length),
        )
    body = _OBJECTIVE.format(
        name=yaml_scalar(slo.name),
        title=yaml_scalar(title_of(one.candidate)),
        description=yaml_scalar(_description(one)),
        service=yaml_scalar(slo.service),
        metric=_metric(one.candidate),
        period=format_duration(slo.period.length),
        method="Timeslices" if slices else "Occurrences",
        target=number(slo.objective.ratio),
    )
    return body + slices


def title_of(candidate: Candidate) -> str:
    """An objective's name for people."""
    words = candidate.name.replace("--", " by ").replace("-", " ")
    return (words[:1].upper() + words[1:]).replace("Grpc", "gRPC")


def _description(one: Promise) -> str:
    target = one.slo.objective
    match one.slo.indicator:
        case LatencyBuckets(bound=bound):
            unit = unit_of(one.candidate.metric)
            return f"{target} of requests are answered within {bound} {unit}."
        case RawRatio():
            return f"{target} of probes succeed."
        case TimeSlices(comparison=comparison, bound=bound):
            return f"In {target} of minutes {one.candidate.metric} is {comparison} {number(bound)}."
        case EventRatio():
            if one.candidate.name.endswith("availability"):
                return f"{target} of requests are answered without a server error."
            return f"{target} of {one.candidate.metric} do not fail."


def _metric(candidate: Candidate) -> str:
    match candidate.indicator:
        case EventRatio(counted=counted, numerator=numerator, total=total):
            return _ratio(("counter", "true"), (counted, numerator), ("total", total))
        case LatencyBuckets(bucket=bucket, bound=bound, total=total):
            within = bucket.where(Matcher("le", "=", bound))
            return _ratio(("counter", "true"), ("good", within), ("total", total))
        case RawRatio(counted=counted, ratio=ratio):
            kind = "success" if counted == "good" else "failure"
            return _ratio(("rawType", kind), ("raw", ratio))
        case TimeSlices(gauge=gauge, aggregation=aggregation):
            query = f"{aggregation}({gauge})" if aggregation else str(gauge)
            return "      thresholdMetric:\n" + _source(query, 8).rstrip("\n")


def _ratio(setting: tuple[str, str], *metrics: tuple[str, Selector]) -> str:
    lines = f"      ratioMetric:\n        {setting[0]}: {setting[1]}\n"
    for name, selector in metrics:
        lines += f"        {name}:\n{_source(str(selector), 10)}"
    return lines.rstrip("\n")


def _source(query: str, indent: int) -> str:
    edge = " " * indent
    return (
        f"{edge}metricSource:\n{edge}  type: Prometheus\n{edge}  spec:\n"
        f"{edge}    query: {yaml_scalar(query)}\n"
    )
