"""The signing set of a case: what is needed of every party, what is there, what stands against it.

A set that cannot be valid is not printed: ``objections`` says why, each in a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import course, drafting, signatories, standing
from agreements.dossier.jobs import Purpose
from agreements.errors import Refusal
from agreements.glossary import label
from agreements.law.rules import FormRequirement, form_required, law_of
from agreements.model.bodies import Body
from agreements.model.cases import Case, Stage
from agreements.model.conclusion import Signature, SignedCopy
from agreements.model.enums import CopyState, SignatureForm, StageKind, StageState, VersionKind
from agreements.model.records import Document
from agreements.signatories import Asked, Entitled
from agreements.signing import SATISFIES

_OVER = (StageState.NOT_DUE, StageState.SKIPPED, StageState.BLOCKED)


@dataclass(frozen=True, slots=True)
class Objection:
    """Why signing cannot lead to a valid agreement. ``body``: whom it concerns; None: all."""

    code: str
    sentence: str
    body: Body | None = None


@dataclass(frozen=True, slots=True)
class FiledCopy:
    """A signed copy of a party with its file."""

    copy: SignedCopy
    document: Document


@dataclass(frozen=True, slots=True)
class PartySigning:
    """What is needed of a party, and what is there. ``missing``: in sentences."""

    body: Body
    needed: int
    entitled: Sequence[Entitled]
    signature: Signature | None
    copies: Sequence[FiledCopy]
    missing: Sequence[str]


@dataclass(frozen=True, slots=True)
class SigningSet:
    """The whole set, as it stands when signed on ``on``. ``required`` None: no rule says it."""

    on: date
    text_hash: str | None
    required: FormRequirement | None
    print_set: Document | None
    parties: Sequence[PartySigning]
    objections: Sequence[Objection]


def objections(
    session: Session, case: Case, on: date, form: SignatureForm | None = None
) -> list[Objection]:
    """What stands against signing on that day, in the form that is intended (None: the needed)."""
    return list(_Look(session, case, on).objections(form))


def overview(
    session: Session, case: Case, on: date, form: SignatureForm | None = None
) -> SigningSet:
    """The signing set as it stands."""
    look = _Look(session, case, on)
    return SigningSet(
        on=on,
        text_hash=look.text_hash,
        required=look.required,
        print_set=print_set_of(session, case, look.text_hash),
        parties=look.parties(),
        objections=list(look.objections(form)),
    )


def signing_stage(session: Session, case: Case) -> Stage | None:
    """The case's stage of signing, the latest round of it."""
    stages = course.stages_of(session, case).values()
    return next((stage for stage in stages if stage.kind is StageKind.SIGNING), None)


def print_set_of(session: Session, case: Case, text_hash: str | None) -> Document | None:
    """The print set of that text; None: not made yet."""
    return session.scalar(
        select(Document)
        .where(
            Document.case_id == case.id,
            Document.purpose == Purpose.PRINT_SET.value,
            Document.text_hash == text_hash,
        )
        .order_by(Document.id.desc())
        .limit(1)
    )


class _Look:
    """A case as it is looked at for signing on a day."""

    def __init__(self, session: Session, case: Case, on: date) -> None:
        self.session, self.case, self.on = session, case, on
        self.bodies = course.parties_of(session, case)
        self.text_hash = drafting.frozen_hash(session, case.id, VersionKind.AGREEMENT)
        self.required: FormRequirement | None = None
        self.no_rule = ""
        try:
            self.required = form_required(law_of(case.land, on), case.instrument, on)
        except Refusal as refusal:
            self.no_rule = refusal.message
        registers = signatories.registers(session, [body.id for body in self.bodies])
        self.entitled = {
            body.id: signatories.entitled_on(registers[body.id], body, on) for body in self.bodies
        }

    @property
    def needed(self) -> int:
        return self.required.signatures_needed if self.required is not None else 1

    def asked(self, body: Body) -> Asked:
        basis = self.required.signatures_basis if self.required is not None else ""
        return Asked(body, self.on, self.needed, basis)

    def objections(self, form: SignatureForm | None) -> Iterator[Objection]:
        if self.text_hash is None:
            yield Objection("no-frozen-text", "Es gibt keinen festgeschriebenen Text.")
        else:
            yield from self._resolutions(self.text_hash)
        yield from self._stage()
        yield from self._form(form)
        for body in self.bodies:
            yield from self._signatories(body)
        for one, other in combinations(self.bodies, 2):
            yield from self._one_for_two(one, other)

    def _resolutions(self, text_hash: str) -> Iterator[Objection]:
        decided = {
            d.body_id
            for d in standing.decisions_of(self.session, self.case.id)
            if d.holds_for(text_hash)
        }
        for body in self.bodies:
            if body.id not in decided:
                yield Objection(
                    "resolution-missing",
                    f"Es fehlt ein wirksamer Beschluss {body.forms['council_genitive']} zu dieser "
                    "Textfassung.",
                    body,
                )

    def _stage(self) -> Iterator[Objection]:
        stage = signing_stage(self.session, self.case)
        if stage is None or stage.state in _OVER:
            reason = f" {stage.reason}" if stage is not None and stage.reason else ""
            yield Objection("signing-not-due", f"Die Unterzeichnung steht noch nicht an.{reason}")

    def _form(self, form: SignatureForm | None) -> Iterator[Objection]:
        if self.required is None:
            yield Objection("no-rule", self.no_rule)
        elif form is not None and form not in SATISFIES[self.required.kind]:
            allowed = " oder ".join(label(f) for f in SATISFIES[self.required.kind])
            yield Objection(
                "wrong-form",
                f"Vorgesehen ist: {label(form)}. Das genügt nicht; {self.required.basis} verlangt: "
                f"{allowed}.",
            )

    def _signatories(self, body: Body) -> Iterator[Objection]:
        entitled = self.entitled[body.id]
        if signatories.can_sign(entitled, self.needed):
            return
        code = "not-enough-signatories" if entitled else "nobody-may-sign"
        sentence = (
            f"Für {body.forms['accusative']} kann am {self.on:%d.%m.%Y} niemand wirksam "
            f"unterschreiben. {self._lacking(body)}"
        )
        yield Objection(code, sentence, body)

    def _lacking(self, body: Body) -> str:
        entitled, asked = self.entitled[body.id], self.asked(body)
        if not entitled:
            return signatories.who_could(asked, entitled)
        known = ", ".join(map(str, entitled))
        if self.needed == 1:
            return f"Eingetragen sind nur: {known}."
        return (
            "Nötig sind zwei Unterschriften, eine davon von der Verwaltungsspitze oder ihrer "
            f"allgemeinen Vertretung ({asked.basis}); eingetragen sind nur: {known}."
        )

    def _one_for_two(self, one: Body, other: Body) -> Iterator[Objection]:
        for person in self.entitled[one.id]:
            if self._depends_on(one, person) and self._depends_on(other, person):
                yield Objection(
                    "one-for-two-parties",
                    f"{person.name} müsste für {one.forms['accusative']} und für "
                    f"{other.forms['accusative']} unterschreiben. Für zwei Beteiligte kann "
                    "dieselbe Person nicht unterschreiben; bitte eine weitere Person eintragen.",
                    one,
                )

    def _depends_on(self, body: Body, person: Entitled) -> bool:
        """Whether nobody can represent the body without this person."""
        entitled = self.entitled[body.id]
        others = [p for p in entitled if not signatories.same_person(p.name, person.name)]
        return len(others) < len(entitled) and not signatories.can_sign(others, self.needed)

    def parties(self) -> list[PartySigning]:
        signed = self._signatures()
        copies = self._copies()
        return [
            PartySigning(
                body=body,
                needed=self.needed,
                entitled=self.entitled[body.id],
                signature=signed.get(body.id),
                copies=copies.get(body.id, ()),
                missing=list(self._missing(signed.get(body.id), copies.get(body.id, ()))),
            )
            for body in self.bodies
        ]

    def _missing(self, signature: Signature | None, copies: Sequence[FiledCopy]) -> Iterator[str]:
        if copies and copies[-1].copy.state is CopyState.TO_CONFIRM:
            yield "Eine zweite Person muss die abgelegte Ausfertigung bestätigen."
        if signature is None:
            number = "Zwei Unterschriften sind" if self.needed > 1 else "Die Unterschrift ist"
            yield f"{number} zu erfassen."
        if not copies:
            yield "Eine Ausfertigung (Scan oder elektronisch signierte Datei) ist nicht abgelegt."

    def _signatures(self) -> dict[UUID, Signature]:
        rows = self.session.scalars(
            select(Signature)
            .where(Signature.case_id == self.case.id, Signature.text_hash == self.text_hash)
            .order_by(Signature.id)
        )
        return {row.body_id: row for row in rows}

    def _copies(self) -> dict[UUID, list[FiledCopy]]:
        found: dict[UUID, list[FiledCopy]] = {}
        for copy, document in self.session.execute(
            select(SignedCopy, Document)
            .join(Document, Document.id == SignedCopy.document_id)
            .where(SignedCopy.case_id == self.case.id, SignedCopy.text_hash == self.text_hash)
            .order_by(SignedCopy.id)
        ):
            found.setdefault(copy.body_id, []).append(FiledCopy(copy, document))
        return found
