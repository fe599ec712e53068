"""Discovery at servers that answer otherwise than Prometheus 2.42 does, or not at all."""

import pytest

from slo.discovery import Certainty, discover
from slo.errors import ConfigError, HistoryError, NotEnoughData
from slo.history.connection import PrometheusServer
from slo.model.duration import DAY, HOUR
from tests.stand_in_prometheus import Shop, answering, as_json, refusal, vector

END = 1_790_000_000_000


@pytest.fixture
def shop():
    return Shop()


def found_at(shop: Shop, days: int = 14, **fields):
    with answering(shop) as url:
        return discover(PrometheusServer(url, retries=0, **fields), END, days)


def complaint(shop: Shop, **fields) -> str:
    with pytest.raises(HistoryError) as refused:
        found_at(shop, **fields)
    return str(refused.value)


def test_a_counter_with_a_status_is_a_candidate_with_its_evidence(shop):
    found = found_at(shop)
    (one,) = found.candidates
    assert (found.version, found.metrics, found.notes) == ("2.42.0", 2, ())
    assert (one.service, one.name, one.certainty) == ("shop", "availability", Certainty.SURE)
    assert str(one.indicator.numerator) == 'http_requests_total{job="shop",code=~"5.."}'
    seen = one.evidence
    assert seen.events_a_day == 10_000
    assert seen.error_share == pytest.approx(0.001)
    assert (seen.over, seen.series, seen.labels) == (14 * DAY, 2, ("code", "job"))


@pytest.mark.parametrize(
    "answer", [as_json({}), (404, "404 page not found"), refusal("unknown"), as_json(["x"])]
)
def test_without_types_the_names_are_enough(shop, answer):
    shop.answers["metadata"] = lambda _: answer
    found = found_at(shop)
    assert [one.metric for one in found.candidates] == ["http_requests_total"]
    assert found.notes == ("the server tells no types of metrics: they are taken from the names",)


def test_a_version_is_not_needed(shop):
    del shop.answers["status/buildinfo"]
    assert found_at(shop).version == ""


def test_every_request_has_a_limit_or_sums(shop):
    found_at(shop)
    for path, asked in shop.asked:
        if path in ("label/__name__/values", "metadata", "labels"):
            assert int(asked["limit"][0]) <= 50_000
        if path.startswith("query"):
            assert any(word in asked["query"][0] for word in ("sum by", "count by", "min by"))
    assert not [path for path, _ in shop.asked if path == "series"]


def test_a_metric_that_is_too_large_is_looked_at_for_an_hour(shop):
    shop.answers["query_range"] = lambda _: refusal("query would load too many samples")
    (one,) = found_at(shop).candidates
    assert one.evidence.over == HOUR
    assert one.evidence.events_a_day == 240_000


def test_a_minute_and_a_half_is_taken_for_no_more_than_it_is(shop):
    shop.answers["query_range"] = lambda asked: as_json(
        {
            "resultType": "matrix",
            "result": [
                {"metric": labels, "values": [[float(asked["end"][0]), str(value)]]}
                for labels, value in shop._rows()
            ],
        }
    )

    def now(asked):
        # The grid of five minutes has one point in those seconds, or none.
        points = {"[2d:5m]": 1.0, "[1h:5s]": 18.0}
        found = [points[part] for part in points if part in asked["query"][0]]
        return vector(*(({"job": "shop"}, number) for number in found))

    shop.answers["query"] = now
    (one,) = found_at(shop).candidates
    assert one.evidence.over == 90_000
    assert one.evidence.events_a_day == 10_000 * 24 * 40
    assert one.evidence.looked_at == "2m"


def test_a_metric_that_is_never_answered_hides_no_other(shop):
    shop.answers["label/__name__/values"] = lambda _: as_json(
        ["http_requests_total", "a_rpc_total"]
    )

    def answer(asked):
        if "a_rpc_total" in asked["match[]"][0]:
            return refusal("it is too much")
        return as_json(["code", "job"])

    shop.answers["labels"] = answer
    found = found_at(shop)
    assert len(found.candidates) == 1
    assert found.notes == ("a_rpc_total was left out: it is too much",)


def test_nothing_but_refusals_is_one_message(shop):
    shop.answers["labels"] = lambda _: refusal("out of order")
    assert "out of order" in complaint(shop)


@pytest.mark.parametrize("status", [401, 403])
def test_wrong_credentials(shop, status):
    shop.answer = lambda *_: (status, "")
    assert "refused the credentials" in complaint(shop)
    assert "--token-env" in complaint(shop)


def test_a_login_page(shop):
    shop.answers["label/__name__/values"] = lambda _: (200, "<html>Log in</html>")
    assert "is there a login page before it?" in complaint(shop)


@pytest.mark.parametrize("answer", [(200, '{"hello": 1}'), (200, "[]"), as_json({"a": 1})])
def test_another_server(shop, answer):
    shop.answers["label/__name__/values"] = lambda _: answer
    assert "does not answer as Prometheus does" in complaint(shop)


def test_an_empty_server(shop):
    shop.answers["label/__name__/values"] = lambda _: as_json([])
    with pytest.raises(NotEnoughData, match="holds no metrics of the last 3 days"):
        found_at(shop, days=3)


def test_nobody_there():
    with pytest.raises(HistoryError, match="cannot be reached"):
        discover(PrometheusServer("http://127.0.0.1:9", retries=0), END)


def test_a_secret_that_is_not_there(shop):
    with pytest.raises(ConfigError, match="NO_SUCH_VARIABLE"):
        found_at(shop, token_env="NO_SUCH_VARIABLE")


def test_more_names_than_are_looked_at_are_said(shop):
    names = [f"x{number:06d}" for number in range(60_000)]
    shop.answers["label/__name__/values"] = lambda _: as_json(["http_requests_total", *names])
    found = found_at(shop)
    assert found.metrics == 50_000
    assert "only the first 50,000 names of metrics were looked at" in found.notes


def test_more_leads_than_are_asked_about_are_said(shop):
    names = [f"x{number:02d}_requests_total" for number in range(70)]
    shop.answers["label/__name__/values"] = lambda _: as_json(["http_requests_total", *names])
    shop.answers["labels"] = lambda _: as_json(["job"])
    assert "11 metrics were not asked about: x59_requests_total" in found_at(shop).notes[0]


def test_counters_without_a_status_and_without_traffic_are_nothing(shop):
    shop._rows = lambda: [({"job": "shop", "code": "200"}, 0.0)]
    assert found_at(shop).candidates == ()
    shop.answers["labels"] = lambda _: as_json(["job", "path"])
    assert found_at(shop).candidates == ()


def test_what_cannot_be_written_is_left_out_and_said(shop):
    shop._rows = lambda: [({"job": "a{{.window}}", "code": "200"}, 5.0)]
    shop.answers["query"] = lambda _: vector()
    found = found_at(shop)
    assert found.candidates == ()
    assert "1 candidates are left out" in found.notes[0]


def test_a_pages_address_is_not_the_servers(shop):
    shop.answers["label/__name__/values"] = lambda _: (404, "page not found")
    assert "Leave" not in complaint(shop)
    shop.answers["graph/api/v1/label/__name__/values"] = lambda _: (404, "page not found")
    with answering(shop) as url, pytest.raises(HistoryError, match="Leave '/graph' away"):
        discover(PrometheusServer(f"{url}/graph", retries=0), END)
