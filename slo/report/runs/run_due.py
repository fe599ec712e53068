"""Making what is due: each report in a process of its own, so many at a time.

The runner holds nothing: locks belong to the processes that publish, and what was published is
read back from the disk. So it can be killed at any instant, and the next run goes on.
"""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING, Literal

from slo.errors import UNDER_WAY
from slo.report.forms.found import not_made
from slo.report.runs.credentials import scrubbed
from slo.report.runs.publishing import tidied

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.report.runs.due import Due

_FETCH_FAILED = "HistoryError: "
"""What a notebook says when Prometheus did; only that is worth another try."""

State = Literal["up to date", "made", "under way", "failed"]


@dataclass(frozen=True)
class Outcome:
    """What became of a report that is due.

    Attributes:
        due: The report.
        state: There before, made now, being made by another run, or not there.
        detail: Its verdict; or what went wrong.
        seconds: How long it took; 0 where nothing ran.

    """

    due: Due
    state: State
    detail: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Attempts:
    """How a run makes its reports: so many at a time, so often each.

    Attributes:
        at_once: Reports under way at a time.
        seconds: Until an attempt is killed; its own limits end it before.
        waits: Seconds to wait before each further attempt when Prometheus does not answer.

    """

    at_once: int = 2
    seconds: float = 2400
    waits: Sequence[float] = field(default=(15.0, 30.0, 60.0))


def run_due(
    due: Sequence[Due],
    command: Callable[[Due], Sequence[str]],
    attempts: Attempts,
    tell: Callable[[Outcome], None],
    secrets: Sequence[str] = (),
) -> tuple[Outcome, ...]:
    """Bring reports up to date.

    Args:
        due: What there should be.
        command: Makes one, and exits with 0, with 75 if another run does, else with its reason on
            standard error.
        attempts: How many at a time, and how often each.
        tell: Called with each outcome, as soon as it is known.
        secrets: Names of variables of the environment whose values no outcome may repeat, beside
            those that are named like secrets.

    Returns:
        An outcome for each, in the order of ``due``.

    Raises:
        SystemExit: The process was told to end (143, by SIGTERM); attempts are ended with it.

    """
    for parent in sorted({one.folder.parent for one in due}):
        tidied(parent)

    def told(outcome: Outcome) -> Outcome:
        clean = replace(outcome, detail=scrubbed(outcome.detail, secrets))
        tell(clean)
        return clean

    return asyncio.run(_all(due, command, attempts, told))


async def _all(
    due: Sequence[Due],
    command: Callable[[Due], Sequence[str]],
    attempts: Attempts,
    tell: Callable[[Outcome], Outcome],
) -> tuple[Outcome, ...]:
    room = asyncio.Semaphore(attempts.at_once)

    async def told(one: Due) -> Outcome:
        async with room:
            outcome = await _outcome(one, command(one), attempts)
        return tell(outcome)

    tasks = [asyncio.ensure_future(told(one)) for one in due]
    everything = asyncio.gather(*tasks)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, everything.cancel)
    try:
        return tuple(await everything)
    except asyncio.CancelledError:
        await asyncio.gather(*tasks, return_exceptions=True)
        raise SystemExit(128 + signal.SIGTERM) from None


async def _outcome(due: Due, command: Sequence[str], attempts: Attempts) -> Outcome:
    before = due.published
    if before:
        return Outcome(due, "up to date", before.verdict)
    if due.missing:
        return Outcome(due, "failed", due.missing)
    begin = monotonic()
    for wait in (*attempts.waits, None):
        outcome = await _attempt(due, command, attempts.seconds, begin)
        if outcome.state != "failed" or _FETCH_FAILED not in outcome.detail or wait is None:
            break
        await asyncio.sleep(wait)
    return outcome


async def _attempt(due: Due, command: Sequence[str], limit: float, begin: float) -> Outcome:
    attempt = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, said = await asyncio.wait_for(attempt.communicate(), limit)
        detail = _last_words(said.decode(errors="replace"), attempt.returncode)
    except TimeoutError:
        detail = f"it took longer than {limit:g} s"
    finally:
        await _ended(attempt)
        tidied(due.folder.parent)
    took = monotonic() - begin
    made = due.published
    if made:
        return Outcome(due, "made", f"{made.verdict} {not_made(due.folder)}".rstrip(), took)
    if attempt.returncode == UNDER_WAY:
        return Outcome(due, "under way", detail, took)
    return Outcome(due, "failed", detail, took)


async def _ended(attempt: asyncio.subprocess.Process) -> None:
    """End an attempt that still runs, with what it started; its kernel ends with it."""
    if attempt.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(attempt.pid, signal.SIGKILL)
        await attempt.wait()


def _last_words(said: str, code: int | None) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    if code is not None and code < 0:
        return f"it was ended by {signal.Signals(-code).name}"
    return lines[-1] if lines else f"it ended with exit code {code} and wrote no report"
