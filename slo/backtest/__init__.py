"""What an alert policy would have done over a history, judged by what really went wrong."""

from slo.backtest.alerts import AlertBacktest, AlertReplay, backtest_alerts, replay_alerts
from slo.backtest.detection import Detection, IncidentOutcome
from slo.backtest.replay import Replay, backtest, replay
from slo.backtest.result import ANY, Backtest, Compared, Judged
from slo.backtest.score import Call, Score
from slo.backtest.sensitivity import Sensitivity, offset_sensitivity

__all__ = [
    "ANY",
    "AlertBacktest",
    "AlertReplay",
    "Backtest",
    "Call",
    "Compared",
    "Detection",
    "IncidentOutcome",
    "Judged",
    "Replay",
    "Score",
    "Sensitivity",
    "backtest",
    "backtest_alerts",
    "offset_sensitivity",
    "replay",
    "replay_alerts",
]
