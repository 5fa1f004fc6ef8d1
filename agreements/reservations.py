"""Vorbehalt: whether the reservation of a resolution is fulfilled, and what follows if it fails."""

from __future__ import annotations

from agreements import clock, resolutions
from agreements.acts import SettleReservation
from agreements.councils.recording import law_for
from agreements.decision import Decision, Recorded, check_day
from agreements.errors import Conflict
from agreements.journal import Event
from agreements.model.enums import ReservationState
from agreements.standing import Worth


def settle_reservation(decision: Decision, act: SettleReservation) -> Recorded:
    """Fulfilled, the resolution counts fully; failed, it is void and the body decides again."""
    session, case = decision.session, decision.case
    assert decision.task.subject_id is not None, "the task is about a resolution"
    matter = resolutions.find(session, decision.actor, case, decision.task.subject_id)
    reservation = matter.resolution.reservation
    if reservation is None or matter.worth is not Worth.CONDITIONAL:
        raise Conflict(
            "reservation-settled", f"{matter.what} hat keinen Vorbehalt, der noch offen ist."
        )
    check_day(
        "settled_on",
        act.settled_on,
        not_before=matter.resolution.decided_on,
        why="dem Beschluss",
    )
    before = {"reservation": reservation.state.value, "worth": matter.worth.value}
    reservation.state = ReservationState.FULFILLED if act.fulfilled else ReservationState.FAILED
    reservation.settled_on, reservation.settled_because = act.settled_on, act.reason
    reservation.settled_by, reservation.settled_at = decision.actor.user_id, clock.now()
    session.flush()
    basis = law_for(case, matter.paper, act.settled_on).majority
    if not act.fulfilled:
        resolutions.ask_again(session, decision.actor, matter, act.reason, act.settled_on, basis)
    return Recorded(
        Event.RESERVATION_SETTLED,
        act.settled_on,
        {"resolution_id": str(matter.resolution.id), "wording": reservation.wording},
        reason=act.reason,
        before=before,
        after={"reservation": reservation.state.value, "worth": matter.worth.value},
        legal_basis=basis,
        confidential=matter.confidential,
    )
