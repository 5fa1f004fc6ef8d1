"""The story of the Smart Region Kreis Unna, from the first draft to force and application.

Told through the use cases, by the people of the sample region; the machine's part is
``tests.machine``. Kreistag June 2021, then the councils; Kamen's votes in the first round are
those on record, all other votes are sample data. Each chapter ends when the machine waits for
people again, so that a test may stop after any of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from agreements import acts, cases, decisions, drafting, wording
from agreements.database.engine import transaction
from agreements.documents.store import DocumentStore
from agreements.funding.plan import CostItem, CostKind, FinancePlan, OwnContribution
from agreements.model.bodies import Body
from agreements.model.enums import (
    AuthorityAnswer,
    KreistagOrder,
    Outcome,
    Verdict,
    VersionKind,
)
from agreements.model.people import User
from agreements.people import Actor, actor_of
from agreements.regions.assemble import sample_region
from agreements.regions.load import add_region
from tests.machine import drive

KREIS, KAMEN, SCHWERTE = "05978", "05978020", "05978028"
# AGS -> the last part of the sample users' names; in the parties' order.
PARTIES = {
    SCHWERTE: "schwerte",
    KREIS: "kreis-unna",
    "05978004": "bergkamen",
    "05978008": "boenen",
    "05978012": "froendenberg",
    "05978016": "holzwickede",
    KAMEN: "kamen",
    "05978024": "luenen",
    "05978032": "selm",
    "05978036": "unna",
    "05978040": "werne",
}
COUNCILS = tuple(ags for ags in PARTIES if ags != KREIS)
TITLE = "Smart Region Kreis Unna"
PURPOSE = (
    "die digitale Entwicklung der Region gemeinsam zu gestalten und digitale Angebote nach "
    "gemeinsamen Maßstäben zu schaffen"
)
TASKS = (
    "die Erarbeitung und Fortschreibung einer gemeinsamen Digitalstrategie",
    "den Aufbau und Betrieb einer gemeinsamen Datenplattform",
    "die Beratung der Beteiligten bei der Umsetzung im eigenen Bereich",
)
ELIGIBLE, GRANT, OWN = Decimal("544444.45"), Decimal("490000.00"), Decimal("54444.45")
ADVANCE = Decimal(20)

START = cases.StartCase(
    title=TITLE,
    subject="Gemeinsame digitale Entwicklung des Kreises und seiner Städte und Gemeinden",
    parties=tuple(PARTIES),
    lead=SCHWERTE,
    applicant=KREIS,
    principle_round=True,
    kreistag_order=KreistagOrder.BEFORE_COUNCILS,
    programme="ikz-nrw",
    started_on=date(2021, 4, 12),
    retrospective=True,
)


def principle(written_on: date = date(2021, 5, 3)) -> wording.PrincipleInput:
    """The wording of the Grundsatzbeschluss."""
    return wording.PrincipleInput(purpose=PURPOSE, written_on=written_on)


def agreement(written_on: date = date(2021, 5, 10), **changes: object) -> wording.AgreementInput:
    """The agreement that Schwerte's Rechtsamt has written."""
    wanted: dict[str, object] = {
        "purpose": PURPOSE,
        "tasks": TASKS,
        "chair": KREIS,
        "cost_key": {
            "reference_date": date(2020, 12, 31),
            "census": "Zensus 2011",
            "advance": [{"ags": KREIS, "percent": ADVANCE}],
        },
        "staff": Decimal("2.5"),
        "written_on": written_on,
    }
    return wording.AgreementInput.model_validate(wanted | changes)


def finance_plan() -> FinancePlan:
    """Costs, the grant and the own contributions by the cost key of the agreement."""
    return FinancePlan(
        items=(
            CostItem(
                label="Projektleitstelle", kind=CostKind.PERSONNEL, amount=Decimal("410000.00")
            ),
            CostItem(label="Datenplattform", kind=CostKind.SERVICES, amount=Decimal("134444.45")),
        ),
        grant=GRANT,
        own_contributions=tuple(
            OwnContribution(ags=ags, name=sample_region().body(ags).name, amount=amount)
            for ags, amount in own_shares().items()
        ),
    )


def own_shares() -> dict[str, Decimal]:
    """Each party's own contribution: the Kreis in advance, the others by inhabitants."""
    cent = Decimal("0.01")
    advance = (OWN * ADVANCE / 100).quantize(cent)
    inhabitants = {ags: sample_region().body(ags).populations[0].count for ags in COUNCILS}
    whole = sum(inhabitants.values())
    shares = {
        ags: ((OWN - advance) * count / whole).quantize(cent, ROUND_DOWN)
        for ags, count in inhabitants.items()
    }
    # What rounding leaves is borne by the body that carries out the tasks.
    shares[SCHWERTE] += OWN - advance - sum(shares.values())
    return {KREIS: advance, **shares}


@dataclass
class Story:
    """A case of the sample region and the people who act in it."""

    sessions: sessionmaker[Session]
    store: DocumentStore
    case_id: UUID = field(init=False)

    def play(self) -> None:
        """The whole story."""
        self.begin()
        self.draft()
        self.resolve_in_principle()
        self.agree_on_the_text()
        self.apply_for_the_grant()
        self.resolve_the_agreement()
        self.conclude()

    def begin(self, start: cases.StartCase = START) -> None:
        """Set the region up and start the case."""
        with transaction(self.sessions) as session:
            add_region(session, sample_region())
        with transaction(self.sessions) as session:
            self.case_id = cases.start(session, actor(session, "recht.schwerte"), start).id
        self.drive()

    def draft(self) -> None:
        """Schwerte writes the principle's wording and a first agreement, and submits them."""
        self.write(principle())
        self.write(agreement())
        self.act("recht.schwerte", acts.SubmitDraft(submitted_on=date(2021, 5, 14)))

    def resolve_in_principle(self) -> None:
        """Grundsatzbeschlüsse: the Kreistag in June, then the councils."""
        text = self.text_hash(VersionKind.PRINCIPLE)
        for day in (date(2021, 6, 14), date(2021, 6, 22)):
            self.resolve(KREIS, text, day)
        for number, ags in enumerate(COUNCILS):
            committee, council = self._sittings(ags, text, number % 5)
            self.act(f"sb.{PARTIES[ags]}", committee)
            self.act(f"sb.{PARTIES[ags]}", council)

    def _sittings(
        self, ags: str, text: str, weekday: int
    ) -> tuple[acts.RecordResolution, acts.RecordResolution]:
        """The committee recommends, the council follows; Kamen's votes are on record."""
        recommended = date(2021, 8, 30) + timedelta(days=weekday)
        decided = date(2021, 9, 20) + timedelta(days=weekday)
        committee = resolution(text, recommended, unanimous=True)
        council = resolution(text, decided)
        if ags == KAMEN:
            committee = resolution(text, recommended, votes=acts.Votes(abstained=1), unanimous=True)
            votes = acts.Votes(no=1, abstained=1)
            council = resolution(text, decided, votes=votes)
        return committee, council

    def agree_on_the_text(self) -> None:
        """Kamen wants a change, Schwerte writes a second version, all agree; it is frozen."""
        wish = "Bitte ein Datenschutzkonzept vorsehen."
        self.act("sb.kamen", statement(1, date(2021, 10, 25), Verdict.CHANGES_WANTED, wish))
        tasks = (*TASKS, "die Erstellung eines gemeinsamen Datenschutzkonzepts")
        self.write(agreement(date(2021, 11, 15), tasks=tasks))
        for slug in PARTIES.values():
            self.act(f"sb.{slug}", statement(2, date(2021, 12, 6)))
        self.act("recht.schwerte", acts.FreezeVersion(version=2, frozen_on=date(2021, 12, 15)))

    def apply_for_the_grant(self) -> None:
        """The Kreis plans, its treasurer checks, the application is submitted."""
        self.act(
            "recht.kreis-unna",
            acts.DraftFinancePlan(
                plan=finance_plan(),
                description="Aufbau der Projektleitstelle.\nAufbau der Datenplattform.",
                starts_on=date(2023, 1, 1),
                ends_on=date(2025, 12, 31),
                planned_on=date(2022, 1, 17),
            ),
        )
        checked = acts.CheckFinancePlan(verdict=Verdict.AGREED, checked_on=date(2022, 1, 24))
        self.act("kaemmerer.kreis-unna", checked)
        submitted = acts.SubmitApplication(
            submitted_on=date(2022, 1, 31), receipt_reference="BRA-2022-0131"
        )
        self.act("recht.kreis-unna", submitted)

    def resolve_the_agreement(self) -> None:
        """The second round, on the frozen text; then the lead confirms that all is there."""
        text = self.text_hash(VersionKind.AGREEMENT)
        votes = acts.Votes(yes=14, no=1, abstained=0)
        for day in (date(2022, 2, 28), date(2022, 3, 8)):
            self.resolve(KREIS, text, day, votes=votes, sample=True)
        for number, ags in enumerate(COUNCILS):
            for day in (date(2022, 3, 21), date(2022, 4, 25)):
                on = day + timedelta(days=number % 5)
                self.resolve(ags, text, on, votes=votes, sample=True)
        self.act("recht.schwerte", acts.ConfirmResolutions(confirmed_on=date(2022, 5, 16)))

    def conclude(self) -> None:
        """Signatures, the authority's approval, publication, notices."""
        self.sign(date(2022, 6, 20))
        applied = acts.SubmitToAuthority(
            applied_on=date(2022, 6, 24), received_on=date(2022, 6, 27)
        )
        self.act("recht.schwerte", applied)
        approved = acts.RecordAuthorityAnswer(
            answer=AuthorityAnswer.APPROVED, answered_on=date(2022, 7, 14), reference="31.03.02-011"
        )
        self.act("recht.schwerte", approved)
        published = acts.RecordPublication(
            gazette="Amtsblatt für den Regierungsbezirk Arnsberg",
            issue="31",
            page="245",
            published_on=date(2022, 8, 6),
        )
        self.act("recht.schwerte", published)
        for slug in PARTIES.values():
            notice = acts.RecordNotice(published_on=date(2022, 8, 10), medium="Amtsblatt")
            self.act(f"sb.{slug}", notice)

    def sign(self, day: date) -> None:
        """Every party signs the frozen agreement."""
        text = self.text_hash(VersionKind.AGREEMENT)
        for ags, slug in PARTIES.items():
            body = sample_region().body(ags)
            forms = body.forms
            signature = acts.RecordSignature(
                signed_on=day,
                signatory_name=forms.head_name,
                signatory_function=forms.head_title,
                co_signatory_name=body.signatories[0].name,
                co_signatory_function=body.signatories[0].function,
                text_hash=text,
            )
            self.act(f"unterschrift.{slug}", signature)

    def resolve(
        self,
        ags: str,
        text: str,
        day: date,
        *,
        votes: acts.Votes | None = None,
        sample: bool = False,
    ) -> None:
        """The committee of a body whose turn it is adopts the text."""
        act = resolution(text, day, votes=votes, sample=sample)
        self.act(f"sb.{PARTIES[ags]}", act)

    def write(self, wanted: wording.PrincipleInput | wording.AgreementInput) -> None:
        """Schwerte's Rechtsamt has a version written."""
        with transaction(self.sessions) as session:
            wording.write(session, actor(session, "recht.schwerte"), self.case_id, wanted)
        self.drive()

    def act(self, username: str, act: acts.Act) -> None:
        """A person decides; then the machine does what follows."""
        with transaction(self.sessions) as session:
            decisions.record(session, actor(session, username), self.case_id, act)
        self.drive()

    def drive(self) -> None:
        """Let the machine do its part."""
        drive(self.sessions, self.store)

    def text_hash(self, kind: VersionKind) -> str:
        """The hash of the frozen text."""
        with transaction(self.sessions) as session:
            version = drafting.frozen_version(session, self.case_id, kind)
            assert version is not None
            return version.text_hash


def actor(session: Session, username: str) -> Actor:
    """A person of the sample region."""
    return actor_of(session.scalars(select(User).where(User.username == username)).one())


def body_id(session: Session, ags: str) -> UUID:
    """The id of a body."""
    return session.scalars(select(Body.id).where(Body.ags == ags)).one()


def resolution(
    text: str,
    day: date,
    *,
    votes: acts.Votes | None = None,
    unanimous: bool | None = None,
    sample: bool = False,
) -> acts.RecordResolution:
    """A committee adopts the text."""
    return acts.RecordResolution(
        outcome=Outcome.ADOPTED,
        votes=votes or acts.Votes(),
        unanimous=unanimous,
        decided_on=day,
        text_hash=text,
        sample=sample,
    )


def statement(
    version: int, day: date, verdict: Verdict = Verdict.AGREED, comment: str = ""
) -> acts.GiveStatement:
    """A party's statement on a version."""
    return acts.GiveStatement(version=version, given_on=day, verdict=verdict, comment=comment)
