"""people and deadlines

Revision: 0002, after 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What the new columns say of tasks that are open already.
FILL = """
UPDATE tasks SET
    due_kind = CASE
        WHEN tasks.due_on IS NULL THEN NULL
        WHEN tasks.kind = 'record_authority_answer' THEN 'statutory'
        ELSE 'internal'
    END,
    search_text = CASE WHEN tasks.state = 'open'
        THEN cases.reference || ' ' || cases.title || ' ' || tasks.title || ' '
            || (bodies.forms ->> 'short')
        ELSE ''
    END
FROM cases, bodies WHERE cases.id = tasks.case_id AND bodies.id = tasks.body_id
"""


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_absences_in_order")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_absences_created_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name=op.f("fk_absences_ended_by")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_absences_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_user_id", "absences", ["user_id", "first_day"], unique=False)
    op.create_table(
        "mails",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "task",
                "reminder",
                "escalation",
                "digest",
                "operator",
                name="mailkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("plain", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sent",
                "kept",
                "failed",
                "bounced",
                name="mailstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mails_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mails_message_id")),
    )
    op.create_index(
        "ix_mails_address",
        "mails",
        [sa.literal_column("lower(address)"), "created_at"],
        unique=False,
    )
    op.create_index("ix_mails_state", "mails", ["state", "id"], unique=False)
    op.create_index(op.f("ix_mails_user_id"), "mails", ["user_id"], unique=False)
    op.create_index(
        "ix_mails_waiting",
        "mails",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "saved_filters",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_filters_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_filters_user_id_name")),
    )
    op.create_table(
        "session_free_periods",
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_session_free_periods_in_order")),
        sa.ForeignKeyConstraint(
            ["body_id"], ["bodies.id"], name=op.f("fk_session_free_periods_body_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_free_periods")),
        sa.UniqueConstraint(
            "body_id", "first_day", name=op.f("uq_session_free_periods_body_id_first_day")
        ),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_calendar_feeds_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calendar_feeds_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_feeds_secret_hash")),
    )
    op.create_index(op.f("ix_calendar_feeds_user_id"), "calendar_feeds", ["user_id"], unique=False)
    op.create_table(
        "substitutions",
        sa.Column("absence_id", sa.Uuid(), nullable=False),
        sa.Column("substitute_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "legal",
                "clerk",
                "signatory",
                "treasurer",
                "admin",
                "supervisor",
                "authority",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["absence_id"], ["absences.id"], name=op.f("fk_substitutions_absence_id")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_substitutions_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_substitutions_case_id")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_substitutions_created_by")
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name=op.f("fk_substitutions_ended_by")),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["users.id"], name=op.f("fk_substitutions_substitute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitutions")),
    )
    op.create_index(
        op.f("ix_substitutions_absence_id"), "substitutions", ["absence_id"], unique=False
    )
    op.create_index(
        op.f("ix_substitutions_substitute_id"), "substitutions", ["substitute_id"], unique=False
    )
    op.create_table(
        "notices",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "task_opened",
                "task_assigned",
                "task_handed_back",
                "task_commented",
                "follow_up",
                "reminder_before",
                "reminder_due",
                "reminder_after",
                "due_moved",
                "escalated_to_supervisor",
                "escalated_to_lead",
                "substitution",
                "substitution_gap",
                "operator",
                name="noticekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_notices_case_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name=op.f("fk_notices_mail_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_notices_task_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notices_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_notices_user_id_key")),
    )
    op.create_index(
        "ix_notices_mail_id",
        "notices",
        ["mail_id"],
        unique=False,
        postgresql_where=sa.text("mail_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_notices_task_id"), "notices", ["task_id"], unique=False)
    op.create_index(
        "ix_notices_waiting",
        "notices",
        ["user_id", "id"],
        unique=False,
        postgresql_where=sa.text("mail_id IS NULL AND dropped_at IS NULL"),
    )
    op.create_table(
        "task_attachments",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_task_attachments_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_task_attachments_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_attachments_task_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_attachments")),
    )
    op.create_index(
        op.f("ix_task_attachments_task_id"), "task_attachments", ["task_id"], unique=False
    )
    op.create_table(
        "task_comments",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_task_comments_author_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_task_comments_case_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_comments_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_comments")),
    )
    op.create_index(op.f("ix_task_comments_task_id"), "task_comments", ["task_id"], unique=False)
    op.create_table(
        "due_moves",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("moved_from", sa.Date(), nullable=True),
        sa.Column("moved_to", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proof", sa.String(), nullable=True),
        sa.Column("attachment_id", sa.Uuid(), nullable=True),
        sa.Column("moved_by", sa.Uuid(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["task_attachments.id"], name=op.f("fk_due_moves_attachment_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_due_moves_case_id")),
        sa.ForeignKeyConstraint(["moved_by"], ["users.id"], name=op.f("fk_due_moves_moved_by")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_due_moves_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_moves")),
    )
    op.create_index(op.f("ix_due_moves_task_id"), "due_moves", ["task_id"], unique=False)
    op.add_column(
        "bodies",
        sa.Column("invitation_period", postgresql.JSONB(astext_type=Text()), nullable=True),
    )
    op.add_column(
        "bodies",
        sa.Column("invitation_period_urgent", postgresql.JSONB(astext_type=Text()), nullable=True),
    )
    op.add_column(
        "tasks",
        sa.Column(
            "priority",
            sa.Enum(
                "low",
                "normal",
                "high",
                name="priority",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="normal",
            nullable=False,
        ),
    )
    op.add_column(
        "tasks",
        sa.Column(
            "due_kind",
            sa.Enum(
                "internal",
                "authority",
                "statutory",
                name="duekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
    )
    op.add_column("tasks", sa.Column("follow_up_on", sa.Date(), nullable=True))
    op.add_column("tasks", sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("tasks", sa.Column("assigned_by", sa.Uuid(), nullable=True))
    op.add_column("tasks", sa.Column("delegated_by", sa.Uuid(), nullable=True))
    op.add_column("tasks", sa.Column("completed_for", sa.Uuid(), nullable=True))
    op.add_column("tasks", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("tasks", sa.Column("search_text", sa.String(), server_default="", nullable=False))
    op.execute(
        "ALTER TABLE tasks ALTER COLUMN not_by TYPE VARCHAR[] "
        "USING CASE WHEN not_by IS NULL THEN '{}' ELSE ARRAY[not_by] END, "
        "ALTER COLUMN not_by SET DEFAULT '{}', ALTER COLUMN not_by SET NOT NULL"
    )
    op.create_index(
        "ix_tasks_claimed_by",
        "tasks",
        ["claimed_by"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_tasks_due",
        "tasks",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_tasks_inbox_due",
        "tasks",
        ["body_id", "role", sa.literal_column("coalesce(due_on, 'infinity'::date)"), "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_tasks_inbox_priority",
        "tasks",
        ["body_id", "role", "priority", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open' AND priority <> 'normal'"),
    )
    op.create_index(
        "ix_tasks_search",
        "tasks",
        ["search_text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_tasks_unannounced",
        "tasks",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'open' AND announced_at IS NULL"),
    )
    op.create_foreign_key(op.f("fk_tasks_assigned_by"), "tasks", "users", ["assigned_by"], ["id"])
    op.create_foreign_key(op.f("fk_tasks_delegated_by"), "tasks", "users", ["delegated_by"], ["id"])
    op.create_foreign_key(
        op.f("fk_tasks_completed_for"), "tasks", "users", ["completed_for"], ["id"]
    )
    op.add_column(
        "users",
        sa.Column(
            "mail_rhythm",
            sa.Enum(
                "immediately",
                "daily",
                "weekly",
                "never",
                name="mailrhythm",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="daily",
            nullable=False,
        ),
    )
    op.add_column(
        "users", sa.Column("mail_hour", sa.SmallInteger(), server_default="7", nullable=False)
    )
    op.add_column(
        "users", sa.Column("mail_weekday", sa.SmallInteger(), server_default="1", nullable=False)
    )
    op.execute("ALTER TABLE duties DROP CONSTRAINT ck_duties_role")
    op.execute(
        "ALTER TABLE duties ADD CONSTRAINT ck_duties_role CHECK (role IN ('legal', 'clerk', 'signatory', 'treasurer', 'admin', 'supervisor', 'authority'))"
    )
    op.execute("ALTER TABLE tasks DROP CONSTRAINT ck_tasks_role")
    op.execute(
        "ALTER TABLE tasks ADD CONSTRAINT ck_tasks_role CHECK (role IN ('legal', 'clerk', 'signatory', 'treasurer', 'admin', 'supervisor', 'authority'))"
    )
    op.execute(
        "ALTER TABLE users ADD CONSTRAINT ck_users_mail_hour_of_a_day CHECK (((mail_hour >= 0) AND (mail_hour <= 23)))"
    )
    op.execute(
        "ALTER TABLE users ADD CONSTRAINT ck_users_mail_weekday_of_a_week CHECK (((mail_weekday >= 1) AND (mail_weekday <= 7)))"
    )
    op.execute(FILL)
