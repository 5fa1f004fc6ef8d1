"""One running stack for the demo's tests, and what was played on it."""

from __future__ import annotations

import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agreements.cli import demo_report
from agreements.cli import stack_environment as environment
from agreements.cli.backup_run import take
from agreements.cli.client import ApiClient
from agreements.cli.demo_play import Player
from agreements.cli.sample import PASSWORD
from agreements.cli.stack_supervisor import running_stack, scratch_settings
from agreements.database import administration
from agreements.demo.story import load_story
from tests.demo.installation import Disturbances, Installation, Json
from tests.scratch import short_folder
from tests.waiting import until

KREIS, KAMEN, WERNE = "05978", "05978020", "05978040"


@pytest.fixture(scope="package")
def folder() -> Iterator[Path]:
    """Short, because it holds the server's socket."""
    made = short_folder()
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="package")
def installation(folder: Path) -> Iterator[Installation]:
    """An installation whose stack runs."""
    settings = scratch_settings(folder / "var")
    with running_stack(settings) as stack:
        yield Installation(settings, stack)


@pytest.fixture
def elsewhere(folder: Path) -> Installation:
    """Another installation, on which nothing runs."""
    return Installation(scratch_settings(folder / "elsewhere"))


@pytest.fixture(scope="package")
def calm(installation: Installation) -> Json:
    """The demo as anybody calls it."""
    return installation.json("demo", "--json")


@pytest.fixture(scope="package")
def disturbed(installation: Installation, calm: Json, folder: Path) -> tuple[Json, Disturbances]:
    """A second case, during which everything dies once; a backup is taken in the middle."""
    done = Disturbances()
    with ApiClient(environment.api_url(installation.settings), PASSWORD) as api:
        player = Player(api, load_story("smart_region"))
        reference = player.start()
        player.watch(_disturber(installation, reference, folder, done))
        case = player.play(reference)
        return demo_report.collect(api, player.lead, case, folder / "disturbed"), done


def _disturber(
    installation: Installation, reference: str, folder: Path, done: Disturbances
) -> Callable[[str, str, str], None]:
    """Strikes right after certain acts, while the machine does what follows from them."""
    stack = installation.stack
    assert stack is not None
    acts: Counter[tuple[str, str, str]] = Counter()

    def kill(name: str) -> None:
        done.killed[name] = stack.processes[name]
        os.kill(done.killed[name], signal.SIGKILL)

    def kill_in_the_middle_of_the_papers() -> None:
        papers = "principle_councils"
        until(
            lambda: installation.papers_written(reference, papers),
            "the first paper",
            longest_pause=0.05,
        )
        kill("conductor")

    def back_up() -> None:
        done.backup = take(installation.settings, folder / "middle.tar.gz").path

    def drop_prefect() -> None:
        administration.drop(environment.prefect_database_url(installation.settings))
        done.prefect_dropped = True

    strikes: dict[tuple[str, str, str, int], Callable[[], None]] = {
        ("principle_kreistag", "record_resolution", KREIS, 2): kill_in_the_middle_of_the_papers,
        ("coordination", "give_statement", KAMEN, 2): lambda: kill("api"),
        ("agreement_councils", "record_resolution", KAMEN, 1): lambda: kill("postgres"),
        ("agreement_councils", "record_resolution", KAMEN, 2): back_up,
        ("agreement_councils", "record_resolution", WERNE, 2): drop_prefect,
        ("signing", "record_signature", WERNE, 1): lambda: kill("prefect"),
    }

    def watch(stage: str, kind: str, ags: str) -> None:
        acts[stage, kind, ags] += 1
        strike = strikes.get((stage, kind, ags, acts[stage, kind, ags]))
        if strike is not None:
            strike()

    return watch
