"""Signing: every party signs the frozen text, in the form that the law asks for on that day."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from agreements import automation, clock, course, drafting, standing, tasks
from agreements.acts import RecordSignature
from agreements.decision import Decision, Recorded, check_day, check_text
from agreements.errors import Conflict, Refusal
from agreements.glossary import label
from agreements.journal import Event
from agreements.law.rules import form_required, law_of
from agreements.law.tables import FormKind
from agreements.model.cases import Case, Stage
from agreements.model.conclusion import Signature
from agreements.model.enums import SignatureForm, StageKind, TaskKind, VersionKind

_SATISFIES = {
    FormKind.WRITTEN: (SignatureForm.WRITTEN, SignatureForm.QUALIFIED_ELECTRONIC),
    FormKind.TEXT: tuple(SignatureForm),
    FormKind.NONE: tuple(SignatureForm),
}


def open_signing(session: Session, stage_id: UUID) -> None:
    """Ask every party for its signature, except those who have signed this very text already.

    Where the Beschlusslage is stated anew, a signature still counts if the body's resolution is
    not younger; where signing itself is repeated, all sign again.
    """
    found = course.locked_live(session, stage_id)
    if found is None:
        return
    case, stage = found
    version = drafting.frozen_version(session, case.id, VersionKind.AGREEMENT)
    signed = _still_signed(session, case, version.text_hash) if version is not None else set()
    definition = tasks.definition_of(case, stage, TaskKind.RECORD_SIGNATURE)
    for body_id in tasks.addressees(session, case, definition.of):
        if body_id not in signed:
            tasks.open_task(session, stage, body_id, definition)
    automation.mark_prepared(session, case, stage)


def _still_signed(session: Session, case: Case, text_hash: str) -> set[UUID]:
    decided = {
        d.body_id: d.decided_on
        for d in standing.decisions_of(session, case.id)
        if d.holds_for(text_hash) and d.decided_on is not None
    }
    # Ids sort by the time of their making.
    stated_since = exists().where(
        Stage.case_id == case.id,
        Stage.kind == StageKind.RESOLUTIONS_CHECK,
        Stage.id > Signature.stage_id,
    )
    rows = session.execute(
        select(Signature.body_id, Signature.signed_on).where(
            Signature.case_id == case.id, Signature.text_hash == text_hash, stated_since
        )
    )
    return {body_id for body_id, on in rows if body_id in decided and decided[body_id] <= on}


def record_signature(decision: Decision, act: RecordSignature) -> Recorded:
    """A party has signed."""
    session, case = decision.session, decision.case
    with session.no_autoflush:  # so far only the task is done: that is written with the rest
        text_hash = drafting.frozen_hash(session, case.id, VersionKind.AGREEMENT)
    if text_hash is None:
        raise Conflict("no-frozen-text", "Es gibt keinen festgeschriebenen Text.")
    check_text("text_hash", act.text_hash, text_hash)
    check_day(
        "signed_on",
        act.signed_on,
        not_before=course.base_day(session, case, decision.stage, decision.stages),
        why="der Feststellung der Beschlusslage",
    )
    _check_form(decision, act)
    session.add(
        Signature(
            case_id=case.id,
            stage_id=decision.stage.id,
            body_id=decision.task.body_id,
            signed_on=act.signed_on,
            signatory_name=act.signatory_name,
            signatory_function=act.signatory_function,
            form=act.form,
            text_hash=act.text_hash,
            recorded_by=decision.actor.user_id,
            recorded_at=clock.now(),
        )
    )
    return Recorded(
        Event.SIGNATURE_RECORDED,
        act.signed_on,
        {"form": act.form.value, "text_hash": act.text_hash},
    )


def _check_form(decision: Decision, act: RecordSignature) -> None:
    case = decision.case
    law = law_of(case.land, act.signed_on)
    required = form_required(law, case.instrument, act.signed_on)
    allowed = _SATISFIES[required.kind]
    if act.form not in allowed:
        raise Refusal(
            "wrong-form",
            f"{label(act.form)} genügt nicht: {required.basis} verlangt eine andere Form.",
            "form",
            " oder ".join(label(form) for form in allowed),
        )
