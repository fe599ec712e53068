"""What makes a scheduler call ``slo run-due``: the ready piece for each kind of scheduler.

All of them only call it: what is due, what is locked and what is tried again is decided there. So
they call it every day: on Mondays there is something to do, on other days what Monday missed.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slo.manifests.cron_jobs import cron_jobs
from slo.manifests.yaml_text import yaml_text
from slo.plan import Artefact
from slo.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from slo.manifests.settings import ManifestSettings

_MINUTE, _HOUR = 17, 6
"""Past the hour, when everybody's jobs start; after Monday 00:00 UTC, when a week closes."""

_UNIT = "slobook-reports"


@dataclass(frozen=True)
class Schedule:
    """What a scheduler has to know.

    Attributes:
        command: Absolute path of the command ``slo``.
        file: Absolute path of the project's configuration file.
        reports: The folder of reports, from there.
        secrets: Names of the environment variables that the configuration asks for.
        manifests: Where things run in a cluster.
        extras: Extras of slobook that a run needs, where it is installed for it.

    """

    command: Path
    file: Path
    reports: Path
    secrets: tuple[str, ...]
    manifests: ManifestSettings
    extras: tuple[str, ...] = ("report",)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The command and what it is called with: silent unless something is wrong."""
        return (str(self.command), "run-due", "--quiet", "--config", str(self.file))


def cron(schedule: Schedule) -> tuple[Artefact, ...]:
    """A line for ``crontab -e``; cron mails what could not be made."""
    # Cron takes a plain percent sign for the end of the command.
    command = shlex.join(schedule.arguments).replace("%", r"\%")
    text = (
        f"{_needs(schedule)}"
        "# slobook: weekly reports that are due. What fails is mailed, and tried again tomorrow.\n"
        f"{_MINUTE} {_HOUR} * * * {command}\n"
    )
    return (Artefact(f"{_UNIT}.crontab", text),)


def systemd(schedule: Schedule) -> tuple[Artefact, ...]:
    """A oneshot service and its timer, which makes up for a time when the machine was off."""
    service = f"""\
[Unit]
Description=slobook: weekly reports that are due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={_specifier(str(schedule.file.parent))}
ExecStart={" ".join(map(_systemd_word, schedule.arguments))}
# Variables that slobook.toml names: {", ".join(schedule.secrets) or "none"}.
EnvironmentFile=-/etc/slobook/environment
# Another run is at work: no failure.
SuccessExitStatus=75
TimeoutStartSec=3h
NoNewPrivileges=true
PrivateTmp=true
Nice=10
"""
    timer = f"""\
[Unit]
Description=slobook: weekly reports, looked after every morning

[Timer]
OnCalendar=*-*-* {_HOUR:02d}:{_MINUTE:02d}:00 UTC
RandomizedDelaySec=5m
Persistent=true

[Install]
WantedBy=timers.target
"""
    return Artefact(f"{_UNIT}.service", service), Artefact(f"{_UNIT}.timer", timer)


def kubernetes(schedule: Schedule) -> tuple[Artefact, ...]:
    """The CronJobs and their volume, as ``slo generate`` writes them."""
    return (cron_jobs(schedule.manifests),)


def airflow(schedule: Schedule) -> tuple[Artefact, ...]:
    """A DAG of one task, for Airflow 2.9 or later with the standard provider."""
    text = f'''\
"""slobook: weekly reports that are due. Missed weeks are caught up by the command itself."""

from datetime import datetime, timedelta, timezone

from airflow.providers.standard.operators.bash import BashOperator

try:
    from airflow.sdk import DAG
except ImportError:  # Airflow 2
    from airflow import DAG

# The workers' environment needs the variables that slobook.toml names: {
        ", ".join(schedule.secrets) or "none"
    }.
with DAG(
    dag_id="{_UNIT.replace("-", "_")}",
    schedule="{_MINUTE} {_HOUR} * * *",
    start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=3),
    tags=["slobook"],
):
    BashOperator(
        task_id="run_due",
        bash_command={shlex.join(schedule.arguments)!r},
        append_env=True,
        retries=2,
        retry_delay=timedelta(minutes=10),
        skip_on_exit_code=[75],  # another run is at work
    )
'''
    return (Artefact(f"{_UNIT.replace('-', '_')}.py", text),)


def github_actions(schedule: Schedule) -> tuple[Artefact, ...]:
    """A workflow that keeps the reports in a cache, and offers them as an artifact.

    The project is the repository's root. GitHub's cron is in UTC.
    """
    call = f"slo run-due --config {shlex.quote(schedule.file.name)}"
    install = f"pip install 'slobook[{','.join(schedule.extras)}]=={__version__}'"
    kept = {"path": schedule.reports.as_posix()}
    steps: list[dict[str, Any]] = [
        {"uses": "actions/checkout@v4"},
        {"uses": "actions/setup-python@v5", "with": {"python-version": "3.12"}},
        {"run": install},
        {
            "name": "Reports of earlier weeks",
            "uses": "actions/cache/restore@v4",
            "with": {**kept, "key": "slobook-reports-", "restore-keys": "slobook-reports-"},
        },
        {"name": "Make what is due", "run": call, "env": _github_secrets(schedule)},
        {
            "name": "Keep them",
            "if": "always()",
            "uses": "actions/cache/save@v4",
            "with": {
                **kept,
                "key": "slobook-reports-${{ github.run_id }}-${{ github.run_attempt }}",
            },
        },
        {
            "name": "Offer them",
            "if": "always()",
            "uses": "actions/upload-artifact@v4",
            "with": {"name": "reports", **kept},
        },
    ]
    if not schedule.secrets:
        del steps[4]["env"]
    tree = {
        "name": "Weekly reports",
        "on": {
            "schedule": [{"cron": f"{_MINUTE} {_HOUR} * * *"}],
            "workflow_dispatch": {},
        },
        "permissions": {"contents": "read"},
        "concurrency": {"group": _UNIT},
        "jobs": {
            "run-due": {"runs-on": "ubuntu-latest", "timeout-minutes": 120, "steps": steps},
        },
    }
    text = yaml_text(tree).partition("\n")[2]  # without the word that it is generated
    return (Artefact(f".github/workflows/{_UNIT}.yml", text),)


SCHEDULERS: Mapping[str, Callable[[Schedule], tuple[Artefact, ...]]] = {
    "cron": cron,
    "systemd": systemd,
    "kubernetes": kubernetes,
    "airflow": airflow,
    "github-actions": github_actions,
}
"""The files for a scheduler, by its name."""


def _needs(schedule: Schedule) -> str:
    """Cron starts with an empty environment."""
    return "".join(
        f"# slobook.toml asks for {name}: set it here, {name}=..., in a file only you can read.\n"
        for name in schedule.secrets
    )


def _systemd_word(text: str) -> str:
    """A word of ExecStart; https://www.freedesktop.org/software/systemd/man/systemd.service.html."""
    escaped = _specifier(text).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    plain = escaped == text and not set(text) & set(" \t';")
    return escaped if plain else f'"{escaped}"'


def _specifier(text: str) -> str:
    return text.replace("%", "%%")


def _github_secrets(schedule: Schedule) -> dict[str, str]:
    return {name: f"${{{{ secrets.{name} }}}}" for name in schedule.secrets}
