"""Every metric, label, group and file name that slobook emits, in one place."""

from __future__ import annotations

ERROR_RATIO = "slo:error_ratio:rate"
"""Error ratio over the window named by the label ``window``."""

OBJECTIVE = "slo:objective:ratio"
ERROR_BUDGET = "slo:error_budget:ratio"
PERIOD = "slo:period:seconds"
BUDGET_REMAINING = "slo:error_budget_remaining:ratio"
CURRENT_BURN_RATE = "slo:current_burn_rate:ratio"
"""Burn rate over the shortest window that an alert compares, which the label ``window`` names."""

EVENTS = "slo:events:rate"
"""All events a second, good and bad, over the same window."""

BURN_RATE_THRESHOLD = "slo:burn_rate_threshold:ratio"
"""The burn rate above which an alert's condition holds; its labels name the alert and windows."""

INFO = "slo:info"
"""Constant 1; its labels say what people want to read about an objective."""

COST_BUDGET = "cost_budget:limit:usd"
"""Dollars that may be spent in a budget's period."""

COST_BUDGET_PERIOD = "cost_budget:period:seconds"
COST_SPENT_IN_AN_HOUR = "cost_budget:spent_usd:increase1h"
COST_BURN_RATE = "cost_budget:burn_rate:ratio_rate"
"""How many times as fast as the budget allows over the window named by the label ``window``."""

REPORT_RUN = "slobook_report_run_timestamp_seconds"
REPORT_LAST_SUCCESS = "slobook_report_last_success_timestamp_seconds"
REPORT_WEEK_END = "slobook_report_week_end_timestamp_seconds"
REPORT_DURATION = "slobook_report_duration_seconds"
REPORT_FAILURES = "slobook_report_failures"
REPORT_MISSING = "slobook_report_missing"
"""What ``slo run-due`` says of itself, by ``kind`` of report and ``service``."""

SERVICE_LABEL = "service"
SLO_LABEL = "slo"
WINDOW_LABEL = "window"
SIGNAL_LABEL = "signal"
SEVERITY_LABEL = "severity"
LONG_WINDOW_LABEL = "long_window"
SHORT_WINDOW_LABEL = "short_window"
ALERT_LABEL = "alertname"
BUDGET_LABEL = "budget"
TITLE_LABEL = "title"

ANNOTATION_PREFIX = "slobook/"
SHORT_WINDOW = ANNOTATION_PREFIX + "short-window"
KEEP_FIRING_FOR = ANNOTATION_PREFIX + "keep-firing-for"
OWNER = ANNOTATION_PREFIX + "owner"
RUNBOOK = ANNOTATION_PREFIX + "runbook"
EVIDENCE = ANNOTATION_PREFIX + "evidence"
DASHBOARD = ANNOTATION_PREFIX + "dashboard"
EACH = ANNOTATION_PREFIX + "each"


def alert_name(slo_name: str, alert: str) -> str:
    """Name of an alert rule on a burn rate: ``TicketSuccessBurnRatePage1h``."""
    return threshold_alert_name(f"{slo_name}-burn-rate-{alert}")


def threshold_alert_name(alert: str) -> str:
    """Name of an alert rule on a threshold: ``QueueDepthCritical``."""
    words = alert.replace("_", "-").split("-")
    return "".join(word[:1].upper() + word[1:] for word in words if word)


def alert_group(service: str, slo_name: str) -> str:
    """Name of the rule group with an objective's error ratios and the alerts on them."""
    return f"{service}/{slo_name}"


def threshold_group(service: str) -> str:
    """Name of the rule group with a service's alerts on thresholds."""
    return f"{service}/alerts"


def period_group(service: str, slo_name: str) -> str:
    """Name of the rule group with what is known of an objective's whole period."""
    return f"{service}/{slo_name}/period"


def dashboard_group(service: str) -> str:
    """Name of the rule group that records what a service's dashboards read of the last hours."""
    return f"{service}/dashboards"


def dashboard_days_group(service: str) -> str:
    """Name of the rule group that records what a service's dashboards read of days."""
    return f"{service}/dashboards/days"


ALERT_RULE_FILE = "rules/prometheus-alert-rules.yml"
"""Alerts on thresholds."""

BURN_RATE_RULE_FILE = "rules/prometheus-burn-rate-rules.yml"
"""Error ratios of objectives, and the alerts on how fast they burn."""

TIME_SLICE_RULE_FILE = "rules/prometheus-time-slice-rules.yml"
"""The same of objectives that count time slices: costly to evaluate, and so to test."""

RECORDING_RULE_FILE = "rules/prometheus-recording-rules.yml"
"""What is known of whole periods."""

DASHBOARD_RULE_FILE = "rules/prometheus-dashboard-rules.yml"
"""What dashboards read."""

TESTS_FOLDER = "tests"
"""Folder of the promtool tests, which no program loads."""


def rule_test_file(service: str, rule_file: str, interval: str) -> str:
    """Path of the promtool tests of a service's rules in a file that are evaluated so often."""
    of = rule_file.removeprefix("rules/prometheus-").removesuffix("-rules.yml")
    return f"{TESTS_FOLDER}/{service}-{of}-{interval}-tests.yml"
