"""The command ``slo``: a file a verb, each of which parses, calls the library and prints."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from slo import __version__
from slo.cli.alerts import alerts
from slo.cli.annotate import annotate
from slo.cli.apply import apply
from slo.cli.backtest import backtest
from slo.cli.deliver import deliver
from slo.cli.demo import demo
from slo.cli.doctor import doctor
from slo.cli.generate import generate
from slo.cli.help import GroupedVerbs
from slo.cli.incidents import incidents
from slo.cli.init import init
from slo.cli.lab import lab
from slo.cli.notifications import notifications
from slo.cli.objectives import objectives
from slo.cli.plan import plan
from slo.cli.preview import preview
from slo.cli.printing import say
from slo.cli.pull import pull
from slo.cli.report import report
from slo.cli.run_due import run_due
from slo.cli.runbooks import runbooks
from slo.cli.schedule import schedule
from slo.cli.simulate import simulate
from slo.cli.snapshot import snapshot
from slo.cli.tune import tune
from slo.cli.validate import validate
from slo.errors import UNDER_WAY, SloError, UnderWay

MISTAKE = 2
TRY_LATER = UNDER_WAY
_EXTRAS = {
    **dict.fromkeys(
        ("ipykernel", "jinja2", "jupyter_client", "nbclient", "papermill", "plotly"),
        ("report", "reports and figures"),
    ),
    **dict.fromkeys(("grafana_client", "niquests"), ("grafana", "pushes to Grafana")),
    "fsspec": ("delivery", "object stores"),
    **dict.fromkeys(
        ("anywidget", "ipywidgets", "jupyter_core", "jupyterlab", "jupyterlab_server", "tqdm"),
        ("lab", "the workbench and its widgets"),
    ),
}
"""The extra that each optional library comes with, and what it is for."""

app = typer.Typer(
    name="slo",
    cls=GroupedVerbs,
    help="Service level objectives and burn-rate alerts, designed from history.\n\n"
    "Start with 'slo init', or see 'slo demo'. Exit codes: 0 fine, 1 falls short, 2 a mistake in "
    "the input or something that failed, 75 another run is at work: try later.",
    epilog="'slo VERB --help' says more of one, with an example. NO_COLOR is respected.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"slobook {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001  its callback has answered
        bool, typer.Option("--version", help="Print the version.", callback=_show_version)
    ] = False,
) -> None:
    if os.environ.get("NO_COLOR"):
        context.color = False


VERBS = (
    *(init, lab, validate, simulate, snapshot, incidents, objectives),
    *(backtest, alerts, tune, generate, runbooks, preview),
    *(plan, apply, pull, notifications, report, run_due, deliver, schedule, doctor, demo),
)

for verb in VERBS:
    app.command(verb.__name__.replace("_", "-"))(verb)
app.add_typer(annotate, name="annotate")


def main() -> None:
    """Run the command; a user's mistake ends in its message and exit code 2, as failures do.

    Where another run is at work the code is 75: nothing is wrong, and nothing was done.
    """
    try:
        app()
    except UnderWay as error:
        say(str(error), err=True)
        sys.exit(TRY_LATER)
    except SloError as error:
        from slo.report.runs.credentials import scrubbed

        say(scrubbed(str(error)), err=True)
        sys.exit(MISTAKE)
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library not in _EXTRAS:
            raise
        extra, purpose = _EXTRAS[library]
        say(
            f"this needs {library}, which is not installed; {purpose} come with "
            f"the extra {extra!r}: pip install 'slobook[{extra}]'",
            err=True,
        )
        sys.exit(MISTAKE)
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone, as in 'slo backtest | head'
        sys.exit(0)
