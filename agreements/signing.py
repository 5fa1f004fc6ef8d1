"""Signing: every party signs the frozen text, in the form that the law asks for on that day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, bindparam, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from agreements import automation, clock, course, drafting, signatories, standing, tasks
from agreements.acts import RecordSignature
from agreements.database.prepared import prepared
from agreements.decision import Decision, Recorded, check_day, check_text
from agreements.errors import Conflict, Refusal
from agreements.glossary import label
from agreements.journal import Event
from agreements.law.rules import FormRequirement, form_required, law_of
from agreements.law.tables import FormKind
from agreements.model.base import Base, Json
from agreements.model.bodies import Body, Signatory
from agreements.model.cases import Case, Stage
from agreements.model.conclusion import Signature, SignedCopy
from agreements.model.enums import (
    CopyKind,
    CopyState,
    FindingWeight,
    SignatureForm,
    SigningCapacity,
    StageKind,
    TaskKind,
    VersionKind,
)
from agreements.model.records import Document
from agreements.signatories import Asked

SATISFIES: Final[Mapping[FormKind, tuple[SignatureForm, ...]]] = {
    FormKind.WRITTEN: (SignatureForm.WRITTEN, SignatureForm.QUALIFIED_ELECTRONIC),
    FormKind.TEXT: tuple(SignatureForm),
    FormKind.NONE: tuple(SignatureForm),
}
_FORMS_OF_COPY: Final[Mapping[CopyKind, tuple[SignatureForm, ...]]] = {
    CopyKind.SCAN: (SignatureForm.WRITTEN, SignatureForm.TEXT),
    CopyKind.ELECTRONIC: (SignatureForm.QUALIFIED_ELECTRONIC, SignatureForm.TEXT),
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
    """A party has signed, by persons who may, in the form that is needed, under the frozen text."""
    session, case = decision.session, decision.case
    with session.no_autoflush:  # so far only the task is done: that is written with the rest
        text_hash = drafting.frozen_hash(session, case.id, VersionKind.AGREEMENT)
        if text_hash is None:
            raise Conflict("no-frozen-text", "Es gibt keinen festgeschriebenen Text.")
        check_text("text_hash", act.text_hash, text_hash)
        known = _known(session, decision, text_hash)
    check_day(
        "signed_on",
        act.signed_on,
        not_before=course.base_day(session, case, decision.stage, decision.stages),
        why="der Feststellung der Beschlusslage",
    )
    required = _check_form(decision, act)
    _check_persons(session, decision, act, known, required)
    copy = _copy_of(act, known)
    session.add(
        Signature(
            case_id=case.id,
            stage_id=decision.stage.id,
            body_id=decision.task.body_id,
            signed_on=act.signed_on,
            signatory_name=act.signatory_name,
            signatory_function=act.signatory_function,
            co_signatory_name=act.co_signatory_name,
            co_signatory_function=act.co_signatory_function,
            form=act.form,
            text_hash=act.text_hash,
            copy_id=copy.id if copy is not None else None,
            recorded_by=decision.actor.user_id,
            recorded_at=clock.now(),
        )
    )
    data: Json = {"form": act.form.value, "text_hash": act.text_hash}
    if act.namesake_because:
        data["namesake_because"] = act.namesake_because
    if copy is not None:
        data["content_hash"] = copy.content_hash
    return Recorded(Event.SIGNATURE_RECORDED, act.signed_on, data)


def _check_form(decision: Decision, act: RecordSignature) -> FormRequirement:
    case = decision.case
    law = law_of(case.land, act.signed_on)
    required = form_required(law, case.instrument, act.signed_on)
    allowed = SATISFIES[required.kind]
    if act.form not in allowed:
        raise Refusal(
            "wrong-form",
            f"{label(act.form)} genügt nicht: {required.basis} verlangt eine andere Form.",
            "form",
            " oder ".join(label(form) for form in allowed),
        )
    return required


def _names(act: RecordSignature) -> list[str]:
    return [act.signatory_name, *filter(None, (act.co_signatory_name,))]


def _check_persons(
    session: Session,
    decision: Decision,
    act: RecordSignature,
    known: Known,
    required: FormRequirement,
) -> None:
    body = session.get_one(Body, decision.task.body_id)
    asked = Asked(body, act.signed_on, required.signatures_needed, required.signatures_basis)
    signatories.judge(asked, known.entitled(body, act.signed_on), _names(act))
    for name in _names(act):
        other = next((o for o in known.others if signatories.same_person(o.name, name)), None)
        if other is not None and not act.namesake_because:
            raise Refusal(
                "signatory-of-another-party",
                f"{name} hat schon für {other.body} unterschrieben; für zwei Beteiligte kann "
                "dieselbe Person nicht unterschreiben. Sind es zwei Menschen gleichen Namens, "
                "bitte das begründen.",
                "namesake_because",
            )


def _copy_of(act: RecordSignature, known: Known) -> CopyFact | None:
    """The signed copy that this signature stands on: the one named, else the latest filed."""
    copy = known.copy(act.document_id)
    if copy is None:
        if act.document_id is None:
            return None
        raise Refusal(
            "copy-unknown",
            "Zu diesem Dokument gibt es keine unterschriebene Ausfertigung dieser Beteiligten "
            "von der festgeschriebenen Textfassung.",
            "document_id",
        )
    if copy.state is CopyState.TO_CONFIRM:
        raise Conflict(
            "copy-unconfirmed",
            "Die abgelegte Ausfertigung muss erst eine zweite Person bestätigen: "
            + " ".join(copy.open_findings),
            "document_id",
        )
    if act.form not in _FORMS_OF_COPY[copy.kind]:
        raise Refusal(
            "copy-of-another-form",
            f"Abgelegt ist: {label(copy.kind)}. Dazu passt nicht: {label(act.form)}.",
            "form",
            " oder ".join(label(form) for form in _FORMS_OF_COPY[copy.kind]),
        )
    _check_signers(act, copy)
    return copy


def _check_signers(act: RecordSignature, copy: CopyFact) -> None:
    """Whoever is recorded must be among those whose electronic signatures the file bears."""
    if copy.kind is CopyKind.SCAN or copy.state is CopyState.CONFIRMED:
        return
    for name in _names(act):
        if not any(signatories.same_person(name, signer) for signer in copy.signers):
            raise Refusal(
                "not-among-signers",
                f"Die abgelegte Datei trägt keine elektronische Signatur von {name}, sondern "
                f"von: {', '.join(copy.signers)}.",
                "signatory_name",
                ", ".join(copy.signers),
            )


@dataclass(frozen=True, slots=True)
class SignedElsewhere:
    """Who has signed the same text for another party."""

    body: str
    name: str


@dataclass(frozen=True, slots=True)
class CopyFact:
    """A signed copy of the body, as far as a signature is judged by it."""

    id: UUID
    document_id: UUID
    content_hash: str
    kind: CopyKind
    state: CopyState
    open_findings: tuple[str, ...]
    signers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What a signature is judged by: register, other parties' signatures, the body's copies."""

    register: tuple[Signatory, ...]
    others: tuple[SignedElsewhere, ...]
    copies: tuple[CopyFact, ...]

    def entitled(self, body: Body, on: date) -> list[signatories.Entitled]:
        """Who may sign for the body on that day."""
        return signatories.entitled_on(self.register, body, on)

    def copy(self, document_id: UUID | None) -> CopyFact | None:
        """The copy of that document; without one the latest."""
        if document_id is None:
            return self.copies[-1] if self.copies else None
        return next((copy for copy in self.copies if copy.document_id == document_id), None)


def _known(session: Session, decision: Decision, text_hash: str) -> Known:
    row = _material.first(
        session,
        case=decision.case.id,
        stage=decision.stage.id,
        body=decision.task.body_id,
        text_hash=text_hash,
    )
    assert row is not None  # three lists, whatever is in them
    register, others, copies = row
    return Known(
        tuple(_signatory(entry) for entry in register or []),
        tuple(
            SignedElsewhere(entry["body"], name)
            for entry in others or []
            for name in (entry["name"], entry["co_name"])
            if name is not None
        ),
        tuple(sorted(map(_copy, copies or []), key=lambda copy: copy.id)),
    )


def _signatory(entry: Json) -> Signatory:
    days = {
        key: date.fromisoformat(entry[key]) if entry[key] else None
        for key in ("valid_from", "valid_to")
    }
    # Only to be looked at: never added to the session.
    return Signatory(**(entry | days | {"capacity": SigningCapacity(entry["capacity"])}))


def _copy(entry: Json) -> CopyFact:
    return CopyFact(
        UUID(entry["id"]),
        UUID(entry["document_id"]),
        entry["content_hash"],
        CopyKind(entry["kind"]),
        CopyState(entry["state"]),
        tuple(f["sentence"] for f in entry["findings"] if f["weight"] == FindingWeight.CONFIRM),
        tuple(signer["name"] for signer in entry["signers"]),
    )


@prepared
def _material() -> Select[*tuple[Any, ...]]:
    """Register, others' signatures and the body's copies in one statement, as JSON lists."""
    register = _rows(
        select(*_columns(Signatory, "name", "function", "capacity", "alone", "basis"),
               Signatory.valid_from, Signatory.valid_to)
        .where(Signatory.body_id == bindparam("body"))
        .order_by(Signatory.id)
    )  # fmt: skip
    others = _rows(
        select(
            Body.forms["accusative"].astext.label("body"),
            Signature.signatory_name.label("name"),
            Signature.co_signatory_name.label("co_name"),
        )
        .join(Body, Body.id == Signature.body_id)
        .where(
            Signature.case_id == bindparam("case"),
            Signature.text_hash == bindparam("text_hash"),
            Signature.body_id != bindparam("body"),
        )
    )
    copies = _rows(
        select(
            *_columns(SignedCopy, "id", "document_id", "kind", "state", "findings", "signers"),
            Document.content_hash,
        )
        .join(Document, Document.id == SignedCopy.document_id)
        .where(
            SignedCopy.case_id == bindparam("case"),
            SignedCopy.text_hash == bindparam("text_hash"),
            SignedCopy.body_id == bindparam("body"),
            # Where signing is repeated, all sign again.
            SignedCopy.stage_id == bindparam("stage"),
        )
    )
    return select(register, others, copies)


def _columns(table: type[Base], *names: str) -> list[InstrumentedAttribute[Any]]:
    return [getattr(table, name) for name in names]


def _rows(query: Select[*tuple[Any, ...]]) -> ScalarSelect[Any]:
    rows = query.subquery()
    return select(func.jsonb_agg(func.to_jsonb(rows.table_valued()))).scalar_subquery()
