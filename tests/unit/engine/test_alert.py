"""States and episodes by hand; test_against_reference.py and promtool hold the rest."""

from decimal import Decimal

import numpy as np
import pytest

from slo.engine.alert import FIRING, INACTIVE, PENDING, condition, episodes, states
from slo.engine.ratio import ErrorRatios
from slo.model.alert import BurnRateAlert, Episode
from slo.model.duration import HOUR, MINUTE
from slo.model.objective import Objective

OBJECTIVE = Objective(Decimal("0.99"))
NAN = float("nan")


def ratios(long, short):
    values = np.array([long, short], dtype=float)
    times = np.arange(len(long), dtype=np.int64) * MINUTE
    return ErrorRatios((HOUR, 5 * MINUTE), times, values, ~np.isnan(values))


def alert(hold=0, keep_firing=0):
    return BurnRateAlert("page-1h", "page", HOUR, 5 * MINUTE, 2.0, hold, keep_firing)


def drawn(text, hold, keep_firing):
    holds = np.array([letter == "x" for letter in text])
    times = np.arange(holds.size, dtype=np.int64) * MINUTE
    state, _ = states(holds, times, hold * MINUTE, keep_firing * MINUTE)
    return "".join({INACTIVE: ".", PENDING: "p", FIRING: "F"}[one] for one in state.tolist())


@pytest.mark.parametrize(
    ("holds", "hold", "keep_firing", "expected"),
    [
        (".xx.x.", 0, 0, ".FF.F."),
        ("xxxx.x", 2, 0, "ppFF.p"),
        ("xx.xxx", 2, 0, "pp.ppF"),
        ("x.....", 0, 3, "FFFF.."),
        ("x.x...", 0, 2, "FFFFF."),
        # The alert still fires when the condition returns: it does not wait again.
        ("xxx.xx....", 2, 2, "ppFFFFFF.."),
        ("xxx...xx", 2, 2, "ppFFF.pp"),
        ("xx.x", 2, 5, "pp.p"),
        ("", 1, 1, ""),
    ],
)
def test_states(holds, hold, keep_firing, expected):
    assert drawn(holds, hold, keep_firing) == expected


def test_both_windows_must_exceed_the_threshold():
    above, at = 0.021, 0.02
    found = ratios([above, above, at, NAN, above], [above, at, above, above, NAN])
    assert condition(alert(), OBJECTIVE, found).tolist() == [True, False, False, False, False]


def test_a_window_that_is_nan_or_absent_never_exceeds():
    found = ratios([0.5, 0.5], [0.5, 0.5])
    hidden = ErrorRatios(found.windows, found.times, found.values, ~found.present)
    assert not condition(alert(), OBJECTIVE, hidden).any()


def test_episodes_say_when_and_how_bad():
    found = ratios([0, 0.03, 0.05, 0.04, 0, 0.9, 0.9], [0, 0.03, 0.03, 0.03, 0.03, 0.9, 0.9])
    assert episodes(alert(hold=MINUTE), OBJECTIVE, found) == (
        Episode("page-1h", "page", MINUTE, 2 * MINUTE, 4 * MINUTE, 0.05),
        Episode("page-1h", "page", 5 * MINUTE, 6 * MINUTE, None, 0.9),
    )


def test_an_episode_goes_on_while_it_is_kept_firing():
    found = ratios([0.03, 0, 0.06, 0, 0, 0], [0.03, 0, 0.06, 0, 0, 0])
    (one,) = episodes(alert(keep_firing=2 * MINUTE), OBJECTIVE, found)
    assert one == Episode("page-1h", "page", 0, 0, 5 * MINUTE, 0.06)


def test_no_evaluations_no_episodes():
    assert episodes(alert(), OBJECTIVE, ratios([], [])) == ()
