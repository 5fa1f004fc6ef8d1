"""Mails over HTTP: everybody reads their own, the administration sees what became of all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, update

from agreements import clock, mail
from agreements.ids import new_id
from agreements.model.enums import MailRhythm, MailState, NoticeKind
from agreements.model.notices import Mail
from agreements.model.people import User
from agreements.notices import tell
from tests.api.world import PASSWORD, World, ok, refused


def told(world: World, username: str = "sb.kamen", email: str | None = "sb@kamen.de") -> UUID:
    """A mail that tells the person something."""
    with world.sessions.begin() as session:
        user = session.scalars(
            update(User)
            .where(User.username == username)
            .values(email=email, mail_rhythm=MailRhythm.IMMEDIATELY)
            .returning(User.id)
        ).one()
        data = {"sentence": f"Sie vertreten ab heute jemanden in {username}."}
        tell(session, [user], NoticeKind.SUBSTITUTION, str(new_id()), data=data)
    with world.sessions.begin() as session, clock.fixed(clock.now().replace(hour=9)):
        mail.collect(session)
    with world.sessions() as session:
        query = select(Mail.id).where(Mail.user_id == user).order_by(Mail.id.desc())
        return session.scalars(query.limit(1)).one()


def fail(world: World, mail_id: UUID, state: MailState = MailState.FAILED) -> None:
    with world.sessions.begin() as session:
        values = {"state": state, "last_error": "550 5.1.1 Postfach unbekannt", "attempts": 3}
        session.execute(update(Mail).where(Mail.id == mail_id).values(values))


def test_everybody_reads_their_own_mails_with_their_text(world: World) -> None:
    told(world)
    told(world, "recht.kamen")
    [found] = ok(world.as_("sb.kamen").get("/me/mails"))["items"]
    assert found["state_label"] == "wartet"
    assert "Sie vertreten ab heute jemanden in sb.kamen." in found["text"]
    assert "recht.kamen" not in str(found)


def test_without_an_address_they_are_read_there_all_the_same(world: World) -> None:
    with world.sessions.begin() as session:
        user = session.scalars(select(User).where(User.username == "sb.kamen")).one()
        user.email = None
        tell(session, [user.id], NoticeKind.SUBSTITUTION, "x", data={"sentence": "Hallo."})
    with world.sessions.begin() as session, clock.fixed(clock.now().replace(day=2)):
        assert mail.collect(session) == 1
    [found] = ok(world.as_("sb.kamen").get("/me/mails"))["items"]
    assert found["state"] == "kept"


def test_the_administration_sees_what_became_of_mails_but_not_their_text(world: World) -> None:
    failed = told(world)
    told(world, "recht.kamen")
    fail(world, failed)
    answer = world.as_("admin").get("/mails", params={"state": "failed"})
    [found] = ok(answer)["items"]
    assert (found["id"], found["address"]) == (str(failed), "sb@kamen.de")
    assert found["last_error"] == "550 5.1.1 Postfach unbekannt"
    assert found["next_attempt_at"] is None
    assert "text" not in found
    refused(world.as_("recht.kamen").get("/mails"), 403, "not-permitted")


def test_lists_come_in_pages(world: World) -> None:
    ids = [str(told(world, name)) for name in ("sb.kamen", "recht.kamen", "sb.schwerte")]
    admin, seen, cursor = world.as_("admin"), list[str](), None
    while True:
        query: dict[str, Any] = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = ok(admin.get("/mails", params=query))
        seen += [found["id"] for found in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ids[::-1]


def test_a_failed_mail_is_sent_again_to_the_address_of_today(world: World) -> None:
    failed = told(world)
    fail(world, failed)
    with world.sessions.begin() as session:
        session.execute(
            update(User).where(User.username == "sb.kamen").values(email="neu@kamen.de")
        )
    admin, headers = world.as_("admin"), {"Idempotency-Key": "1"}
    first = admin.post(f"/mails/{failed}/retry", headers=headers)
    assert (ok(first)["state"], ok(first)["address"]) == ("waiting", "neu@kamen.de")
    assert ok(admin.post(f"/mails/{failed}/retry", headers=headers)) == ok(first)
    refused(admin.post(f"/mails/{failed}/retry"), 409, "mail-not-given-up")
    refused(admin.post(f"/mails/{new_id()}/retry"), 404, "mail-unknown")
    refused(world.as_("sb.kamen").post(f"/mails/{failed}/retry"), 403, "not-permitted")


@pytest.mark.parametrize("change", [{"email": None}, {"mail_rhythm": MailRhythm.NEVER}])
def test_nobody_is_sent_mail_without_an_address_or_against_their_wish(
    world: World, change: dict[str, object]
) -> None:
    failed = told(world)
    fail(world, failed, MailState.KEPT)
    with world.sessions.begin() as session:
        session.execute(update(User).where(User.username == "sb.kamen").values(change))
    refused(world.as_("admin").post(f"/mails/{failed}/retry"), 409, "mail-without-address")


def test_everybody_chooses_their_own_rhythm(world: World) -> None:
    clerk = world.as_("sb.kamen")
    assert ok(clerk.get("/me/mail-rhythm"))["rhythm"] == "daily"
    wanted = {"rhythm": "weekly", "hour": 14, "weekday": 4}
    changed = ok(clerk.put("/me/mail-rhythm", json=wanted))
    assert changed["sentence"].endswith(
        "donnerstags gesammelt um 14 Uhr, Dringendes am nächsten Morgen."
    )
    assert ok(clerk.get("/me/mail-rhythm")) == changed
    assert ok(world.as_("recht.kamen").get("/me/mail-rhythm"))["rhythm"] == "daily"


@pytest.mark.parametrize(
    "wrong",
    [
        {"rhythm": "hourly"},
        {"rhythm": "daily", "hour": 24},
        {"rhythm": "weekly", "weekday": 0},
        {"rhythm": "daily", "email": "ich@woanders.de"},
        {},
    ],
)
def test_a_rhythm_that_is_none_is_refused(world: World, wrong: dict[str, object]) -> None:
    refused(world.as_("sb.kamen").put("/me/mail-rhythm", json=wrong), 422, "invalid-input")


def test_the_page_behind_the_link_of_a_mail_changes_the_rhythm(world: World) -> None:
    told(world)
    with httpx.Client(
        base_url=world.address,
        trust_env=False,
        timeout=60,
        follow_redirects=True,
        headers={"Origin": world.address},
    ) as tab:
        form = {"username": "sb.kamen", "password": PASSWORD, "weiter": "/einstellungen"}
        shown = tab.post("/anmeldung", data=form)
        assert "Sie erhalten Nachrichten von vereinbar sofort" in shown.text
        assert "Sie vertreten ab heute jemanden in sb.kamen." in tab.get("/nachrichten").text
        saved = tab.post("/einstellungen", data={"rhythm": "never", "hour": "7", "weekday": "1"})
        assert "Gespeichert." in saved.text
        assert "Sie erhalten Nachrichten von vereinbar nie" in saved.text
        for hour in ("25", ""):
            late = {"rhythm": "daily", "hour": hour, "weekday": "1"}
            refused = tab.post("/einstellungen", data=late)
            assert refused.status_code == 422
            assert "Gesammelt um (Uhr)" in refused.text
        foreign = {"Origin": "https://example.org"}
        other = {"rhythm": "daily", "hour": "7", "weekday": "1"}
        assert tab.post("/einstellungen", data=other, headers=foreign).status_code == 403
    assert ok(world.as_("sb.kamen").get("/me/mail-rhythm"))["rhythm"] == "never"
