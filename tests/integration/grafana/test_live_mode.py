"""What is run against a real Grafana passes there, and leaves it as it was.

The stand-in plays the real one, with somebody's objects in it, also under our tag.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.grafana.people import Person
from tests.grafana.profile import PROFILES
from tests.grafana.server import standing_in

pytestmark = pytest.mark.integration

HERE = Path(__file__).parent


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_a_real_server_is_left_as_it_was(profile, tmp_path):
    with standing_in(profile) as server:
        person = Person(server.url)
        person.create_folder("Theirs", "theirs")
        person.create("Theirs", uid="theirs-board", tags=["slobook"])
        person.annotate("theirs", ["deploy", "deploy:1"])
        before = server.state.things()
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "-m", "live_grafana", str(HERE)),
                *("-p", "no:cacheprovider", f"--basetemp={tmp_path}"),
            ],
            cwd=HERE.parents[2],
            env={**os.environ, "GRAFANA_URL": f"{server.url}/", "GRAFANA_TOKEN": server.token},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:]
        assert " passed" in done.stdout
        assert len(server.writes) > 100
        assert server.state.things() == before
