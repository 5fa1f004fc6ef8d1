"""Hand-over: from the last decision of a stage to the open tasks of the next one.

Measured on the database: from the commit of the decision until the tasks can be read. Between
two measurements the machine is left to finish, so that each is taken on an idle stack.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from statistics import median
from uuid import UUID

from rich.console import Console
from rich.progress import track
from sqlalchemy import select

from agreements import acts, cases
from agreements.cli.stack_environment import child_environment, database_url
from agreements.database.engine import make_engine, session_factory, transaction
from agreements.model.bodies import Body
from agreements.model.enums import Role, StageState, TaskKind
from agreements.model.people import Duty, User
from agreements.regions.assemble import region_from_directory, sample_region
from agreements.regions.load import add_region
from agreements.settings import Settings
from tests.flows.asking import client_of
from tests.flows.region import Region
from tests.story import KAMEN, KREIS, PARTIES, SCHWERTE, resolution
from tests.waiting import until

OTHER_KREIS, OTHER_TOWN = "05962", "05962024"  # Iserlohn: the eleventh town
TWO_TOWNS = cases.StartCase(
    title="Zwei Städte",
    subject="Messung ohne Dokumente",
    parties=(SCHWERTE, KAMEN),
    lead=SCHWERTE,
    started_on=date(2026, 1, 5),
    retrospective=True,
)
ELEVEN_TOWNS = TWO_TOWNS.model_copy(
    update={
        "title": "Elf Städte",
        "parties": (*(ags for ags in PARTIES if ags != KREIS), OTHER_TOWN),
    }
)


@dataclass(frozen=True)
class Measured:
    """The seconds of each turn."""

    title: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The one in the middle."""
        return median(self.seconds)


def measure(settings: Settings, turns: int, console: Console) -> Iterator[Measured]:
    """All hand-overs, on a running stack."""
    own = settings.model_copy(update={"database_url": database_url(settings)})
    engine = make_engine(own.database_url or "", application_name="vereinbar-bench")
    region = Region(own, session_factory(engine))
    _people(region)
    with client_of(child_environment(settings)):
        yield _measure(
            "ohne Dokumente (Beschlusslage → Unterzeichnung)",
            turns,
            console,
            lambda: _to_signing(region),
        )
        yield _measure(
            "elf Beschlussvorlagen (Abstimmung → Räte)",
            turns,
            console,
            lambda: _to_councils(region),
        )
    engine.dispose()


def _measure(title: str, turns: int, console: Console, turn: Callable[[], float]) -> Measured:
    rounds = track(range(turns), description=title, console=console)
    return Measured(title, tuple(turn() for _ in rounds))


def _people(region: Region) -> None:
    """The sample region, and a clerk for the eleventh town."""
    with transaction(region.sessions) as session:
        add_region(session, sample_region())
        add_region(session, region_from_directory(OTHER_KREIS))
        town = session.scalars(select(Body).where(Body.ags == OTHER_TOWN)).one()
        clerk = User(username="sb.elf", display_name="Sachbearbeitung", person_key="elf")
        clerk.duties = [Duty(role=Role.CLERK, body_id=town.id)]
        session.add(clerk)


def _to_signing(region: Region) -> float:
    """Two towns resolve; measured from the confirmation of the resolutions on."""
    case = _frozen(region, TWO_TOWNS, ("schwerte", "kamen"))
    region.wait_for_people(case, "agreement_councils")
    text = region.frozen_text(case)
    for name in ("schwerte", "kamen"):
        for day in (date(2026, 2, 2), date(2026, 2, 9)):
            region.act(case, f"sb.{name}", resolution(text, day))
    region.wait_for_people(case, "resolutions_check")
    confirmed = acts.ConfirmResolutions(confirmed_on=date(2026, 2, 16))
    return _timed(
        region, case, "signing", TaskKind.RECORD_SIGNATURE, 2,
        lambda: region.act(case, "recht.schwerte", confirmed),
    )  # fmt: skip


def _to_councils(region: Region) -> float:
    """Eleven towns agree; measured from the freezing of the text on."""
    towns = (*(slug for ags, slug in PARTIES.items() if ags != KREIS), "elf")
    case = _started(region, ELEVEN_TOWNS)
    _statements(region, case, towns)
    return _timed(
        region, case, "agreement_councils", TaskKind.RECORD_RESOLUTION, 11,
        lambda: _freeze(region, case),
    )  # fmt: skip


def _started(region: Region, wanted: cases.StartCase) -> UUID:
    case = region.start(wanted)
    region.write(case, chair=SCHWERTE, advance=())
    region.wait_for_people(case, "drafting")
    region.submit(case)
    region.wait_for_people(case, "coordination")
    return case


def _statements(region: Region, case: UUID, towns: tuple[str, ...]) -> None:
    for name in towns:
        region.act(case, f"sb.{name}", region.agreed())


def _freeze(region: Region, case: UUID) -> None:
    region.act(case, "recht.schwerte", acts.FreezeVersion(version=1, frozen_on=date(2026, 1, 9)))


def _frozen(region: Region, wanted: cases.StartCase, towns: tuple[str, ...]) -> UUID:
    case = _started(region, wanted)
    _statements(region, case, towns)
    _freeze(region, case)
    return case


def _timed(
    region: Region, case: UUID, key: str, kind: TaskKind, tasks: int, decide: Callable[[], None]
) -> float:
    decide()
    before = time.perf_counter()
    until(
        lambda: region.open_tasks(case).count(kind) == tasks,
        f"{tasks} tasks of {key}",
        longest_pause=0.05,
    )
    seconds = time.perf_counter() - before
    region.wait_for_people(case, key)
    assert region.stage(case, key).state is StageState.OPEN
    return seconds
