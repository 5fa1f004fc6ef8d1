"""Drafting and coordination: text versions, the parties' statements, the frozen text."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Select, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from agreements import carrying, clock, course, journal, substitution, tasks
from agreements.acts import FreezeVersion, GiveStatement, SubmitDraft
from agreements.database.prepared import Prepared
from agreements.decision import Decision, Recorded, check_day
from agreements.documents.clauses import AgreementTerms, PrincipleTerms
from agreements.documents.content import CanonicalContent, Content, PrincipleContent, text_hash
from agreements.errors import Conflict, Refusal
from agreements.journal import Event
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party, Stage, Task
from agreements.model.drafting import Statement, TextVersion
from agreements.model.enums import (
    Condition,
    PartyRole,
    Role,
    Round,
    StageKind,
    StageState,
    TaskKind,
    TaskState,
    Verdict,
    VersionKind,
)
from agreements.people import Actor

_CONTENT: TypeAdapter[CanonicalContent | PrincipleContent] = TypeAdapter(Content)

_WRITABLE_IN = {
    VersionKind.PRINCIPLE: (StageKind.DRAFTING,),
    VersionKind.AGREEMENT: (StageKind.DRAFTING, StageKind.COORDINATION),
}


def content_of(version: TextVersion) -> CanonicalContent | PrincipleContent:
    """The canonical content of a stored version."""
    return _CONTENT.validate_python(version.content)


def write_version(
    session: Session,
    actor: Actor,
    case_id: UUID,
    terms: AgreementTerms | PrincipleTerms,
    content: CanonicalContent | PrincipleContent,
    *,
    note: str,
    written_on: date,
) -> TextVersion:
    """Write a new version. In coordination all parties are asked about it again.

    terms: what the content was assembled from; papers take their reasons from them.

    Only legal staff of the lead, only while the text is being drafted or coordinated.
    """
    case = course.locked_case(session, case_id)
    actor = as_author(session, actor, case)
    kind = VersionKind(content.kind)
    stage = writable_stage(session, case, kind)
    check_day("written_on", written_on, not_before=case.started_on, why="dem Beginn des Vorgangs")
    _check_parties(session, case, content)
    version = _add_version(session, actor, case, terms, content, note, written_on)
    if stage.kind is StageKind.COORDINATION and stage.prepared_at is not None:
        ask_again(session, case, stage)
    journal.append(
        session,
        case,
        Event.VERSION_WRITTEN,
        actor,
        legal_date=written_on,
        data={"kind": kind.value, "version": version.number, "text_hash": version.text_hash},
    )
    course.judge(session, case)
    return version


def as_author(session: Session, actor: Actor, case: Case) -> Actor:
    """The actor as legal staff of the lead, who writes the text; refuses all others."""
    lead = _lead(session, case)
    for body_id in lead:
        actor = substitution.acting(session, actor, Role.LEGAL, body_id, case.id)
    actor.require(
        any(actor.holds(Role.LEGAL, body_id) for body_id in lead),
        "Textfassungen schreibt das Rechtsamt der federführenden Körperschaft.",
    )
    return actor


def _lead(session: Session, case: Case) -> list[UUID]:
    return list(
        session.scalars(
            select(Party.body_id).where(
                Party.case_id == case.id, Party.roles.contains([PartyRole.LEAD])
            )
        )
    )


def writable_stage(session: Session, case: Case, kind: VersionKind) -> Stage:
    """The stage in which the text is written now; refuses if it is not open."""
    # Between the freeze and the end of its stage the machine still has documents to write.
    if frozen_version(session, case.id, kind) is None:
        for stage in course.stages_of(session, case).values():
            open_now = stage.state in (StageState.READY, StageState.OPEN)
            if open_now and stage.kind in _WRITABLE_IN[kind]:
                return stage
    raise Conflict(
        "text-not-open",
        "Der Text kann im jetzigen Stand nicht geändert werden: Er ist festgeschrieben oder "
        "liegt bei den Gremien.",
    )


def _check_parties(
    session: Session, case: Case, content: CanonicalContent | PrincipleContent
) -> None:
    if isinstance(content, PrincipleContent):
        return
    named = {party.name for party in content.parties}
    expected = set(
        session.scalars(
            select(Body.forms["name"].astext)
            .join(Party, Party.body_id == Body.id)
            .where(Party.case_id == case.id, Party.left_on.is_(None))
        )
    )
    if missing := sorted(expected - named):
        raise Refusal(
            "party-missing-in-text", f"Im Text fehlen Beteiligte: {', '.join(missing)}.", "parties"
        )
    if strange := sorted(named - expected):
        raise Refusal(
            "party-unknown-in-text",
            f"Der Text nennt Körperschaften, die nicht beteiligt sind: {', '.join(strange)}.",
            "parties",
        )


def _add_version(
    session: Session,
    actor: Actor,
    case: Case,
    terms: AgreementTerms | PrincipleTerms,
    content: CanonicalContent | PrincipleContent,
    note: str,
    written_on: date,
) -> TextVersion:
    kind = VersionKind(content.kind)
    digest = text_hash(content)
    last = latest_version(session, case.id, kind)
    if last is not None and last.text_hash == digest:
        raise Conflict(
            "text-unchanged", f"Der Text ist derselbe wie in Fassung {last.number}; nichts zu tun."
        )
    version = TextVersion(
        case_id=case.id,
        kind=kind,
        number=last.number + 1 if last else 1,
        terms=terms.model_dump(mode="json"),
        content=content.model_dump(mode="json"),
        text_hash=digest,
        note=note,
        written_by=actor.user_id,
        written_on=written_on,
        written_at=clock.now(),
    )
    session.add(version)
    session.flush()
    return version


def ask_again(session: Session, case: Case, stage: Stage) -> None:
    """Ask every party for its statement again."""
    definition = tasks.definition_of(case, stage, TaskKind.GIVE_STATEMENT)
    for body_id in tasks.addressees(session, case, definition.of):
        tasks.open_task(session, stage, body_id, definition)


def latest_version(session: Session, case_id: UUID, kind: VersionKind) -> TextVersion | None:
    """The newest version of that kind."""
    return session.scalar(
        select(TextVersion)
        .where(TextVersion.case_id == case_id, TextVersion.kind == kind)
        .order_by(TextVersion.number.desc())
        .limit(1)
    )


def frozen_version(session: Session, case_id: UUID, kind: VersionKind) -> TextVersion | None:
    """The frozen version of that kind; None while the text is open (again)."""
    found = _frozen.first(session, case_id=case_id, kind=kind)
    return found[0] if found is not None else None


def frozen_hash(session: Session, case_id: UUID, kind: VersionKind) -> str | None:
    """The text hash of the frozen version of that kind, without reading its text."""
    found = _frozen_hash.first(session, case_id=case_id, kind=kind)
    return found[0] if found is not None else None


def _frozen_query() -> Select[TextVersion]:
    return (
        select(TextVersion)
        .where(
            TextVersion.case_id == bindparam("case_id"),
            TextVersion.kind == bindparam("kind"),
            TextVersion.frozen_at.is_not(None),
            TextVersion.superseded_at.is_(None),
        )
        .order_by(TextVersion.number.desc())
        .limit(1)
    )


_frozen: Final = Prepared(_frozen_query)
_frozen_hash: Final = Prepared(lambda: _frozen_query().with_only_columns(TextVersion.text_hash))


def submit_draft(decision: Decision, act: SubmitDraft) -> Recorded:
    """The lead's draft goes on; the wording of the Grundsatzbeschluss is frozen with it."""
    session, case = decision.session, decision.case
    check_day(
        "submitted_on", act.submitted_on, not_before=case.started_on, why="dem Beginn des Vorgangs"
    )
    agreement = latest_version(session, case.id, VersionKind.AGREEMENT)
    if agreement is None:
        raise Refusal(
            "no-version",
            "Es gibt noch keine Fassung der Vereinbarung. Bitte zuerst eine schreiben.",
        )
    if Condition.PRINCIPLE_ROUND in case.conditions:
        principle = latest_version(session, case.id, VersionKind.PRINCIPLE)
        if principle is None:
            raise Refusal(
                "no-principle-wording",
                "Der Vorgang hat eine Runde von Grundsatzbeschlüssen; deren Wortlaut fehlt noch.",
            )
        carrying.carry_over(decision, principle, Round.PRINCIPLE, act, act.submitted_on)
        _freeze(principle, act.submitted_on)
    return Recorded(
        Event.DRAFT_SUBMITTED,
        act.submitted_on,
        {"version": agreement.number, "text_hash": agreement.text_hash},
    )


def give_statement(decision: Decision, act: GiveStatement) -> Recorded:
    """A party says whether it agrees with the newest version."""
    version = _newest(decision, act.version)
    check_day("given_on", act.given_on, not_before=version.written_on, why="der Textfassung")
    if act.verdict is Verdict.CHANGES_WANTED and not act.comment:
        raise Refusal(
            "comment-missing", "Bitte angeben, welche Änderungen gewünscht werden.", "comment"
        )
    decision.session.add(
        Statement(
            version_id=version.id,
            body_id=decision.task.body_id,
            verdict=act.verdict,
            comment=act.comment,
            given_on=act.given_on,
            given_by=decision.actor.user_id,
            given_at=clock.now(),
        )
    )
    return Recorded(
        Event.STATEMENT_GIVEN,
        act.given_on,
        {"version": version.number, "verdict": act.verdict.value},
    )


def freeze_version(decision: Decision, act: FreezeVersion) -> Recorded:
    """From now on this is the text that the councils resolve."""
    version = _newest(decision, act.version)
    # Who takes part may have changed since it was written.
    _check_parties(decision.session, decision.case, content_of(version))
    waiting = decision.session.scalars(
        select(Body.forms["short"].astext)
        .join(Task, Task.body_id == Body.id)
        .where(
            Task.stage_id == decision.stage.id,
            Task.kind == TaskKind.GIVE_STATEMENT,
            Task.state == TaskState.OPEN,
        )
        .order_by(Body.ags)
    ).all()
    if waiting:
        raise Conflict(
            "statements-missing", "Es fehlt noch die Stellungnahme von: " + ", ".join(waiting) + "."
        )
    last_said = decision.session.scalar(
        select(func.max(Statement.given_on)).where(Statement.version_id == version.id)
    )
    check_day(
        "frozen_on",
        act.frozen_on,
        not_before=last_said or version.written_on,
        why="der letzten Stellungnahme",
    )
    if objecting := _objecting(decision.session, version):
        _require_reason(objecting, act.remark)
    carrying.carry_over(decision, version, Round.AGREEMENT, act, act.frozen_on)
    _freeze(version, act.frozen_on)
    return Recorded(
        Event.VERSION_FROZEN,
        act.frozen_on,
        {"version": version.number, "text_hash": version.text_hash, "remark": act.remark},
        reason=act.untouched_because or None,
    )


def _require_reason(objecting: list[str], remark: str) -> None:
    if not remark:
        raise Refusal(
            "reason-missing",
            f"Änderungen wünschen noch: {', '.join(objecting)}. Bitte eine neue Fassung schreiben "
            "oder begründen, warum der Text so bleibt.",
            "remark",
        )


def _objecting(session: Session, version: TextVersion) -> list[str]:
    """Who wanted changes to this version when it last spoke."""
    later = aliased(Statement)
    spoke_again = exists().where(
        later.version_id == Statement.version_id,
        later.body_id == Statement.body_id,
        later.id > Statement.id,
    )
    return list(
        session.scalars(
            select(Body.forms["short"].astext)
            .join(Statement, Statement.body_id == Body.id)
            .where(
                Statement.version_id == version.id,
                Statement.verdict == Verdict.CHANGES_WANTED,
                ~spoke_again,
            )
            .order_by(Body.ags)
        )
    )


def _newest(decision: Decision, number: int) -> TextVersion:
    version = latest_version(decision.session, decision.case.id, VersionKind.AGREEMENT)
    if version is None or version.number != number:
        current = version.number if version else "keine"
        raise Conflict(
            "version-not-newest", f"Die neueste Fassung ist {current}, nicht {number}.", "version"
        )
    return version


def _freeze(version: TextVersion, on: date) -> None:
    if version.frozen_at is None:
        version.frozen_on, version.frozen_at = on, clock.now()
    # Opened again in between and frozen as it was: what was resolved on it still holds.
    version.superseded_at = None
