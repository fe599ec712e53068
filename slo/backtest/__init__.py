"""What an alert policy would have done over a history, judged by what really went wrong."""

from slo.backtest.replay import Replay, backtest, replay
from slo.backtest.result import ANY, Backtest, Detection, IncidentOutcome
from slo.backtest.score import Call, Score
from slo.backtest.sensitivity import Sensitivity, offset_sensitivity

__all__ = [
    "ANY",
    "Backtest",
    "Call",
    "Detection",
    "IncidentOutcome",
    "Replay",
    "Score",
    "Sensitivity",
    "backtest",
    "offset_sensitivity",
    "replay",
]
