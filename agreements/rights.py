"""Rights of others that stand against the revocation of a resolution (§ 60 Abs. 1 GO NRW)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements.errors import Conflict
from agreements.model.cases import Case, Stage
from agreements.model.conclusion import Signature
from agreements.model.enums import StageState
from agreements.model.funding import Application
from agreements.resolutions import Matter


def rights_of_others(session: Session, case: Case, since: date) -> tuple[str, ...]:
    """Rights of others that may have arisen since that day, as sentences."""
    return tuple(_rights(session, case, since))


def _rights(session: Session, case: Case, since: date) -> Iterator[str]:
    submitted = session.scalar(
        select(Application.submitted_on).where(
            Application.case_id == case.id, Application.submitted_on >= since
        )
    )
    if submitted is not None:
        yield f"Der Förderantrag ist am {submitted:%d.%m.%Y} eingereicht worden."
    signed = session.scalar(
        select(Signature.signed_on)
        .join(Stage, Stage.id == Signature.stage_id)
        .where(
            Signature.case_id == case.id,
            Signature.signed_on >= since,
            Stage.state != StageState.SUPERSEDED,
        )
        .order_by(Signature.signed_on)
        .limit(1)
    )
    if signed is not None:
        yield f"Die Vereinbarung ist seit dem {signed:%d.%m.%Y} von Beteiligten unterschrieben."


def require_no_rights_of_others(
    session: Session, matter: Matter, reason: str, legal_basis: str
) -> None:
    """Refuse a revocation if rights of others have arisen, unless a reason is given."""
    found = rights_of_others(session, matter.case, matter.resolution.decided_on)
    if found and not reason:
        raise Conflict(
            "rights-of-others",
            " ".join(found) + " Eine Aufhebung ist nicht möglich, soweit dadurch schon Rechte "
            f"anderer entstanden sind ({legal_basis}).",
            "third_party_rights",
            "eine Begründung, warum die Aufhebung gleichwohl möglich ist",
        )
