from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry

from exporter import Metrics, Settings
from tests.exposed import faults


@pytest.fixture
def any_metrics():
    """Metrics of a registry of their own, in which something may go wrong."""
    return Metrics(CollectorRegistry(), Settings())


@pytest.fixture
def metrics(any_metrics):
    """Metrics of a registry of their own, in which nothing may go wrong."""
    yield any_metrics
    assert faults(any_metrics) == {}
