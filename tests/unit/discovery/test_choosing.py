"""Which candidates are proposed, and what their services are called."""

from dataclasses import replace

import pytest

from slo.discovery import Certainty, choose, chosen_services
from slo.discovery.agent_catalogue import CATALOGUE, catalogue_files
from slo.discovery.discovering import _named_once, told_apart
from slo.discovery.services import Owner
from slo.errors import ConfigError
from slo.model.selector import Matcher
from slo.spec import read_specs
from tests.found import candidate, discovery


def of(service: str, **fields):
    return candidate(owner=Owner(service, service, ()), **fields)


def test_one_candidate_a_question_the_surest_then_the_busiest():
    likely = candidate(metric="a", certainty=Certainty.LIKELY, a_day=10**6)
    busy, quiet = candidate(metric="b", a_day=500), candidate(metric="c", a_day=400)
    assert choose([quiet, likely, busy]) == (busy,)


def test_what_is_perhaps_right_is_taken_only_where_nothing_else_is():
    queue = candidate(name="queue-depth", certainty=Certainty.PERHAPS)
    requests = candidate()
    assert choose([queue, requests]) == (requests,)
    assert choose([queue]) == (queue,)


def test_what_hardly_happens_is_not_taken():
    assert choose([candidate(a_day=3)]) == ()
    assert choose([candidate(a_day=4)]) != ()


def test_infrastructure_is_taken_only_where_nothing_else_is():
    prometheus = of("prometheus", infrastructure=True, certainty=Certainty.PERHAPS, a_day=10**9)
    shop = of("shop")
    assert chosen_services(discovery(prometheus, shop)) == ("shop",)
    assert chosen_services(discovery(prometheus)) == ("prometheus",)


def test_three_services_at_most_the_busiest_first():
    found = discovery(*(of(f"s{number}", a_day=1000 * number) for number in range(1, 6)))
    assert chosen_services(found) == ("s5", "s4", "s3")
    assert chosen_services(found, ["s1", "s1"]) == ("s1",)


def test_an_unknown_service_is_named_beside_those_that_there_are():
    with pytest.raises(ConfigError, match=r"--service shopp: .* there are cart, shop"):
        chosen_services(discovery(of("shop"), of("cart", a_day=20_000)), ["shopp"])
    with pytest.raises(ConfigError, match="there are support-agent"):
        chosen_services(discovery(agent={}), ["shop"])


def test_services_of_one_name_in_two_namespaces_are_two():
    def placed(namespace: str):
        return candidate(owner=Owner("shop", "shop", (Matcher("namespace", "=", namespace),)))

    ours, theirs = told_apart([placed("web"), placed("test")])
    assert (ours.service, theirs.service) == ("shop-web", "shop-test")
    assert [one.service for one in told_apart([placed("web"), candidate()])] == ["shop", "shop"]


def test_names_are_unique_in_a_service():
    same = [candidate(metric=metric) for metric in ("a_total", "b_total", "b_total")]
    named = _named_once([*same, of("cart")])
    names = [(one.service, one.name) for one in named]
    assert len(set(names)) == 4
    assert names[0] == ("shop", "availability")
    assert names[1] == ("shop", "availability--b-total")
    assert {one.question for one in named} == {"availability"}


@pytest.mark.parametrize(
    "labels",
    [{"namespace": "support", "job": "support-agent"}, {"namespace": "prod"}, {}, {"job": "a"}],
)
def test_the_catalogue_validates_whatever_labels_there_are(tmp_path, labels):
    for name, text in catalogue_files(labels).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    specs, ours = read_specs([tmp_path]), read_specs([CATALOGUE])
    assert [one.name for one in specs.slos] == [one.name for one in ours.slos]
    assert bool(specs.alerts) == ("namespace" in labels)
    namespace = labels.get("namespace")
    for slo in specs.slos:
        for one in slo.indicator.selectors:
            asked = {m.value for m in one.matchers if m.name == "namespace"}
            assert asked == ({namespace} if namespace else set())


def test_the_catalogue_takes_no_label_that_would_break_it(tmp_path):
    files = catalogue_files({"namespace": 'x"}) or vector(1)', "job": "a'b"})
    text = "".join(files.values())
    assert "vector(1)" not in text.replace("or vector(0)", "")
    assert "a'b" not in text


def test_candidates_are_listed_by_service():
    shop = of("shop")
    assert discovery(shop, of("cart")).of("shop") == (shop,)
    assert replace(shop, name="availability--x").question == "availability"
