"""Templates over their life: uploaded and checked, released by a second person, rolled back.

Who: legal staff. For documents of their own body they upload and release among themselves; a
template for the whole installation is released by legal staff of another body than the
uploader's, so that no body changes the documents of all others on its own. The file in the folder
``templates`` is version 0 of every template.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from agreements import clock, people
from agreements.documents.inspection.findings import Finding, accepted
from agreements.documents.registry import template_by_id
from agreements.documents.store import DocumentStore
from agreements.dossier.jobs import DocumentJob
from agreements.errors import Conflict, NotFound, NotPermitted, Refusal
from agreements.model.cases import Party, Stage
from agreements.model.enums import PartyRole, Role
from agreements.model.people import User
from agreements.model.templates import TemplateRelease, TemplateVersion
from agreements.people import Actor
from agreements.queries import bodies as body_queries
from agreements.texts import Printable

SHIPPED: Final = 0
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1000), Printable
]
Trial = Callable[[bytes], list[Finding]]


class Inspect(Protocol):
    """How a file is judged: ``guarded.Inspector.inspect``."""

    def __call__(
        self, content: bytes, file_name: str, template_id: str | None = None
    ) -> list[Finding]:
        """The findings about a file."""


class ReleaseTemplate(BaseModel):
    """Eine hochgeladene Vorlage freigeben."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Reason


class RollBackTemplate(BaseModel):
    """Zu einer früheren Fassung zurückkehren; 0 ist die mitgelieferte Datei."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Annotated[int, Field(ge=0, le=2_147_483_647)]
    reason: Reason


class TemplateRefused(Refusal):
    """A file is not accepted as a template; nothing of it was stored."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        against = [finding for finding in findings if finding.refuses]
        first = against[0]
        more = f" (und {len(against) - 1} weitere Befunde)" if len(against) > 1 else ""
        where = ", ".join(part for part in (first.part, first.place) if part)
        super().__init__(
            "template-refused", f"Die Vorlage wird nicht angenommen: {where}: {first.message}{more}"
        )
        self.args = (tuple(findings),)
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Scope:
    """One template for one body, or for the whole installation."""

    template: str
    body_id: UUID | None

    def lock(self, session: Session) -> None:
        """Whoever changes the scope does so alone until the end of the transaction."""
        key = f"template-{self.template}-{self.body_id or 'all'}"
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": key})


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A version that was accepted, with hints."""

    version: TemplateVersion
    hints: list[Finding]


def upload(
    session: Session,
    actor: Actor,
    scope: Scope,
    file_name: str,
    note: str,
    content: bytes,
    *,
    inspect: Inspect,
    trial: Trial,
    store: DocumentStore,
) -> Uploaded:
    """Accept a changed template; it is used only after its release.

    trial: fills it with the data of stored cases; what fails there counts as a finding.
    """
    template_by_id(scope.template)
    require_legal(actor, scope)
    findings = list(inspect(content, file_name, scope.template))
    if accepted(findings):
        findings += trial(content)
    if not accepted(findings):
        raise TemplateRefused(findings)
    scope.lock(session)
    version = TemplateVersion(
        template=scope.template,
        body_id=scope.body_id,
        number=_highest(session, scope) + 1,
        file_name=file_name,
        content_hash=store.put(content),
        size=len(content),
        note=note,
        uploaded_by=actor.user_id,
        uploaded_at=clock.now(),
    )
    session.add(version)
    session.flush()
    return Uploaded(version, findings)


def release(
    session: Session, actor: Actor, version_id: UUID, wanted: ReleaseTemplate
) -> TemplateRelease:
    """Use a version from now on; a second person does it."""
    version = visible_version(session, actor, version_id)
    scope = Scope(version.template, version.body_id)
    require_legal(actor, scope)
    scope.lock(session)
    _require_second_person(session, actor, version)
    return _use(session, actor, scope, version, wanted.reason)


def roll_back(
    session: Session, actor: Actor, scope: Scope, wanted: RollBackTemplate
) -> TemplateRelease:
    """Use an earlier version again: one that two people have released before, or the shipped."""
    template_by_id(scope.template)
    require_legal(actor, scope)
    scope.lock(session)
    if wanted.number == SHIPPED:
        return _use(session, actor, scope, None, wanted.reason)
    released = select(TemplateRelease.version_id).where(*_of(TemplateRelease, scope))
    version = session.scalar(
        select(TemplateVersion).where(
            *_of(TemplateVersion, scope),
            TemplateVersion.number == wanted.number,
            TemplateVersion.id.in_(released),
        )
    )
    if version is None:
        raise Conflict(
            "template-never-released",
            f"Die Fassung {wanted.number} war nie freigegeben; zurückkehren lässt sich nur zu "
            "einer freigegebenen Fassung oder zu 0, der mitgelieferten Datei.",
            "number",
        )
    return _use(session, actor, scope, version, wanted.reason)


def current(session: Session, scope: Scope) -> TemplateVersion | None:
    """The version that documents of the scope use now; None: the shipped file.

    A body without a released version of its own uses the installation's.
    """
    for one in dict.fromkeys((scope, Scope(scope.template, None))):
        latest = _latest(session, one)
        if latest is not None and latest.version_id is not None:
            return session.get_one(TemplateVersion, latest.version_id)
    return None


def source_for(
    session: Session, job: DocumentJob, store: DocumentStore | None = None
) -> bytes | None:
    """The file that a document is to be written with; None: the shipped one."""
    version = current(session, Scope(job.template_id, writing_body(session, job)))
    if version is None:
        return None
    return (store or _store()).read(version.content_hash)


def writing_body(session: Session, job: DocumentJob) -> UUID | None:
    """Whose letterhead a document has: of its body, else of the lead of the case."""
    if job.body_id is not None:
        return job.body_id
    return session.scalar(
        select(Party.body_id)
        .join(Stage, Stage.case_id == Party.case_id)
        .where(
            Stage.id == job.stage_id,
            Party.roles.contains([PartyRole.LEAD]),
            Party.left_on.is_(None),
        )
    )


def scope_of(session: Session, template_id: str, ags: str | None) -> Scope:
    """The scope that a caller names; refuses a template or body that is not known here."""
    return Scope(template_by_id(template_id).id, body_queries.body_id(session, ags))


def versions(session: Session, actor: Actor, template_id: str) -> list[TemplateVersion]:
    """What was uploaded for a template, newest first: for all, and for the own bodies."""
    own = actor.bodies(Role.LEGAL)
    found = session.scalars(
        select(TemplateVersion)
        .where(TemplateVersion.template == template_id)
        .order_by(TemplateVersion.id.desc())
    )
    return [row for row in found if own and (row.body_id is None or row.body_id in own)]


def visible_version(session: Session, actor: Actor, version_id: UUID) -> TemplateVersion:
    """An uploaded version, if the actor may see it."""
    version = session.get(TemplateVersion, version_id)
    own = actor.bodies(Role.LEGAL)
    if version is None or not own or (version.body_id is not None and version.body_id not in own):
        raise NotFound("template-version-unknown", "Diese Fassung einer Vorlage gibt es nicht.")
    return version


def releases(session: Session, scope: Scope) -> list[TemplateRelease]:
    """Which version was used since when, newest first."""
    return list(
        session.scalars(
            select(TemplateRelease)
            .where(*_of(TemplateRelease, scope))
            .order_by(TemplateRelease.number.desc())
        )
    )


def require_legal(actor: Actor, scope: Scope) -> None:
    """Refuse all but legal staff of the body; for the installation, of any body."""
    bodies = actor.bodies(Role.LEGAL)
    actor.require(
        bool(bodies) if scope.body_id is None else scope.body_id in bodies,
        "Vorlagen einer Körperschaft ändert nur deren Rechtsamt; Vorlagen für alle ändern die "
        "Rechtsämter gemeinsam.",
    )


def _require_second_person(session: Session, actor: Actor, version: TemplateVersion) -> None:
    uploader = session.get_one(User, version.uploaded_by)
    if uploader.person_key == actor.person_key:
        raise NotPermitted(
            "second-person-needed",
            "Eine Vorlage gibt eine andere Person frei als die, die sie hochgeladen hat.",
        )
    theirs = people.actor_of(uploader).bodies(Role.LEGAL)
    if version.body_id is None and actor.bodies(Role.LEGAL) <= theirs:
        raise NotPermitted(
            "second-body-needed",
            "Eine Vorlage für alle gibt das Rechtsamt einer anderen Körperschaft frei als das, "
            "das sie hochgeladen hat.",
        )


def _use(
    session: Session, actor: Actor, scope: Scope, version: TemplateVersion | None, reason: str
) -> TemplateRelease:
    latest = _latest(session, scope)
    now_used = latest.version_id if latest is not None else None
    if now_used == (version.id if version is not None else None):
        raise Conflict(
            "template-in-use", "Diese Fassung der Vorlage wird schon verwendet. Bitte neu laden."
        )
    row = TemplateRelease(
        template=scope.template,
        body_id=scope.body_id,
        number=(latest.number if latest is not None else 0) + 1,
        version_id=version.id if version is not None else None,
        reason=reason,
        released_by=actor.user_id,
        released_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def _latest(session: Session, scope: Scope) -> TemplateRelease | None:
    return next(iter(releases(session, scope)), None)


def _highest(session: Session, scope: Scope) -> int:
    highest = select(func.max(TemplateVersion.number)).where(*_of(TemplateVersion, scope))
    return session.scalar(highest) or SHIPPED


def _of(
    table: type[TemplateVersion | TemplateRelease], scope: Scope
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (table.template == scope.template, table.body_id.is_not_distinct_from(scope.body_id))


def _store() -> DocumentStore:
    from agreements.settings import get_settings

    return DocumentStore(get_settings().documents)
