"""``slo demo``: the whole way through, on the embedded example."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from slo.cli.options import ConfigOption
from slo.cli.printing import duration, near, print_table, say
from slo.counting import counted, out_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slo.model.samples import History
    from slo.project import Project
    from slo.tune.study import Study

_TELLING = 16
"""Weeks that hold enough incidents to find better alerts by."""


def demo(
    config: ConfigOption = Path("slobook.toml"),
    weeks: Annotated[int, typer.Option(min=2, max=26, help="How many weeks to simulate.")] = 6,
    seed: Annotated[int, typer.Option(help="The same seed gives the same history.")] = 7,
    live: Annotated[
        bool,
        typer.Option("--live", help="Through a real Prometheus, started on loopback and stopped."),
    ] = False,
) -> None:
    """Simulate the AI support agent, judge its alerts, write its rules, report its last week.

    Example: slo demo --live
    """
    from slo.progress import in_terminal
    from slo.project import open_project
    from slo.targets.folder import apply

    project = open_project(config, in_terminal)
    _step(1, f"Simulating {counted(weeks, 'week')} of the AI support agent")
    _simulate(project, weeks, seed)
    _step(2, "Writing rules and their tests")
    with in_terminal("Writing"):
        plan = project.plan()
        apply(plan, project.generated_path)
    say(f"{near(project.generated_path)}: {plan.summary}")
    if live:
        _step(3, "Asking a real Prometheus for the same history")
        with _prometheus(project) as url:
            _fetch(project.asking(url), weeks)
    else:
        _step(3, "Reading the history back from its snapshot")
    history = project.history()
    _say_history(history)
    _step(4, "Replaying the alerts over the history, and looking for better ones")
    _print_studies(_studies(project, history))
    _step(5, "Running the weekly report's notebook by papermill")
    published = project.publish_weekly_slo()
    say(published.verdict)
    typer.echo("")
    say("Open these:")
    for path, what in (
        (published.page, "the weekly report, a page that needs no network"),
        (project.generated_path, "recording rules, burn-rate alerts, promtool tests"),
        (project.root / project.configuration.project.notebooks, "notebooks for JupyterLab"),
    ):
        say(f"  {near(path)}  ({what})")
    say(
        "Next: 'slo backtest' and 'slo tune' for every number, 'slo report --kind cost' for what "
        "it cost, 'slo --help' for every verb."
    )


def _step(number: int, what: str) -> None:
    typer.secho(f"\n[{number}/5] {what}", bold=True)


def _simulate(project: Project, weeks: int, seed: int) -> None:
    from slo.errors import ConfigError
    from slo.history.incidents import write_incidents
    from slo.history.snapshot import read_snapshot, write_snapshot
    from slo.simulate import default_scenario
    from slo.simulate.agent import simulate

    path = project.snapshot_path
    if path.exists() and not _from_demo(read_snapshot(path, ()).source):
        raise ConfigError(
            f"{path} holds a history that no demonstration made; it is left as it is. "
            "Run the demonstration in another folder, or name another snapshot in slobook.toml"
        )
    with project.progress("Simulating") as advance:
        made = simulate(default_scenario(weeks=weeks, seed=seed), advance)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_snapshot(made.history, path)
    project.incidents_path.parent.mkdir(parents=True, exist_ok=True)
    write_incidents(made.incidents, project.incidents_path)
    say(f"{near(path)} and {len(made.incidents)} labelled incidents beside it")


def _from_demo(source: str) -> bool:
    """Simulated, or fetched from the loopback server of an earlier live demonstration."""
    return source.startswith(("simulation", "http://127.0.0.1:"))


@contextmanager
def _prometheus(project: Project) -> Iterator[str]:
    from slo.history.snapshot import read_snapshot
    from slo.simulate.local_prometheus import backfill, serve
    from slo.simulate.openmetrics import write_openmetrics

    with TemporaryDirectory(prefix="slobook-") as folder:
        text, storage = Path(folder, "history.om"), Path(folder, "storage")
        history = read_snapshot(project.snapshot_path, project.selectors)
        say(f"Backfilling {history.sample_count:,} samples by promtool ...")
        write_openmetrics(history, text)
        backfill(text, storage)
        text.unlink()
        with serve(storage, tuple(sorted(project.generated_path.glob("rules/*.yml")))) as url:
            say(f"Prometheus answers at {url}, with the generated rules loaded")
            yield url
    say("Prometheus is stopped and its storage removed")


def _fetch(project: Project, weeks: int) -> None:
    from slo.history.snapshot import read_snapshot, write_snapshot

    made = read_snapshot(project.snapshot_path, ())
    history = project.fetch(days=7 * weeks, end=made.span.end)
    write_snapshot(history, project.snapshot_path)


def _say_history(history: History) -> None:
    version = f", as Prometheus {history.server_version} holds it" if history.server_version else ""
    say(f"{history.sample_count:,} samples of {len(history.series)} series{version}")


def _studies(project: Project, history: History) -> list[Study]:
    return [project.tune(one, history) for one in project.watched(project.slos, "Replaying")]


def _print_studies(studies: list[Study]) -> None:
    """What the specified alerts did over the history, and what a search recommends."""
    from slo.tune.summary import percent

    header = ["objective", "seen", "pages a week", "false", "detection", "spent"]
    rows = []
    for study in studies:
        done = study.present.whole
        rows.append(
            [
                study.slo.name,
                f"{done.caught} of {done.required}",
                f"{done.pages_a_week:.1f}",
                str(len(done.false_pages)),
                duration(done.detection_median),
                percent(done.spent_median),
            ]
        )
    print_table("What the specified alerts would have done", header, rows)
    for study in studies:
        if study.changes:
            say(f"  {study.slo.name}: {study.recommendation} {study.reason}")
    if not any(study.changes for study in studies):
        few = sum(bool(study.declined) for study in studies)
        say(
            "No other alerts served better in weeks that had not chosen them; "
            f"{out_of(few, len(studies), 'objective', 'objectives', ('has', 'have'))} too few "
            f"incidents to choose by. 'slo demo --weeks {_TELLING}' has more of them, and better "
            "alerts to show."
        )
