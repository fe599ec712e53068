import pytest

from slo.errors import SpecError
from slo.model.duration import MINUTE
from slo.model.indicator import EventRatio, LatencyBuckets, RawRatio, TimeSlices
from slo.spec import read_specs

SLO = """\
apiVersion: openslo/v1
kind: SLO
metadata: {{name: one}}
spec:
  service: shop
  timeWindow: [{{duration: 30d}}]
  budgetingMethod: {method}
  objectives: [{{target: 0.9, {objective}}}]
  indicator:
    spec:
"""


def metric(query: str) -> str:
    return "{metricSource: {type: Prometheus, spec: {query: '" + query + "'}}}"


def ratio(**fields: str) -> str:
    return "      ratioMetric: {" + ", ".join(f"{k}: {v}" for k, v in fields.items()) + "}"


def events(**queries: str) -> str:
    return ratio(counter="true", **{name: metric(query) for name, query in queries.items()})


def indicator(folder, sli: str, method: str = "Occurrences", objective: str = ""):
    path = folder / "slo.yaml"
    path.write_text(SLO.format(method=method, objective=objective) + sli)
    return read_specs([path]).slos[0].indicator


def complaint(folder, sli: str, method: str = "Occurrences", objective: str = "") -> str:
    with pytest.raises(SpecError) as caught:
        indicator(folder, sli, method, objective)
    return str(caught.value)


def test_good_and_bad_events(tmp_path):
    bad = indicator(tmp_path, events(bad='x{a="b"}', total="sum(rate(x[5m]))"))
    assert isinstance(bad, EventRatio)
    assert (bad.counted, str(bad.numerator), str(bad.total)) == ("bad", 'x{a="b"}', "x")
    good = indicator(tmp_path, events(good='sum(x{a="b"})', total="x"))
    assert isinstance(good, EventRatio)
    assert good.counted == "good"


@pytest.mark.parametrize(
    ("bound", "printed", "matches"),
    [
        ('le="5"', "5", ["5", "5.0"]),
        ('le="5.0"', "5", ["5", "5.0"]),
        (r'le=~"5(\\.0)?"', "5", ["5", "5.0"]),
        ('le="0.25"', "0.25", ["0.25"]),
    ],
)
def test_a_bucket_over_the_count_is_a_latency(tmp_path, bound, printed, matches):
    sli = events(good='d_bucket{job="a",' + bound + "}", total='d_count{job="a"}')
    latency = indicator(tmp_path, sli)
    assert isinstance(latency, LatencyBuckets)
    assert (str(latency.bucket), latency.bound) == ('d_bucket{job="a"}', printed)
    (matcher,) = [m for m in latency.numerator.matchers if m.name == "le"]
    assert [le for le in ("5", "5.0", "50", "0.25") if matcher.matches(le)] == matches


def test_the_infinite_bucket_is_a_total_too(tmp_path):
    sli = events(good='d_bucket{le="1"}', total='d_bucket{le="+Inf"}')
    assert isinstance(indicator(tmp_path, sli), LatencyBuckets)


def test_bad_events_in_a_bucket_are_plain_events(tmp_path):
    sli = events(bad='d_bucket{le="1"}', total="d_count")
    assert isinstance(indicator(tmp_path, sli), EventRatio)


@pytest.mark.parametrize(("kind", "counted"), [("success", "good"), ("failure", "bad")])
def test_a_ratio_that_is_one_already(tmp_path, kind, counted):
    raw = indicator(tmp_path, ratio(counter="false", rawType=kind, raw=metric("r")))
    assert isinstance(raw, RawRatio)
    assert (raw.counted, str(raw.ratio)) == (counted, "r")


@pytest.mark.parametrize(
    ("op", "comparison"), [("lt", "<"), ("lte", "<="), ("gt", ">"), ("gte", ">=")]
)
def test_a_gauge_in_time_slices(tmp_path, op, comparison):
    slices = indicator(
        tmp_path,
        "      thresholdMetric: " + metric("max(depth)"),
        "Timeslices",
        f"op: {op}, value: -1.5, timeSliceWindow: 2m",
    )
    assert isinstance(slices, TimeSlices)
    assert (str(slices.gauge), slices.aggregation) == ("depth", "max")
    assert (slices.comparison, slices.bound, slices.slice_length) == (comparison, -1.5, 2 * MINUTE)


def test_a_slice_without_a_unit_is_in_minutes(tmp_path):
    sli, objective = "      thresholdMetric: " + metric("d"), "op: lt, value: 1, timeSliceWindow: 5"
    assert indicator(tmp_path, sli, "Timeslices", objective).slice_length == 5 * MINUTE


@pytest.mark.parametrize(
    ("sli", "expected"),
    [
        (events(good="d_bucket", total="d_count"), 'expected one bucket, such as le="5"'),
        (events(good='d_bucket{le="+Inf"}', total="d_count"), "expected a finite bound"),
        (events(good="x", total="x"), "good: found the same series as total (x), expected a part"),
        (events(good="x", bad="y", total="z"), "found good and bad and total, expected total and"),
        (events(good="x"), "found good, expected total and one of good and bad"),
        (events(total="x"), "found total, expected total and one of good and bad"),
        (events(good="x{", total="x"), "found 'x{', expected PromQL: "),
        (events(good="(" * 50_000, total="x"), "found 50000 characters, expected a query of"),
        (events(good="x / y", total="x"), "expected the counter"),
        (events(good='{a="b"}', total="x"), "expected a selector that names its metric"),
        (events(good="x offset 5m", total="x"), "offset and @ cannot be replayed"),
        (events(good='x{a=~"\\\\pL"}', total="x"), "a regular expression that can be replayed"),
        (ratio(good=metric("x"), total=metric("y")), "counter: found nothing, expected true: good"),
        (ratio(counter="false", good=metric("x"), total=metric("y")), "counter: found false"),
        (ratio(counter="true", rawType="success", raw=metric("x")), "found true beside raw"),
        (ratio(raw=metric("x")), "rawType: found nothing, expected 'success' or 'failure'"),
        (ratio(rawType="success", raw=metric("x"), total=metric("x")), "found total beside raw"),
        (ratio(rawType="success", raw=metric("avg(x)")), "expected the plain selector 'x'"),
        ("      thresholdMetric: " + metric("x"), "found Occurrences with a thresholdMetric"),
        ("      description: nothing", "found neither, expected one of ratioMetric and"),
    ],
)
def test_what_cannot_be_an_indicator_is_refused(tmp_path, sli, expected):
    assert expected in complaint(tmp_path, sli)


def test_events_are_compared_with_nothing(tmp_path):
    sli = events(good="x", total="y")
    assert "op: found op beside a ratioMetric" in complaint(tmp_path, sli, objective="op: gt")
    assert "Timeslices with a ratioMetric" in complaint(tmp_path, sli, "Timeslices")


def test_a_threshold_needs_everything_it_is_compared_by(tmp_path):
    text = complaint(tmp_path, "      thresholdMetric: " + metric("x"), "Timeslices")
    fields = [line.split(" ")[1] for line in text.splitlines()]
    here = "spec.objectives[0]"
    assert fields == [f"{here}.op:", f"{here}.timeSliceWindow:", f"{here}.value:"]
