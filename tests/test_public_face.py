import subprocess
import sys

import pytest

import slo


def in_a_fresh_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_every_exported_name_is_there():
    for name in slo.__all__:
        assert getattr(slo, name) is not None


def test_exports_are_sorted_and_complete():
    assert sorted(slo.__all__) == slo.__all__
    hooks = {"load_ipython_extension", "unload_ipython_extension"}  # %load_ext calls them
    assert set(slo._HOMES) - hooks | {"__version__", "figures", "workbench"} == set(slo.__all__)


def test_dir_shows_the_public_face_only():
    assert dir(slo) == slo.__all__


def test_an_unknown_name_is_refused():
    with pytest.raises(AttributeError, match="'slo' has no attribute 'backtset'"):
        slo.backtset  # noqa: B018


@pytest.mark.parametrize("first", ["import slo.backtest", "import slo.budget", "import slo"])
def test_the_function_wins_over_its_module_wherever_it_is_imported_first(first):
    code = f"{first}; import slo; slo.Backtest; print(type(slo.backtest).__name__)"
    assert in_a_fresh_python(code) == "function"


def test_importing_slo_loads_nothing_heavy():
    heavy = "numba numpy pandas pyarrow plotly papermill pydantic requests rich"
    code = (
        "import sys, slo, slo.cli; "
        f"print(*[m for m in '{heavy}'.split() if m in sys.modules and m != 'rich'])"
    )
    assert in_a_fresh_python(code) == ""


@pytest.mark.parametrize("first", ["slo.figures.burn_down", "slo.figures.episodes"])
def test_figures_functions_win_over_their_modules(first):
    code = f"import {first}; import slo; print(callable(slo.figures.{first.split('.')[-1]}))"
    assert in_a_fresh_python(code) == "True"
