"""Compiled loops, where numba can keep nothing."""

from numba.core import caching

from slo import kernel as module
from slo.kernel import kernel


def sum_to(number):
    total = 0
    for one in range(number + 1):
        total += one
    return total


def test_what_is_compiled_is_kept():
    assert kernel()(sum_to).stats.cache_path


def test_an_account_that_can_keep_nothing_compiles_anew_and_is_told_how_not_to(monkeypatch, caplog):
    # As numba finds it where neither the code's folder nor the home can be written.
    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])
    module._say_once.cache_clear()
    compiled = [kernel(error_model="numpy")(sum_to) for _ in range(2)]
    assert [one(100) for one in compiled] == [5050, 5050]
    assert [record.message.partition("; ")[2] for record in caplog.records] == [
        "set NUMBA_CACHE_DIR to a folder of your own that can"
    ]
