"""A shop's project on the disk, whose specification workbenches save to."""

import pytest

from slo.history.incidents import write_incidents
from slo.project import open_project
from tests.shop import history, incident, stretch

OUTAGE, BLIP = stretch(2, 1), stretch(4, 0.2)
SPEC = """\
# The shop's promise.
apiVersion: openslo/v1
kind: SLO
metadata:
  name: availability
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow: [{duration: 21d, isRolling: true}]
  indicator:
    metadata: {name: requests}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'requests_total{code="500"}'}}}
        total: {metricSource: {type: Prometheus, spec: {query: requests_total}}}
  objectives:
    - target: 0.99  # agreed in May
"""


@pytest.fixture(scope="session")
def past():
    return history((OUTAGE, 0.5), (BLIP, 0.4))


@pytest.fixture
def project(tmp_path):
    (tmp_path / "slobook.toml").write_text('[project]\nspecs = ["shop.yaml"]\n')
    (tmp_path / "shop.yaml").write_text(SPEC)
    (tmp_path / "history").mkdir()
    write_incidents([incident(OUTAGE)], tmp_path / "history" / "incidents.csv")
    return open_project(tmp_path / "slobook.toml")
