"""Cases, their parties, stages and tasks."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agreements.law.instruments import Instrument
from agreements.model.base import Base, Digest, Identified, SparseList, stored
from agreements.model.bodies import Body
from agreements.model.enums import (
    Awaits,
    CaseState,
    Condition,
    DueKind,
    KreistagOrder,
    PartyRole,
    Priority,
    Role,
    Round,
    StageKind,
    StageState,
    TaskKind,
    TaskState,
)


class Case(Identified, Base):
    """Vorgang. ``retrospective``: recorded afterwards, so automatic dates follow the acts' dates.

    ``procedure`` and ``procedure_version`` are kept for the whole life of the case.
    """

    __tablename__ = "cases"

    reference: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    subject: Mapped[str]
    instrument: Mapped[Instrument] = mapped_column(stored(Instrument))
    land: Mapped[str]
    procedure: Mapped[str]
    procedure_version: Mapped[int] = mapped_column(SmallInteger)
    principle_round: Mapped[bool]
    kreistag_order: Mapped[KreistagOrder] = mapped_column(stored(KreistagOrder))
    conditions: Mapped[list[Condition]] = mapped_column(ARRAY(stored(Condition)))
    programme: Mapped[str | None]
    retrospective: Mapped[bool] = mapped_column(default=False)
    state: Mapped[CaseState] = mapped_column(stored(CaseState), default=CaseState.RUNNING)
    started_on: Mapped[date]
    started_at: Mapped[datetime]
    started_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    ended_on: Mapped[date | None]
    ended_because: Mapped[str | None]
    version: Mapped[int] = mapped_column()
    journal_number: Mapped[int] = mapped_column(default=0)
    journal_hash: Mapped[str] = mapped_column(Digest, default="")

    parties: Mapped[list[Party]] = relationship(order_by="Party.position")
    stages: Mapped[list[Stage]] = relationship(order_by="Stage.position")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the form SQLAlchemy reads
    __table_args__ = (
        Index(
            "ix_cases_search",
            text("(reference || ' ' || title || ' ' || subject) gin_trgm_ops"),
            postgresql_using="gin",
        ),
    )


class Party(Base):
    """Beteiligte: a body in a case, with its roles."""

    __tablename__ = "parties"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    body_id: Mapped[UUID] = mapped_column(ForeignKey("bodies.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    roles: Mapped[list[PartyRole]] = mapped_column(ARRAY(stored(PartyRole)))
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    left_because: Mapped[str | None]

    body: Mapped[Body] = relationship(lazy="joined")


class Stage(Identified, Base):
    """Verfahrensschritt of a case: an instance of a stage of its procedure.

    ``number`` counts the rounds of the stage. ``superseded_because``: a later round replaces it.
    ``state`` and ``reason`` are what ``progress`` judged last; ``awaits`` says who is on turn.
    ``last_act_on`` is the latest legal date of an act in it, ``done_on`` that of its end.
    ``flow_run_id`` is the run that drives it now, ``attempt`` counts runs that were given up.
    ``run_ended``: the run of a superseded stage is known to have ended.
    ``halted_at``: an operator stopped the automation. ``failure``: what a person must mend.
    """

    __tablename__ = "stages"
    __table_args__ = (
        UniqueConstraint("case_id", "key", "number"),
        Index(
            "ix_stages_live",
            "awaits",
            postgresql_where=text("state IN ('ready', 'open', 'blocked')"),
        ),
        Index("ix_stages_flow_run_id", "flow_run_id"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    key: Mapped[str]
    kind: Mapped[StageKind] = mapped_column(stored(StageKind))
    round: Mapped[Round | None] = mapped_column(stored(Round))
    number: Mapped[int] = mapped_column(SmallInteger, default=1)
    position: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[StageState] = mapped_column(stored(StageState), default=StageState.NOT_DUE)
    awaits: Mapped[Awaits] = mapped_column(stored(Awaits), default=Awaits.NOBODY)
    reason: Mapped[str] = mapped_column(default="")
    state_since: Mapped[datetime]
    prepared_at: Mapped[datetime | None]
    last_act_on: Mapped[date | None]
    done_on: Mapped[date | None]
    flow_run_id: Mapped[UUID | None]
    attempt: Mapped[int] = mapped_column(SmallInteger, default=1)
    halted_at: Mapped[datetime | None]
    halt_reason: Mapped[str | None]
    failure: Mapped[str | None]
    superseded_because: Mapped[str | None]
    run_ended: Mapped[bool] = mapped_column(default=False)


class Task(Identified, Base):
    """Aufgabe of a role of a body. ``not_by``: the persons (keys) whom four eyes exclude.

    ``subject_id`` is what it is about, where a stage asks a body for the same thing more than
    once: a resolution, or the task itself.
    ``claimed_by`` works on it; ``assigned_by`` gave it to that person (None: took it), and
    ``delegated_by`` gets it back from them. ``completed_for``: whom ``completed_by`` stood in for.
    ``due_on``, ``due_kind`` and ``due_reason`` are its Frist and where that comes from,
    ``follow_up_on`` its Wiedervorlage. ``announced_at``: those who may do it have been told.
    ``search_text``: what the search looks through, as long as it is open.
    ``own_title``: its title if that is not simply the label of its kind (``title``).
    """

    __tablename__ = "tasks"
    __table_args__ = (
        Index(
            "uq_tasks_open_purpose",
            "stage_id",
            "body_id",
            "kind",
            text("coalesce(consultation_id, '00000000-0000-0000-0000-000000000000')"),
            text("coalesce(subject_id, '00000000-0000-0000-0000-000000000000')"),
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_tasks_inbox",
            "body_id",
            "role",
            "id",
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_tasks_inbox_due",
            "body_id",
            "role",
            # Tasks without a due date come last, also behind a cursor.
            text("coalesce(due_on, 'infinity'::date)"),
            "id",
            postgresql_where=text("state = 'open'"),
        ),
        # Nearly all tasks are of normal priority; those are found by ix_tasks_inbox.
        Index(
            "ix_tasks_inbox_priority",
            "body_id",
            "role",
            "priority",
            "id",
            postgresql_where=text("state = 'open' AND priority <> 'normal'"),
        ),
        Index("ix_tasks_due", "due_on", postgresql_where=text("state = 'open'")),
        Index(
            "ix_tasks_unannounced",
            "id",
            postgresql_where=text("state = 'open' AND announced_at IS NULL"),
        ),
        Index("ix_tasks_claimed_by", "claimed_by", postgresql_where=text("state = 'open'")),
        Index(
            "ix_tasks_search",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_tasks_stage_id", "stage_id"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("stages.id"))
    body_id: Mapped[UUID] = mapped_column(ForeignKey("bodies.id"))
    role: Mapped[Role] = mapped_column(stored(Role))
    kind: Mapped[TaskKind] = mapped_column(stored(TaskKind))
    own_title: Mapped[str | None]
    consultation_id: Mapped[UUID | None] = mapped_column(ForeignKey("consultations.id"))
    subject_id: Mapped[UUID | None]
    details: Mapped[str] = mapped_column(default="")
    state: Mapped[TaskState] = mapped_column(stored(TaskState), default=TaskState.OPEN)
    not_by: Mapped[list[str]] = mapped_column(SparseList, nullable=True, default=list)
    priority: Mapped[Priority] = mapped_column(
        stored(Priority), default=Priority.NORMAL, server_default=Priority.NORMAL.value
    )
    due_on: Mapped[date | None]
    due_kind: Mapped[DueKind | None] = mapped_column(stored(DueKind))
    due_reason: Mapped[str | None]
    follow_up_on: Mapped[date | None]
    opened_at: Mapped[datetime]
    announced_at: Mapped[datetime | None]
    claimed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    claimed_at: Mapped[datetime | None]
    assigned_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    delegated_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    completed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    completed_for: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    completed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    search_text: Mapped[str] = mapped_column(default="", server_default="")
    version: Mapped[int] = mapped_column(SmallInteger)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the form SQLAlchemy reads

    @property
    def title(self) -> str:
        """What people read as its name."""
        # The glossary knows the models of the whole domain.
        from agreements.glossary import label

        return self.own_title or label(self.kind)
