"""What the administration is told: a fault, a standstill, a mail that did not arrive."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import clock
from agreements.model.enums import NoticeKind, Role
from agreements.model.people import Duty, User
from agreements.notices import tell


def tell_operators(session: Session, key: str, sentence: str, *, urgent: bool = True) -> int:
    """Tell every admin the sentence, once for each ``key``; returns how many are told."""
    today = clock.today()
    admins = session.scalars(
        select(User.id)
        .join(Duty, Duty.user_id == User.id)
        .where(
            User.active,
            Duty.role == Role.ADMIN,
            Duty.valid_from.is_(None) | (Duty.valid_from <= today),
            Duty.valid_to.is_(None) | (Duty.valid_to >= today),
        )
        .order_by(User.id)
    )
    data = {"sentence": sentence}
    return tell(session, admins, NoticeKind.OPERATOR, key, data=data, urgent=urgent)
