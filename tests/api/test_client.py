"""The command line's client and player on the served API: refusals, lost sessions, stuck cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from agreements import clock
from agreements.cli.client import ApiClient
from agreements.cli.demo_play import Player
from agreements.demo.story import load_story
from agreements.errors import Refusal
from agreements.model.cases import Stage, Task
from agreements.model.enums import StageState
from agreements.model.people import Token
from tests.api.world import PASSWORD, World
from tests.ports import nobody_listens


@pytest.fixture
def api(world: World) -> Iterator[ApiClient]:
    with ApiClient(world.address, PASSWORD, patience=5) as client:
        yield client


@pytest.fixture
def player(api: ApiClient) -> Player:
    return Player(api, load_story("sample_case"))


def test_a_refusal_keeps_its_code_and_field(api: ApiClient) -> None:
    with pytest.raises(Refusal) as refusal:
        api.post("recht.schwerte", "/cases", {"title": "?"})
    assert refusal.value.code == "invalid-input"
    assert refusal.value.field is not None


def test_a_wrong_password_is_a_refusal(world: World) -> None:
    with ApiClient(world.address, "falsch") as api, pytest.raises(Refusal, match="Kennwort"):
        api.get("sb.kamen", "/me")


def test_who_has_lost_the_session_signs_in_again(world: World, api: ApiClient) -> None:
    assert api.get("sb.kamen", "/me")["username"] == "sb.kamen"
    with world.sessions.begin() as session:
        session.execute(update(Token).values(expires_at=clock.now() - timedelta(days=1)))
    assert api.get("sb.kamen", "/me")["username"] == "sb.kamen"


def test_an_api_that_never_answers_is_one_sentence() -> None:
    with (
        nobody_listens() as port,
        ApiClient(f"http://127.0.0.1:{port}", PASSWORD, patience=0) as api,
        pytest.raises(Refusal, match=r"antwortet nicht.*vereinbar up"),
    ):
        api.get("sb.kamen", "/me")


@pytest.mark.parametrize(
    ("stuck", "sentence"),
    [
        ({"failure": "Die Vorlage fehlt."}, "„Entwurf“ ist gescheitert: Die Vorlage fehlt."),
        ({"halt_reason": "abgebrochen"}, "„Entwurf“ ist angehalten: abgebrochen"),
        (
            {"state": StageState.BLOCKED, "reason": "Rat hat abgelehnt."},
            "„Entwurf“ geht nicht weiter: Rat hat abgelehnt.",
        ),
    ],
)
def test_a_stuck_stage_is_told(
    world: World, player: Player, stuck: dict[str, Any], sentence: str
) -> None:
    reference = player.start()
    if "halt_reason" in stuck:
        stuck = {**stuck, "halted_at": clock.now()}
    with world.sessions.begin() as session:
        session.execute(update(Stage).where(Stage.key == "drafting").values(**stuck))
    with pytest.raises(Refusal) as refusal:
        player.play(reference)
    assert refusal.value.message == f"Der Schritt {sentence}"


def test_a_case_that_stands_still_says_what_is_missing(
    world: World, player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody carries out the machine's part."""
    monkeypatch.setattr("agreements.cli.demo_play.STANDSTILL_SECONDS", 0.0)
    with pytest.raises(Refusal, match=r"kommt seit .* nicht voran\. Entwurf: .+"):
        player.play(player.start())


def test_playing_on_does_nothing_twice(world: World, player: Player) -> None:
    """The player stops wherever its stage waits, and goes on from what is there."""
    reference = player.start()
    world.drive()
    assert player.play(reference, "drafting")["reference"] == reference
    assert player.acts_done() == 1
    answered = player.play(reference, "drafting")
    assert answered["stages"][0]["state"] == "open"
    with world.sessions.begin() as session:
        assert len(session.scalars(select(Task)).all()) == 1
