"""A case in which something happens to resolutions: who does what, and what they are worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from agreements import acts, corrections, course, journal, objections, resolutions, urgent
from agreements.database.engine import transaction
from agreements.model.cases import Case
from agreements.model.councils import Consultation, Resolution, ResolutionRecord
from agreements.model.enums import Outcome, StageState, TaskKind, Urgency
from agreements.model.people import User
from agreements.model.records import JournalEntry
from agreements.standing import Worth
from tests.agreements.detours.played import TODAY, Played
from tests.saved import once
from tests.story import KAMEN, PARTIES, actor

BECAUSE = "Der Beschluss verletzt das geltende Recht."
SIGNED = (
    urgent.UrgentSignatory(name="Elke Rappholt", function="Bürgermeisterin", capacity="head"),
    urgent.UrgentSignatory(name="Uwe Beispiel", function="Ratsmitglied", capacity="member"),
)


@dataclass
class Deciding(Played):
    """A case played by people, and what they do to its resolutions."""

    @once
    def all_decided(self) -> UUID:
        """Every council has adopted the agreement; returns Kamen's resolution."""
        self.to_check()
        return self.last(KAMEN)

    @once
    def kamen_decided(self) -> UUID:
        """Kamen has adopted the agreement, Schwerte has not decided; Kamen's resolution."""
        self.to_councils()
        while not self.open_tasks(TaskKind.RECORD_RESOLUTION, KAMEN):
            self.complete(self.open_tasks(TaskKind.RECORD_RESOLUTION)[0])
        self.resolve(KAMEN)
        return self.last(KAMEN)

    def last(self, ags: str) -> UUID:
        """The newest entry of a body."""
        return self.resolutions(ags)[-1].id

    def object_to(self, resolution: UUID, username: str = "sb.kamen", **wanted: Any) -> None:  # noqa: ANN401
        """The head of administration objects."""
        given = {"happened_on": TODAY, "reason": BECAUSE} | wanted
        self.act_on(objections.object_to, resolution, objections.RecordObjection(**given), username)

    def lift(self, resolution: UUID, username: str = "sb.kamen", **wanted: Any) -> None:  # noqa: ANN401
        """The objection is lifted."""
        given = {"happened_on": TODAY, "reason": "Die Bedenken sind ausgeräumt."} | wanted
        self.act_on(objections.lift, resolution, objections.LiftObjection(**given), username)

    def annul(self, resolution: UUID, username: str = "recht.schwerte", **wanted: Any) -> None:  # noqa: ANN401
        """The supervisory authority annuls."""
        given = {"happened_on": TODAY, "reason": BECAUSE, "authority": "Bezirksregierung"} | wanted
        self.act_on(objections.annul, resolution, objections.RecordAnnulment(**given), username)

    def revoke(self, resolution: UUID, username: str = "sb.kamen", **wanted: Any) -> None:  # noqa: ANN401
        """The council revokes."""
        given = {"happened_on": TODAY, "reason": "Der Rat will neu beraten."} | wanted
        self.act_on(objections.revoke, resolution, objections.RecordRevocation(**given), username)

    def correct(
        self,
        resolution: UUID,
        outcome: Outcome = Outcome.ADOPTED,
        username: str = "recht.kamen",
        **entry: Any,  # noqa: ANN401
    ) -> UUID:
        """A second person corrects an entry; returns the right one."""
        given = {"outcome": outcome, "decided_on": TODAY, "text_hash": self.proposed(resolution)}
        wanted = corrections.CorrectResolution(
            entry=acts.RecordResolution(**(given | entry)), reason="Abgleich mit der Niederschrift."
        )
        right: Resolution = self.act_on(corrections.correct, resolution, wanted, username)
        return right.id

    def decide_urgently(
        self,
        ags: str = KAMEN,
        username: str | None = None,
        **wanted: Any,  # noqa: ANN401
    ) -> UUID:
        """The main committee decides in the council's place; returns the resolution."""
        given = {
            "stage": Urgency.MAIN_COMMITTEE,
            "decided_on": TODAY,
            "text_hash": self.proposed_to(ags),
            "reason": "Die Antragsfrist endet vor der nächsten Sitzung.",
        }
        with transaction(self.sessions) as session:
            who = actor(session, username or f"sb.{PARTIES[ags]}")
            found = urgent.decide_urgently(
                session,
                who,
                course.locked_case(session, self.case_id),
                self.body(ags),
                urgent.UrgentDecision(**(given | wanted)),
            )
            resolution_id = found.id
        self.drive()
        return resolution_id

    def act_on(self, use_case: Any, resolution: UUID, wanted: Any, username: str) -> Any:  # noqa: ANN401
        """Somebody acts on a resolution; then the machine goes on."""
        with transaction(self.sessions) as session:
            case = course.locked_case(session, self.case_id)
            done = use_case(session, actor(session, username), case, resolution, wanted)
        self.drive()
        return done

    def body(self, ags: str) -> UUID:
        """The id of a body."""
        with transaction(self.sessions) as session:
            return next(
                b.id for b in course.parties_of(session, self._case(session)) if b.ags == ags
            )

    def _case(self, session: Any) -> Case:  # noqa: ANN401
        case: Case = session.get_one(Case, self.case_id)
        return case

    def worth(self, resolution: UUID) -> Worth:
        """What a resolution is worth now."""
        with transaction(self.sessions) as session:
            who = actor(session, "recht.kamen")
            return resolutions.find(session, who, self._case(session), resolution).worth

    def records(self, resolution: UUID) -> list[ResolutionRecord]:
        """What happened to a resolution, in the order in which it was recorded."""
        with transaction(self.sessions) as session:
            return list(session.get_one(Resolution, resolution).records)

    def proposed_to(self, ags: str) -> str:
        """The hash of the text that lies before a body."""
        return self.papers(ags)[-1].text_hash

    def lacking_reason(self) -> str:
        """Why the councils' stage of the agreement cannot end."""
        stage = self.stage("agreement_councils")
        assert stage.state is StageState.BLOCKED, stage.state
        return stage.reason

    def row(self, resolution: UUID) -> Resolution:
        """The resolution as it is stored."""
        with transaction(self.sessions) as session:
            return session.get_one(Resolution, resolution)

    def proposed(self, resolution: UUID) -> str:
        """The hash of the text that was put to the vote."""
        with transaction(self.sessions) as session:
            found = session.get_one(Resolution, resolution)
            return session.get_one(Consultation, found.consultation_id).paper.text_hash

    def entry(self, event: str) -> JournalEntry:
        """The last entry of the journal for an event; the chain has been verified."""
        self.events()
        with transaction(self.sessions) as session:
            found = journal.entries(session, self.case_id)
        return [entry for entry in found if entry.event == event][-1]

    def make_one_person(self, username: str, other: str) -> None:
        """Two accounts belong to the same person."""
        with transaction(self.sessions) as session:
            first = session.scalars(select(User).where(User.username == username)).one()
            second = session.scalars(select(User).where(User.username == other)).one()
            second.person_key = first.person_key

    def consult_in_private(self, ags: str) -> None:
        """The council of a body decides in private from now on."""
        with transaction(self.sessions) as session:
            for body in course.parties_of(session, self._case(session)):
                if body.ags == ags:
                    for committee in body.committees:
                        committee.public = not committee.role.authoritative


def later(days: int) -> date:
    """That many days after today."""
    return date.fromordinal(TODAY.toordinal() + days)
