"""``vereinbar sample``: the sample region with its people, and a case that waits for councils.

Repeatable: what is there stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from agreements.cli.client import Json
    from agreements.cli.demo_play import Player
    from agreements.cli.stack_state import StackState

# Of every sample account, and printed with them. Known to everybody, hence ``load_region``
# refuses an installation that has real accounts.
PASSWORD: Final = "muster-2026-kreis-unna"
UNTIL: Final = "agreement_councils"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sample account, for people to read."""

    username: str
    role: str
    body: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sample")(sample)


def sample() -> None:
    """Legt den Musterkreis und einen Mustervorgang an, der auf die Räte wartet."""
    from agreements.cli.client import ApiClient
    from agreements.cli.demo_play import Player
    from agreements.demo.story import load_story
    from agreements.settings import get_settings

    state = running_state(get_settings().data_dir)
    if load_region(state.database_url):
        typer.echo("Musterkreis Kreis Unna angelegt.")
    with ApiClient(state.api_url, PASSWORD) as api:
        player = Player(api, load_story("sample_case"))
        reference = _known_case(player) or player.start()
        case = player.play(reference, UNTIL)
    waiting = [s["title"] for s in case["stages"] if s["awaits"] == "people"]
    typer.echo(f"Mustervorgang {reference}: wartet bei {', '.join(waiting) or 'niemandem'}.")
    typer.echo(f"Kennwort aller Musterzugänge: {PASSWORD}")


def running_state(data_dir: Path) -> StackState:
    """The stack on this data folder; refuses if none runs."""
    from agreements.cli.stack_state import running_stack_state
    from agreements.errors import Conflict

    state = running_stack_state(data_dir)
    if state is None:
        raise Conflict(
            "stack-not-running",
            f"Auf den Daten in {data_dir} läuft nichts. Bitte zuerst „vereinbar up“ starten.",
        )
    return state


def load_region(database_url: str) -> bool:
    """Add the sample region and its people; False if all of them are there."""
    from sqlalchemy import select, text

    from agreements.errors import Conflict
    from agreements.model.people import User
    from agreements.regions.assemble import sample_region
    from agreements.regions.load import add_region

    with _transaction(database_url) as session:
        # Two commands may come at the same time.
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('sample-region'))"))
        wanted = {user.username for user in sample_region().users}
        known = set(session.scalars(select(User.username).where(User.username.in_(wanted))))
        if known == wanted:
            return False
        if session.scalar(select(User.username).where(~User.sample).limit(1)) is not None:
            raise Conflict(
                "real-accounts",
                "Auf dieser Anlage gibt es echte Konten; Musterdaten kommen hier nicht hinein, "
                "weil das Kennwort der Musterzugänge allgemein bekannt ist. Bitte mit "
                "VEREINBAR_DATA_DIR einen anderen Ordner nennen.",
            )
        add_region(session, sample_region(), sample_password=PASSWORD)
        return True


@contextmanager
def _transaction(database_url: str) -> Iterator[Session]:
    from agreements.database.engine import make_engine, transaction

    engine = make_engine(database_url, pool_size=1)
    try:
        with transaction(engine) as session:
            yield session
    finally:
        engine.dispose()


def _known_case(player: Player) -> str | None:
    """The sample case of an earlier call: same title, lead and start, running by today's dates."""
    wanted = player.story.case
    found: list[Json] = player.api.pages(player.lead, "/cases", q=wanted.title, limit=200)
    for line in reversed(found):
        if line["title"] == wanted.title and line["lead"]["ags"] == wanted.lead:
            case = player.api.get(player.lead, f"/cases/{line['reference']}")
            if not case["retrospective"]:
                return str(line["reference"])
    return None


def sign_ins(session: Session) -> list[SignIn]:
    """The sample accounts that have something to do now, the lead's legal staff and the admin."""
    from sqlalchemy import or_, select

    from agreements.glossary import label
    from agreements.model.bodies import Body
    from agreements.model.cases import Case, Party, Task
    from agreements.model.enums import PartyRole, Role, TaskState
    from agreements.model.people import Duty, User

    has_task = (
        select(Task.id)
        .where(
            Task.state == TaskState.OPEN,
            Task.role == Duty.role,
            Task.body_id == Duty.body_id,
        )
        .exists()
    )
    leads = (
        select(Party.body_id)
        .join(Case, Case.id == Party.case_id)
        .where(Party.body_id == Duty.body_id, Party.roles.contains([PartyRole.LEAD]))
        .exists()
    )
    rows = session.execute(
        select(User.username, Duty.role, Body.name)
        .join(Duty, Duty.user_id == User.id)
        .outerjoin(Body, Body.id == Duty.body_id)
        .where(
            User.sample,
            User.active,
            or_(has_task, Duty.role == Role.ADMIN, (Duty.role == Role.LEGAL) & leads),
        )
        .order_by(Duty.role, Body.ags.nulls_last(), User.username)
    )
    return [SignIn(username, label(role), body or "–") for username, role, body in rows]
