"""Due dates: who moves which, with what reason and proof, and which the law alone moves."""

from __future__ import annotations

from datetime import date, time

import pytest

from agreements import clock, course, detours, duedates
from agreements.database.engine import transaction
from agreements.errors import Conflict, NotFound, NotPermitted, Refusal, StaleVersion
from agreements.ids import new_id
from agreements.journal import Event
from agreements.model.cases import Case, Task
from agreements.model.enums import DueKind, NoticeKind, Role, TaskKind
from agreements.model.work import TaskAttachment
from tests.agreements.reminders.desk import Desk, Told
from tests.story import KAMEN, SCHWERTE, actor

OPENED, DUE = date(2026, 6, 1), date(2026, 7, 13)
LEAD, HEAD = "recht.schwerte", "leitung.schwerte"
LETTER = "Schreiben vom 3. Juni 2026, Az. 31.04"


def refused(desk: Desk, username: str, task: Task, due_on: date, /, **more: object) -> Refusal:
    """The refusal to move; nothing has been written."""
    with pytest.raises(Refusal) as raised:
        desk.move(username, task, due_on, **more)
    with transaction(desk.sessions) as session:
        found = session.get_one(Task, task.id)
        assert (found.due_on, found.due_kind) == (task.due_on, task.due_kind)
        assert duedates.moves_of(session, task.id) == []
    return raised.value


# --- a Frist of one's own ----------------------------------------------------------------------


def test_whoever_works_on_it_moves_it_with_a_reason(desk: Desk) -> None:
    task = desk.task(TaskKind.SUBMIT_DRAFT)
    moved = desk.move(LEAD, task, date(2026, 8, 3), reason="Der Kostenschlüssel wird geprüft.")
    assert (moved.due_on, moved.due_kind) == (date(2026, 8, 3), DueKind.INTERNAL)
    assert moved.due_reason == (
        "Selbst gesetzte Frist bis zum 3. August 2026, bisher 13. Juli 2026: Der Kostenschlüssel "
        "wird geprüft."
    )
    entry = desk.entry(Event.DUE_DATE_MOVED)
    assert (entry.before, entry.after) == (
        {"due_on": "2026-07-13", "due_kind": "internal"},
        {"due_on": "2026-08-03", "due_kind": "internal"},
    )
    assert entry.reason == "Der Kostenschlüssel wird geprüft."
    with transaction(desk.sessions) as session:
        (found,) = duedates.moves_of(session, task.id)
        assert (found.move.moved_from, found.move.moved_to) == (DUE, date(2026, 8, 3))
        assert found.by == actor(session, LEAD).name


@pytest.mark.parametrize("username", [HEAD, LEAD, "sb.kamen"])
def test_a_statement_is_moved_by_its_clerk_the_supervisor_and_the_lead(
    desk: Desk, username: str
) -> None:
    desk.do(TaskKind.SUBMIT_DRAFT)
    mover = "leitung.kamen" if username == HEAD else username
    desk.move(mover, desk.task(TaskKind.GIVE_STATEMENT, KAMEN), date(2026, 7, 15))
    assert desk.task(TaskKind.GIVE_STATEMENT, KAMEN).due_on == date(2026, 7, 15)


@pytest.mark.parametrize("username", ["sb.kreis-unna", "recht.kamen", "leitung.schwerte"])
def test_others_do_not_move_it(desk: Desk, username: str) -> None:
    desk.do(TaskKind.SUBMIT_DRAFT)
    task = desk.task(TaskKind.GIVE_STATEMENT, KAMEN)
    refusal = refused(desk, username, task, date(2026, 7, 15))
    assert (type(refusal), refusal.code) == (NotPermitted, "due-date-of-others")
    assert "Sachbearbeitung (Stadt Kamen), Leitung (Stadt Kamen)" in refusal.message
    assert "Rechtsamt (Stadt Schwerte)" in refusal.message


def test_whoever_stands_in_moves_it_in_the_others_place(desk: Desk) -> None:
    desk.appoint("sb2.schwerte", Role.CLERK, SCHWERTE)
    desk.away(LEAD, None, "sb2.schwerte")
    desk.move("sb2.schwerte", desk.task(TaskKind.SUBMIT_DRAFT), date(2026, 8, 3))
    with transaction(desk.sessions) as session:
        assert desk.entry(Event.DUE_DATE_MOVED).on_behalf_of == actor(session, LEAD).name


def test_whoever_works_on_it_is_told_unless_they_moved_it_themselves(desk: Desk) -> None:
    task = desk.task(TaskKind.SUBMIT_DRAFT)
    desk.move(HEAD, task, date(2026, 8, 3))
    assert desk.heard() == [Told(OPENED, LEAD, NoticeKind.DUE_MOVED)]
    desk.move(LEAD, task, date(2026, 8, 4))
    assert len(desk.heard()) == 1


def test_it_is_not_moved_into_the_past_but_to_today(desk: Desk) -> None:
    task = desk.task(TaskKind.SUBMIT_DRAFT)
    refusal = refused(desk, LEAD, task, date(2026, 5, 31))
    assert (refusal.code, refusal.field) == ("due-date-past", "due_on")
    assert desk.move(LEAD, task, OPENED).due_on == OPENED


def test_today_is_the_day_in_germany(desk: Desk) -> None:
    """At half past eleven in the evening in London it is tomorrow in Kamen."""
    with desk.on(date(2026, 6, 2), time(0, 30)):
        assert clock.now().utctimetuple().tm_mday == 1
        refusal = refused(desk, LEAD, desk.task(TaskKind.SUBMIT_DRAFT), date(2026, 6, 1))
    assert refusal.code == "due-date-past"


def test_the_same_day_is_no_move(desk: Desk) -> None:
    assert refused(desk, LEAD, desk.task(TaskKind.SUBMIT_DRAFT), DUE).code == "due-date-unchanged"


def test_a_frist_of_ones_own_may_end_on_a_sunday(desk: Desk) -> None:
    moved = desk.move(LEAD, desk.task(TaskKind.SUBMIT_DRAFT), date(2026, 7, 12))
    assert moved.due_on == date(2026, 7, 12)


def test_a_reason_is_a_sentence(desk: Desk) -> None:
    with pytest.raises(ValueError, match="at least 3 characters"):
        desk.move(LEAD, desk.task(TaskKind.SUBMIT_DRAFT), date(2026, 8, 3), reason="  ")


def test_a_task_that_is_done_has_no_frist_any_more(desk: Desk) -> None:
    task = desk.task(TaskKind.SUBMIT_DRAFT)
    desk.do(TaskKind.SUBMIT_DRAFT)
    assert refused(desk, LEAD, task, date(2026, 8, 3)).code == "task-not-open"


def test_two_at_once_do_not_overwrite_each_other(desk: Desk) -> None:
    task = desk.task(TaskKind.SUBMIT_DRAFT)
    desk.move(LEAD, task, date(2026, 8, 3))
    wanted = duedates.MoveDueDate(due_on=date(2026, 8, 10), reason="Noch später.")
    with transaction(desk.sessions) as session:
        case = course.locked_case(session, desk.case_id)
        who = actor(session, HEAD)
        with pytest.raises(StaleVersion):
            duedates.move(session, who, case, task.id, wanted, task.version)
    assert desk.task(TaskKind.SUBMIT_DRAFT).due_on == date(2026, 8, 3)


# --- a Frist that an authority has set ---------------------------------------------------------


def asked_for_queries(desk: Desk) -> Task:
    """The lead asks itself to answer the authority; no date yet."""
    wanted = detours.OpenAdHoc(
        stage="drafting",
        body=SCHWERTE,
        role=Role.LEGAL,
        title="Rückfragen der Bewilligungsbehörde beantworten",
        reason="Die Bezirksregierung hat Fragen.",
        decided_on=OPENED,
    )
    desk.detour(detours.open_ad_hoc, wanted)
    task = desk.task(TaskKind.AD_HOC)
    assert task.due_on is None
    return task


def test_the_lead_notes_what_an_authority_has_set_with_its_paper(desk: Desk) -> None:
    task = asked_for_queries(desk)
    refusal = refused(desk, LEAD, task, date(2026, 6, 30), kind="authority")
    assert (refusal.code, refusal.field) == ("proof-missing", "proof")
    reason = "Die Bezirksregierung hat sie gesetzt."
    moved = desk.move(LEAD, task, date(2026, 6, 30), kind="authority", proof=LETTER, reason=reason)
    assert moved.due_kind is DueKind.AUTHORITY
    assert moved.due_reason == (
        f"Von einer Behörde gesetzt auf den 30. Juni 2026: {reason} Nachweis: {LETTER}."
    )
    assert desk.entry(Event.DUE_DATE_SET).data["proof"] == LETTER


def test_only_the_leads_legal_staff_notes_it(desk: Desk) -> None:
    task = asked_for_queries(desk)
    refusal = refused(desk, HEAD, task, date(2026, 6, 30), kind="authority", proof=LETTER)
    assert (type(refusal), refusal.code) == (NotPermitted, "authority-date-by-lead")


def test_only_the_authority_extends_it_and_it_stays_the_authoritys(desk: Desk) -> None:
    task = asked_for_queries(desk)
    desk.move(LEAD, task, date(2026, 6, 30), kind="authority", proof=LETTER)
    with pytest.raises(Refusal, match="setzt und verlängert nur die Behörde"):
        desk.move(HEAD, task, date(2026, 7, 31))
    with pytest.raises(Refusal) as raised:
        desk.move(LEAD, task, date(2026, 7, 31), kind="internal", proof=LETTER)
    assert raised.value.code == "due-date-of-an-authority"
    moved = desk.move(
        HEAD, task, date(2026, 7, 31), proof="Bescheid vom 25. Juni 2026", reason="Auf Antrag."
    )
    assert moved.due_reason == (
        "Von der Behörde verlängert bis zum 31. Juli 2026 (§ 31 Abs. 7 VwVfG NRW): Auf Antrag. "
        "Nachweis: Bescheid vom 25. Juni 2026."
    )


@pytest.mark.parametrize(
    ("how", "day", "said"),
    [
        (
            "period",
            date(2026, 10, 5),
            "Der 3. Oktober 2026 ist ein gesetzlicher Feiertag (Tag der Deutschen Einheit); die "
            "Frist endet am nächsten Werktag, Montag, 5. Oktober 2026 (§ 31 Abs. 3 VwVfG NRW).",
        ),
        ("announced", date(2026, 10, 3), "bekannt gegeben (§ 31 Abs. 3 VwVfG NRW Satz 2)."),
        ("appointment", date(2026, 10, 3), "ein Termin bleibt (§ 31 Abs. 5 VwVfG NRW)."),
    ],
)
def test_its_end_moves_from_a_holiday_unless_that_very_day_was_announced(
    desk: Desk, how: str, day: date, said: str
) -> None:
    """3 October 2026 is a Saturday and the Day of German Unity."""
    task = asked_for_queries(desk)
    given = {"kind": "authority", "proof": LETTER, "day": how}
    moved = desk.move(LEAD, task, date(2026, 10, 3), **given)
    assert moved.due_on == day
    assert (moved.due_reason or "").endswith(said)


def test_the_file_of_the_paper_is_an_attachment_of_the_task(desk: Desk) -> None:
    task = asked_for_queries(desk)
    other = desk.task(TaskKind.SUBMIT_DRAFT)
    file, foreign = attach(desk, task), attach(desk, other)
    refusal = refused(desk, LEAD, task, date(2026, 6, 30), kind="authority", attachment_id=foreign)
    assert (type(refusal), refusal.code) == (NotFound, "attachment-unknown")
    moved = desk.move(LEAD, task, date(2026, 6, 30), kind="authority", attachment_id=file)
    assert moved.due_on == date(2026, 6, 30)


def attach(desk: Desk, task: Task) -> object:
    with transaction(desk.sessions) as session:
        attachment = TaskAttachment(
            id=new_id(),
            task_id=task.id,
            case_id=task.case_id,
            author_id=actor(session, LEAD).user_id,
            file_name="Schreiben.pdf",
            media_type="application/pdf",
            size=3,
            content_hash="0" * 64,
            filed_at=clock.now(),
        )
        session.add(attachment)
        return attachment.id


def test_the_application_is_due_at_the_programmes_cut_off(desk: Desk) -> None:
    desk.start(programme="ikz-nrw", applicant=SCHWERTE, principle_round=False)
    desk.finish(before="funding_application")
    task = desk.task(TaskKind.SUBMIT_APPLICATION)
    assert (task.due_on, task.due_kind) == (date(2026, 12, 31), DueKind.AUTHORITY)
    assert "Anträge bis zum 31. Dezember 2026" in (task.due_reason or "")


# --- a Frist that the law sets -----------------------------------------------------------------


def test_a_statutory_frist_follows_from_its_facts_and_is_not_moved(desk: Desk) -> None:
    desk.to_authority()
    desk.do(TaskKind.SUBMIT_TO_AUTHORITY)
    task = desk.task(TaskKind.RECORD_AUTHORITY_ANSWER)
    assert (task.due_on, task.due_kind) == (date(2026, 6, 29), DueKind.STATUTORY)
    refusal = refused(desk, LEAD, task, date(2026, 7, 31), proof=LETTER)
    assert (type(refusal), refusal.code) == (Conflict, "due-date-statutory")
    assert "Der Antrag ist eingegangen am Montag, 1. Juni 2026" in refusal.message
    assert "Verfahrensschritt wiederholen" in refusal.message
    with transaction(desk.sessions) as session:
        case = session.get_one(Case, desk.case_id)
        assert duedates.movers(session, actor(session, LEAD), case, task) == []


def test_nobody_sets_a_statutory_frist_by_hand(desk: Desk) -> None:
    task = asked_for_queries(desk)
    refusal = refused(desk, LEAD, task, date(2026, 6, 30), kind="statutory")
    assert (refusal.code, refusal.field) == ("due-date-statutory", "kind")


def test_when_it_has_run_out_the_lead_hears_what_may_follow(desk: Desk) -> None:
    desk.appoint("recht2.schwerte", Role.LEGAL, SCHWERTE)
    desk.to_authority()
    desk.do(TaskKind.SUBMIT_TO_AUTHORITY)
    desk.claim(LEAD, desk.task(TaskKind.RECORD_AUTHORITY_ANSWER))
    desk.pass_days(OPENED, date(2026, 6, 30))
    said = desk.heard_in_words(NoticeKind.REMINDER_AFTER, of=TaskKind.RECORD_AUTHORITY_ANSWER)
    assert [(t.on, t.username) for t in said] == [
        (date(2026, 6, 30), LEAD),
        (date(2026, 6, 30), "recht2.schwerte"),
    ]
    assert "Genehmigungsfiktion" in said[0].sentence
    assert "§ 42a Abs. 3 VwVfG" in said[0].sentence
    # The answer stays a person's act.
    assert desk.task(TaskKind.RECORD_AUTHORITY_ANSWER).completed_at is None


# --- dates of what is recorded afterwards ------------------------------------------------------


def test_what_is_recorded_afterwards_gets_no_frist_of_today(desk: Desk) -> None:
    desk.start(retrospective=True, started_on=date(2025, 1, 13))
    assert desk.task(TaskKind.SUBMIT_DRAFT).due_on is None


def test_nobody_is_reminded_of_what_was_over_when_it_was_recorded(desk: Desk) -> None:
    desk.to_authority(retrospective=True, started_on=date(2025, 1, 13))
    desk.do(TaskKind.SUBMIT_TO_AUTHORITY)
    task = desk.task(TaskKind.RECORD_AUTHORITY_ANSWER)
    desk.move_at_will(task, due_on=date(2026, 3, 2))
    desk.pass_days(OPENED, date(2026, 7, 31))
    assert desk.heard(of=TaskKind.RECORD_AUTHORITY_ANSWER) == [
        Told(OPENED, LEAD, NoticeKind.TASK_OPENED)
    ]
