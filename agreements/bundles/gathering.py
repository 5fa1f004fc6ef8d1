"""What goes into a bundle, as far as the person who asks may read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import access, clock, course, discretion, dossier, sights
from agreements.bundles.extras import Extra, extras
from agreements.bundles.kinds import SECTIONS, TITLES, BundleKind, Section
from agreements.bundles.names import safe_name
from agreements.dossier.pdfs import Wanted
from agreements.errors import Conflict
from agreements.extracts import UPLOAD
from agreements.ids import new_id
from agreements.model.bodies import Body
from agreements.model.cases import Case, Stage, Task
from agreements.model.enums import PartyRole, Role
from agreements.model.records import Document
from agreements.model.work import TaskAttachment
from agreements.people import Actor
from agreements.sights import Sight

ATTACHED: Final = "Anlagen zu Aufgaben"


class NothingToBundle(Conflict):
    """There is no document yet that belongs into the bundle."""

    def __init__(self, title: str) -> None:
        super().__init__(
            "nothing-to-bundle",
            f"Für die {title} gibt es noch kein Dokument. Sie entsteht, sobald der Vorgang die "
            "ersten Dokumente dafür hat.",
        )
        self.args = (title,)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and what they see of the case."""

    actor: Actor
    sight: Sight

    @classmethod
    def installation(cls, case: Case) -> Asker:
        """Whoever has the machine and its database: the whole case."""
        bodies = frozenset(party.body_id for party in case.parties)
        actor = Actor(
            new_id(), "", "Administration (Kommandozeile)", "", frozenset({(Role.ADMIN, None)})
        )
        return cls(actor, Sight(True, bodies, bodies, applicant=True, operator=True))


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored file of a bundle, with what a reader must know of it."""

    wanted: Wanted
    section: str
    title: str
    purpose: str
    body: str
    number: int
    dated_on: date
    size: int
    text_hash: str | None
    template_hash: str
    confidential: bool

    @property
    def source(self) -> str:
        """Where the file comes from, in words."""
        return "hochgeladen" if self.wanted.template == UPLOAD else "von vereinbar erstellt"

    @property
    def version(self) -> str:
        """Which text and which file it is, in words."""
        parts = []
        if self.text_hash:
            parts.append(f"Text {self.text_hash[:8]}…")
        if self.number > 1:
            parts.append(f"{self.number}. Datei")
        if self.confidential:
            parts.append("nichtöffentlich")
        return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Bundle:
    """What to make of a bundle: its entries in order, and what its title page says."""

    kind: BundleKind
    title: str
    reference: str
    project: str
    lead: str
    parties: tuple[str, ...]
    made_for: str
    made_at: datetime
    entries: tuple[Entry, ...]
    extras: tuple[Extra, ...] = ()

    @property
    def file_name(self) -> str:
        """Its name without an ending."""
        return safe_name(f"{self.title} {self.reference} {self.project}")

    @property
    def made_on(self) -> date:
        """The day, in Berlin."""
        return self.made_at.astimezone(clock.BERLIN).date()


def gather(session: Session, case: Case, asker: Asker, kind: BundleKind) -> Bundle:
    """The bundle of a case for a person.

    Refuses people who see no contents, and a bundle for which there is no document yet.
    """
    asker.sight.require_contents()
    if kind is BundleKind.APPLICATION:
        asker.sight.require_funding()
    visible = [
        document
        for document in dossier.documents_of(session, case.id)
        if sights.may_read(asker.sight, document)
    ]
    bodies = {body.id: body for body in session.scalars(select(Body))}
    stages = session.scalars(
        select(Stage).where(Stage.case_id == case.id).order_by(Stage.position, Stage.number)
    ).all()
    more: tuple[Extra, ...] = ()
    if kind is BundleKind.CASE_FILE:
        more = tuple(extras(session, case, asker.actor, asker.sight))
        entries = [*_by_stage(case, stages, visible, bodies), *_attached(session, case, asker)]
    else:
        entries = list(_by_section(SECTIONS[kind], stages, visible, bodies))
        if not entries:
            raise NothingToBundle(TITLES[kind])
    lead = next(party.body for party in case.parties if PartyRole.LEAD in party.roles)
    return Bundle(
        kind=kind,
        title=TITLES[kind],
        reference=case.reference,
        project=case.title,
        lead=lead.name,
        parties=tuple(party.body.name for party in case.parties if party.left_on is None),
        made_for=asker.actor.name,
        made_at=clock.now(),
        entries=tuple(entries),
        extras=more,
    )


def _by_stage(
    case: Case, stages: Sequence[Stage], documents: Sequence[Document], bodies: dict[UUID, Body]
) -> Iterable[Entry]:
    titles = {stage.key: stage.title for stage in course.procedure_of(case).stages}
    for stage in stages:
        again = f" ({stage.number}. Runde)" if stage.number > 1 else ""
        section = f"{titles.get(stage.key, stage.key)}{again}"
        for document in documents:
            if document.stage_id == stage.id:
                yield _entry(document, section, bodies)


def _by_section(
    sections: Sequence[Section],
    stages: Sequence[Stage],
    documents: Sequence[Document],
    bodies: dict[UUID, Body],
) -> Iterable[Entry]:
    """The latest of each; of alternatives, only those of the first purpose that there is."""
    keys = {stage.id: stage.key for stage in stages}
    latest = {
        (d.purpose, d.body_id, d.subject_id, keys[d.stage_id]): d
        for d in sorted(documents, key=lambda d: (d.written_at, d.number, d.id))
    }
    for section in sections:
        for purpose in section.purposes:
            found = [d for d in latest.values() if d.purpose == purpose]
            for document in sorted(found, key=lambda d: (d.dated_on, d.id)):
                yield _entry(document, section.title, bodies)
            if found and section.alternatives:
                break


def _entry(document: Document, section: str, bodies: dict[UUID, Body]) -> Entry:
    body = bodies.get(document.body_id) if document.body_id else None
    return Entry(
        wanted=Wanted.of(document),
        section=section,
        title=document.title,
        purpose=document.purpose,
        body=body.name if body else "",
        number=document.number,
        dated_on=document.dated_on,
        size=document.size,
        text_hash=document.text_hash,
        template_hash=document.template_hash,
        confidential=document.confidential,
    )


def _attached(session: Session, case: Case, asker: Asker) -> Iterable[Entry]:
    """Files at tasks; those of a non-public consultation as ``remarks`` shows them."""
    rows = session.execute(
        select(TaskAttachment, Task, Body)
        .join(Task, Task.id == TaskAttachment.task_id)
        .join(Body, Body.id == Task.body_id)
        .where(TaskAttachment.case_id == case.id, TaskAttachment.removed_at.is_(None))
        .order_by(TaskAttachment.id)
    )
    for attachment, task, body in rows:
        private = discretion.private_body(session, task.consultation_id)
        if private is not None and not asker.sight.in_confidence(private):
            continue
        if access.sees_task(session, asker.sight, task):
            yield Entry(
                wanted=Wanted(
                    attachment.id, attachment.file_name, attachment.media_type, UPLOAD,
                    attachment.content_hash, None,
                ),
                section=ATTACHED,
                title=f"{attachment.file_name} (zu „{task.title}“)",
                purpose="task_attachment",
                body=body.name,
                number=1,
                dated_on=attachment.filed_at.astimezone(clock.BERLIN).date(),
                size=attachment.size,
                text_hash=None,
                template_hash="",
                confidential=private is not None,
            )  # fmt: skip
