"""The parties' notices of the publication (§ 24 Abs. 3 Satz 2 GkG NRW)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from sqlalchemy import exists, select

from agreements.documents import data
from agreements.documents.filters import datum
from agreements.dossier.agreement import answer_of, answered_approval
from agreements.dossier.asked import Particulars
from agreements.dossier.jobs import DocumentJob
from agreements.dossier.material import Material, agreement_of, forms_of, mark_of
from agreements.errors import StepFailure
from agreements.model.bodies import Body
from agreements.model.cases import Party
from agreements.model.conclusion import Approval, Publication
from agreements.model.enums import VersionKind
from agreements.publication import publication_of


def due_notice(look: Material, job: DocumentJob) -> data.NoticeData:
    """The notice of one party, when the publication is known."""
    if job.body_id is None:
        raise StepFailure(f"{job.title}: Für diese Körperschaft ist kein Hinweis vorgesehen.")
    return _notice(look, look.session.get_one(Body, job.body_id), look.legal_day)


def ordered_notice(look: Material, party: Party | None, given: Particulars) -> data.NoticeData:
    """The notice of a party with the date of its own Bekanntmachung."""
    if party is None:
        raise StepFailure("Ein Hinweis gehört zu einer Beteiligten.")
    return _notice(look, party.body, given.dated_on)


def ready(look: Material, party: Party | None) -> None:
    """There is nothing to point to before the authority has published."""
    published(look)


def published(look: Material) -> Publication:
    """The publication of the agreement."""
    found = publication_of(look.session, look.case.id)
    if found is None:
        raise StepFailure(
            "Die Bekanntmachung fehlt. Bitte im Schritt „Bekanntmachung“ erfassen, in welcher "
            "Ausgabe des Veröffentlichungsblattes sie steht."
        )
    return found


def place_of(look: Material) -> str:
    """Where the agreement is published, as it stands after "im"."""
    found = published(look)
    page = f", Seite {found.page}" if found.page else ""
    return f"{found.gazette}, Ausgabe {found.issue} vom {datum(found.published_on)}{page}"


def _notice(look: Material, body: Body, dated_on: date) -> data.NoticeData:
    found, forms = published(look), forms_of(body)
    version = look.frozen(VersionKind.AGREEMENT)
    return data.NoticeData(
        file_reference=look.case.reference,
        dated_on=dated_on,
        author=forms.name,
        body=forms,
        parties=look.forms,
        agreement_title=agreement_of(version).title,
        text=mark_of(version),
        approval=_answer(look),
        gazette=found.gazette,
        issue=found.issue,
        page=found.page or "",
        published_on=found.published_on,
        effective_on=found.effective_on,
        effective_basis=found.effective_basis,
    )


def _answer(look: Material) -> Literal["approved", "deemed_approved", "filed"]:
    asked = select(exists().where(Approval.case_id == look.case.id))
    if not look.session.scalar(asked):
        return "filed"
    return answer_of(answered_approval(look))[0]
