"""Senders that are killed at random instants, and two at once: at least once, mail as the same."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from slo.delivery.record import read_record
from tests.mail_server import MailServer, listening
from tests.published_report import files_below, publish

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[3]
KILLS = int(os.environ.get("SLOBOOK_KILLS", "12"))

SENDER = """\
import sys
from pathlib import Path
from slo.delivery.delivering import Terms, deliver
from slo.delivery.delivery import Delivery
from slo.delivery.folder import Folder
from slo.delivery.mail import Mail
from slo.delivery.parcel import Parcel
from slo.delivery.trying import Effort
from slo.report.kinds import WEEKLY_SLO
from slo.report.published import read_published
from tests.published_report import WEEK

reports, there, port = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
folder = WEEKLY_SLO.folder(reports, "shop", WEEK)
parcel = Parcel(reports, WEEKLY_SLO, "shop", WEEK, read_published(folder, WEEKLY_SLO))
mail = Mail("127.0.0.1", "slo@example.com", ("a@example.com",), port=port, security="none")
print("ready", flush=True)
sys.stdin.readline()
for name, way in (("folder", Folder(there)), ("mail", mail)):
    print(deliver(parcel, Delivery(name, way), Terms(Effort(waits=()))).state, flush=True)
"""


def sender(parcel, there, server) -> subprocess.Popen[str]:
    """A process that is about to deliver."""
    started = subprocess.Popen(
        [sys.executable, "-c", SENDER, str(parcel.reports), str(there), str(server.port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert started.stdout.readline() == "ready\n"
    return started


def go(*senders) -> None:
    for one in senders:
        one.stdin.write("\n")
        one.stdin.flush()


def test_whatever_kills_a_sender_the_next_one_delivers(tmp_path):
    dice = random.Random(20261126)  # noqa: S311  instants, no secrets
    with listening(MailServer()) as server:
        for number in range(KILLS):
            parcel = publish(tmp_path / f"{number}", made=f"2026-11-16T06:17:{number:02d}+00:00")
            there = tmp_path / f"{number}-there"
            before = len(server.arrived)
            first = sender(parcel, there, server)
            go(first)
            sleep(dice.uniform(0, 0.12))
            first.send_signal(signal.SIGKILL)
            first.communicate()
            states = {name: one.state for name, one in read_record(parcel.folder).items()}
            assert set(states.values()) <= {"begun", "delivered"}

            second = sender(parcel, there, server)
            go(second)
            said, _ = second.communicate(timeout=60)
            assert set(said.split("\n")) <= {"delivered", "delivered before", ""}
            record = read_record(parcel.folder)
            assert {name: one.state for name, one in record.items()} == {
                "folder": "delivered",
                "mail": "delivered",
            }
            mails = [message["Message-ID"] for _, message in server.arrived[before:]]
            assert 1 <= len(mails) <= 2
            assert len(set(mails)) == 1
            held = files_below(there)
            assert (
                files_below(parcel.folder).items()
                <= {
                    path.removeprefix(f"{parcel.place}/"): content for path, content in held.items()
                }.items()
            )
            assert [p.name for p in (there / "shop").iterdir()] == [str(parcel.week)]
            assert sorted(p.name for p in parcel.folder.parent.iterdir()) == [
                str(parcel.week),
                f"{parcel.week}.deliveries.json",
            ]


def test_two_senders_at_once_send_one_mail(tmp_path):
    with listening(MailServer()) as server:
        for number in range(3):
            parcel = publish(tmp_path / f"{number}", made=f"2026-11-16T06:17:{number:02d}+00:00")
            both = [sender(parcel, tmp_path / f"{number}-there", server) for _ in range(2)]
            go(*both)
            said = [one.communicate(timeout=60)[0].split("\n") for one in both]
            assert len(server.arrived) == number + 1, said
