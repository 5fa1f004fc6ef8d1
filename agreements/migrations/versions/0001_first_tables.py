"""first tables

Revision: 0001, after
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = """
CREATE FUNCTION refuse_change_of_journal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only (%)', TG_TABLE_NAME;
END $$;
CREATE TRIGGER journal_is_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_journal();
CREATE TRIGGER checkpoints_are_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_journal();
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "bodies",
        sa.Column("ags", sa.String(), nullable=False),
        sa.Column("ars", sa.String(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "district",
                "city_region",
                "independent_city",
                "town",
                "municipality",
                name="bodykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("official_name", sa.String(), nullable=False),
        sa.Column("land", sa.String(), nullable=False),
        sa.Column("government_district", sa.String(), nullable=True),
        sa.Column("district_ags", sa.String(), nullable=True),
        sa.Column("forms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("paper_number_pattern", sa.String(), nullable=False),
        sa.Column("next_paper_number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bodies")),
        sa.UniqueConstraint("ags", name=op.f("uq_bodies_ags")),
    )
    op.create_index(op.f("ix_bodies_district_ags"), "bodies", ["district_ags"], unique=False)
    op.create_table(
        "checkpoints",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("states", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_checkpoints")),
        sa.UniqueConstraint("hash", name=op.f("uq_checkpoints_hash")),
    )
    op.create_table(
        "conductors",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_conductors")),
    )
    op.create_table(
        "users",
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("function", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("person_key", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    op.create_table(
        "cases",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column(
            "instrument",
            sa.Enum(
                "mandating_agreement",
                "delegating_agreement",
                "working_group",
                "public_law_contract",
                name="instrument",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("land", sa.String(), nullable=False),
        sa.Column("procedure", sa.String(), nullable=False),
        sa.Column("procedure_version", sa.Integer(), nullable=False),
        sa.Column("principle_round", sa.Boolean(), nullable=False),
        sa.Column(
            "kreistag_order",
            sa.Enum(
                "before_councils",
                "after_councils",
                name="kreistagorder",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "conditions",
            postgresql.ARRAY(
                sa.Enum(
                    "principle_round",
                    "no_principle_round",
                    "kreistag_first",
                    "kreistag_last",
                    "district_takes_part",
                    "municipality_takes_part",
                    "authority_involved",
                    "publication_required",
                    "funding_wanted",
                    name="condition",
                    native_enum=False,
                    length=40,
                )
            ),
            nullable=False,
        ),
        sa.Column("programme", sa.String(), nullable=True),
        sa.Column("retrospective", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "running",
                "done",
                "withdrawn",
                name="casestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_because", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journal_number", sa.Integer(), nullable=False),
        sa.Column("journal_hash", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["started_by"], ["users.id"], name=op.f("fk_cases_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("reference", name=op.f("uq_cases_reference")),
    )
    op.create_index(
        "ix_cases_search",
        "cases",
        [sa.literal_column("(reference || ' ' || title || ' ' || subject) gin_trgm_ops")],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "committees",
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "council",
                "main_committee",
                "specialist_committee",
                "district_council",
                "district_committee",
                name="committeekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("genitive", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "preliminary",
                "recommendation",
                "decision",
                name="consultationrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_committees_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committees")),
        sa.UniqueConstraint(
            "body_id", "name", "valid_from", name=op.f("uq_committees_body_id_name_valid_from")
        ),
    )
    op.create_index(op.f("ix_committees_body_id"), "committees", ["body_id"], unique=False)
    op.create_table(
        "duties",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "legal",
                "clerk",
                "signatory",
                "treasurer",
                "admin",
                "authority",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_duties_body_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_duties_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
        sa.UniqueConstraint(
            "user_id",
            "body_id",
            "role",
            "valid_from",
            name=op.f("uq_duties_user_id_body_id_role_valid_from"),
        ),
    )
    op.create_index(op.f("ix_duties_body_id"), "duties", ["body_id"], unique=False)
    op.create_index(op.f("ix_duties_user_id"), "duties", ["user_id"], unique=False)
    op.create_table(
        "idempotency_records",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_idempotency_records_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_idempotency_records")),
    )
    op.create_table(
        "populations",
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("census_basis", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_populations_count_not_negative")),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_populations_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_populations")),
        sa.UniqueConstraint(
            "body_id",
            "as_of",
            "census_basis",
            name=op.f("uq_populations_body_id_as_of_census_basis"),
        ),
    )
    op.create_table(
        "tokens",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "session",
                "personal",
                name="tokenkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_tokens_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_tokens_secret_hash")),
    )
    op.create_index(op.f("ix_tokens_user_id"), "tokens", ["user_id"], unique=False)
    op.create_table(
        "committee_sizes",
        sa.Column("committee_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("voting_members", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "voting_members > 0", name=op.f("ck_committee_sizes_voting_members_positive")
        ),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name=op.f("fk_committee_sizes_committee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_sizes")),
        sa.UniqueConstraint(
            "committee_id", "valid_from", name=op.f("uq_committee_sizes_committee_id_valid_from")
        ),
    )
    op.create_index(
        op.f("ix_committee_sizes_committee_id"), "committee_sizes", ["committee_id"], unique=False
    )
    op.create_table(
        "confidants",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_confidants_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_confidants_case_id")),
        sa.ForeignKeyConstraint(["named_by"], ["users.id"], name=op.f("fk_confidants_named_by")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_confidants_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confidants")),
        sa.UniqueConstraint(
            "case_id", "body_id", "user_id", name=op.f("uq_confidants_case_id_body_id_user_id")
        ),
    )
    op.create_table(
        "journal",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("legal_date", sa.Date(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("on_behalf_of", sa.String(), nullable=True),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("legal_basis", sa.String(), nullable=True),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_journal_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_journal_case_id")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_journal")),
        sa.UniqueConstraint("hash", name=op.f("uq_journal_hash")),
    )
    op.create_table(
        "meetings",
        sa.Column("committee_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("invited_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name=op.f("fk_meetings_committee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint(
            "committee_id", "held_on", name=op.f("uq_meetings_committee_id_held_on")
        ),
    )
    op.create_table(
        "outbox",
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "event", name="outboxkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("carried_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_outbox_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["id"],
        unique=False,
        postgresql_where=sa.text("carried_out_at IS NULL"),
    )
    op.create_table(
        "parties",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "roles",
            postgresql.ARRAY(
                sa.Enum(
                    "lead",
                    "applicant",
                    "performing",
                    "member",
                    name="partyrole",
                    native_enum=False,
                    length=40,
                )
            ),
            nullable=False,
        ),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_because", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_parties_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_parties_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parties")),
        sa.UniqueConstraint("case_id", "body_id", name=op.f("uq_parties_case_id_body_id")),
    )
    op.create_index(op.f("ix_parties_body_id"), "parties", ["body_id"], unique=False)
    op.create_table(
        "stages",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "drafting",
                "coordination",
                "council_resolutions",
                "kreistag_decision",
                "resolutions_check",
                "signing",
                "supervisory_approval",
                "publication",
                "publication_notices",
                "entry_into_force",
                "finance_plan",
                "funding_application",
                name="stagekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "round",
            sa.Enum(
                "principle",
                "agreement",
                name="round",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "not_due",
                "ready",
                "open",
                "done",
                "skipped",
                "superseded",
                "blocked",
                name="stagestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "awaits",
            sa.Enum(
                "nobody",
                "machine",
                "people",
                "date",
                name="awaits",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_act_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("flow_run_id", sa.Uuid(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("halted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("halt_reason", sa.String(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("superseded_because", sa.String(), nullable=True),
        sa.Column("run_ended", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_stages_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stages")),
        sa.UniqueConstraint("case_id", "key", "number", name=op.f("uq_stages_case_id_key_number")),
    )
    op.create_index("ix_stages_flow_run_id", "stages", ["flow_run_id"], unique=False)
    op.create_index(
        "ix_stages_live",
        "stages",
        ["awaits"],
        unique=False,
        postgresql_where=sa.text("state IN ('ready', 'open', 'blocked')"),
    )
    op.create_table(
        "text_versions",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "principle",
                "agreement",
                name="versionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_on", sa.Date(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_text_versions_case_id")),
        sa.ForeignKeyConstraint(
            ["written_by"], ["users.id"], name=op.f("fk_text_versions_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_versions")),
        sa.UniqueConstraint(
            "case_id", "kind", "number", name=op.f("uq_text_versions_case_id_kind_number")
        ),
    )
    op.create_table(
        "approvals",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("authority_basis", sa.String(), nullable=False),
        sa.Column("requirement", sa.String(), nullable=False),
        sa.Column("requirement_basis", sa.String(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("clock_end_on", sa.Date(), nullable=True),
        sa.Column("clock_derivation", sa.String(), nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "approved",
                "deemed_approved",
                "filed",
                "refused",
                name="authorityanswer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("authority_reference", sa.String(), nullable=True),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_approvals_case_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["stages.id"], name=op.f("fk_approvals_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("stage_id", name=op.f("uq_approvals_stage_id")),
    )
    op.create_index(op.f("ix_approvals_case_id"), "approvals", ["case_id"], unique=False)
    op.create_table(
        "documents",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("template_hash", sa.String(), nullable=False),
        sa.Column("data_hash", sa.String(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=True),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_documents_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_documents_case_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["stages.id"], name=op.f("fk_documents_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_case_id"), "documents", ["case_id"], unique=False)
    op.create_index(
        "uq_documents_purpose",
        "documents",
        [
            "stage_id",
            "purpose",
            sa.literal_column("coalesce(body_id, '00000000-0000-0000-0000-000000000000')"),
            sa.literal_column("coalesce(subject_id, '00000000-0000-0000-0000-000000000000')"),
            "number",
        ],
        unique=True,
    )
    op.create_table(
        "finance_plans",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("plan", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("eligible", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("grant", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("own_contribution", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "drafted",
                "checked",
                "returned",
                name="planstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("check_remark", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("eligible > 0", name=op.f("ck_finance_plans_eligible_positive")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_finance_plans_case_id")),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["users.id"], name=op.f("fk_finance_plans_checked_by")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by"], ["users.id"], name=op.f("fk_finance_plans_drafted_by")
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["stages.id"], name=op.f("fk_finance_plans_stage_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finance_plans")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_finance_plans_case_id_number")),
    )
    op.create_table(
        "papers",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("proposal", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("superseded_because", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_papers_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_papers_case_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["stages.id"], name=op.f("fk_papers_stage_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["text_versions.id"], name=op.f("fk_papers_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint("body_id", "number", name=op.f("uq_papers_body_id_number")),
    )
    op.create_index(op.f("ix_papers_case_id"), "papers", ["case_id"], unique=False)
    op.create_index(
        "uq_papers_current",
        "papers",
        ["stage_id", "body_id"],
        unique=True,
        postgresql_where=sa.text("superseded_because IS NULL"),
    )
    op.create_table(
        "publication_notices",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("medium", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["bodies.id"], name=op.f("fk_publication_notices_body_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_publication_notices_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_publication_notices_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["stages.id"], name=op.f("fk_publication_notices_stage_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_notices")),
        sa.UniqueConstraint(
            "stage_id", "body_id", name=op.f("uq_publication_notices_stage_id_body_id")
        ),
    )
    op.create_index(
        op.f("ix_publication_notices_case_id"), "publication_notices", ["case_id"], unique=False
    )
    op.create_table(
        "publications",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("gazette", sa.String(), nullable=False),
        sa.Column("issue", sa.String(), nullable=False),
        sa.Column("page", sa.String(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("effective_basis", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_publications_case_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_publications_recorded_by")
        ),
        sa.ForeignKeyConstraint(["stage_id"], ["stages.id"], name=op.f("fk_publications_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("stage_id", name=op.f("uq_publications_stage_id")),
    )
    op.create_index(op.f("ix_publications_case_id"), "publications", ["case_id"], unique=False)
    op.create_table(
        "signatures",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("signatory_name", sa.String(), nullable=False),
        sa.Column("signatory_function", sa.String(), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "written",
                "qualified_electronic",
                "text",
                name="signatureform",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_signatures_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_signatures_case_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_signatures_recorded_by")
        ),
        sa.ForeignKeyConstraint(["stage_id"], ["stages.id"], name=op.f("fk_signatures_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
        sa.UniqueConstraint("stage_id", "body_id", name=op.f("uq_signatures_stage_id_body_id")),
    )
    op.create_index(op.f("ix_signatures_case_id"), "signatures", ["case_id"], unique=False)
    op.create_table(
        "stage_leases",
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("flow_run_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["stage_id"], ["stages.id"], name=op.f("fk_stage_leases_stage_id")),
        sa.PrimaryKeyConstraint("stage_id", name=op.f("pk_stage_leases")),
    )
    op.create_table(
        "statements",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "agreed",
                "changes_wanted",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_statements_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_statements_case_id")),
        sa.ForeignKeyConstraint(["given_by"], ["users.id"], name=op.f("fk_statements_given_by")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["text_versions.id"], name=op.f("fk_statements_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
    )
    op.create_index(op.f("ix_statements_case_id"), "statements", ["case_id"], unique=False)
    op.create_table(
        "applications",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("guideline", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("parties", sa.Integer(), nullable=False),
        sa.Column("eligible", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("grant", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("own_contribution", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("prepared_on", sa.Date(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("receipt_reference", sa.String(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_applications_case_id")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["finance_plans.id"], name=op.f("fk_applications_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_applications_recorded_by")
        ),
        sa.ForeignKeyConstraint(["stage_id"], ["stages.id"], name=op.f("fk_applications_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("stage_id", name=op.f("uq_applications_stage_id")),
    )
    op.create_index(op.f("ix_applications_case_id"), "applications", ["case_id"], unique=False)
    op.create_table(
        "consultations",
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("committee_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "preliminary",
                "recommendation",
                "decision",
                name="consultationrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "open",
                "held",
                "cancelled",
                name="consultationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name=op.f("fk_consultations_committee_id")
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name=op.f("fk_consultations_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
        sa.UniqueConstraint(
            "paper_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_consultations_paper_id_position"),
        ),
    )
    op.create_table(
        "agenda_items",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_agenda_items_consultation_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_agenda_items_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_items")),
        sa.UniqueConstraint(
            "meeting_id", "consultation_id", name=op.f("uq_agenda_items_meeting_id_consultation_id")
        ),
    )
    op.create_index(
        op.f("ix_agenda_items_consultation_id"), "agenda_items", ["consultation_id"], unique=False
    )
    op.create_table(
        "exclusions",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("function", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_exclusions_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_exclusions_case_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_exclusions_consultation_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_exclusions_recorded_by")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_exclusions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusions")),
    )
    op.create_index(op.f("ix_exclusions_case_id"), "exclusions", ["case_id"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "legal",
                "clerk",
                "signatory",
                "treasurer",
                "admin",
                "authority",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "submit_draft",
                "give_statement",
                "freeze_version",
                "record_resolution",
                "confirm_resolutions",
                "record_signature",
                "submit_to_authority",
                "record_authority_answer",
                "record_publication",
                "record_notice",
                "draft_finance_plan",
                "check_finance_plan",
                "submit_application",
                "judge_amendment",
                "settle_reservation",
                "confirm_urgent_decision",
                "ad_hoc",
                name="taskkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "done",
                "cancelled",
                name="taskstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("not_by", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_reason", sa.String(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", sa.Uuid(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_tasks_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_tasks_case_id")),
        sa.ForeignKeyConstraint(["claimed_by"], ["users.id"], name=op.f("fk_tasks_claimed_by")),
        sa.ForeignKeyConstraint(["completed_by"], ["users.id"], name=op.f("fk_tasks_completed_by")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_tasks_consultation_id")
        ),
        sa.ForeignKeyConstraint(["stage_id"], ["stages.id"], name=op.f("fk_tasks_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(op.f("ix_tasks_case_id"), "tasks", ["case_id"], unique=False)
    op.create_index(
        "ix_tasks_inbox",
        "tasks",
        ["body_id", "role", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_tasks_stage_id", "tasks", ["stage_id"], unique=False)
    op.create_index(
        "uq_tasks_open_purpose",
        "tasks",
        [
            "stage_id",
            "body_id",
            "kind",
            sa.literal_column("coalesce(consultation_id, '00000000-0000-0000-0000-000000000000')"),
            sa.literal_column("coalesce(subject_id, '00000000-0000-0000-0000-000000000000')"),
        ],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "resolutions",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("agenda_item_id", sa.Uuid(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "adopted",
                "adopted_amended",
                "adopted_conditionally",
                "partly_adopted",
                "rejected",
                "deferred",
                "referred",
                "withdrawn",
                "noted",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("votes_yes", sa.Integer(), nullable=True),
        sa.Column("votes_no", sa.Integer(), nullable=True),
        sa.Column("votes_abstained", sa.Integer(), nullable=True),
        sa.Column("unanimous", sa.Boolean(), nullable=True),
        sa.Column("members_present", sa.Integer(), nullable=True),
        sa.Column("members_excluded", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("amendments", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("source_text", sa.String(), nullable=False),
        sa.Column(
            "urgency",
            sa.Enum(
                "main_committee",
                "head_and_member",
                name="urgency",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("urgent", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "votes_abstained >= 0", name=op.f("ck_resolutions_votes_abstained_not_negative")
        ),
        sa.CheckConstraint("votes_no >= 0", name=op.f("ck_resolutions_votes_no_not_negative")),
        sa.CheckConstraint("votes_yes >= 0", name=op.f("ck_resolutions_votes_yes_not_negative")),
        sa.ForeignKeyConstraint(
            ["agenda_item_id"], ["agenda_items.id"], name=op.f("fk_resolutions_agenda_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_resolutions_consultation_id")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["resolutions.id"], name=op.f("fk_resolutions_corrects_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_resolutions_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolutions")),
    )
    op.create_index(
        op.f("ix_resolutions_consultation_id"), "resolutions", ["consultation_id"], unique=False
    )
    op.create_table(
        "carries",
        sa.Column("resolution_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column(
            "because",
            sa.Enum(
                "editorial",
                "untouched",
                name="carryreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("judged_by", sa.Uuid(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["judged_by"], ["users.id"], name=op.f("fk_carries_judged_by")),
        sa.ForeignKeyConstraint(
            ["resolution_id"], ["resolutions.id"], name=op.f("fk_carries_resolution_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["text_versions.id"], name=op.f("fk_carries_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carries")),
        sa.UniqueConstraint(
            "resolution_id", "version_id", name=op.f("uq_carries_resolution_id_version_id")
        ),
    )
    op.create_table(
        "reconciliations",
        sa.Column("resolution_id", sa.Uuid(), nullable=False),
        sa.Column(
            "materiality",
            sa.Enum(
                "editorial",
                "material",
                name="materiality",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "consequence",
            sa.Enum(
                "new_version",
                "decide_again",
                name="consequence",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("judged_by", sa.Uuid(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["judged_by"], ["users.id"], name=op.f("fk_reconciliations_judged_by")
        ),
        sa.ForeignKeyConstraint(
            ["resolution_id"], ["resolutions.id"], name=op.f("fk_reconciliations_resolution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliations")),
        sa.UniqueConstraint("resolution_id", name=op.f("uq_reconciliations_resolution_id")),
    )
    op.create_table(
        "reservations",
        sa.Column("resolution_id", sa.Uuid(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "fulfilled",
                "failed",
                name="reservationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_because", sa.String(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resolution_id"], ["resolutions.id"], name=op.f("fk_reservations_resolution_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["users.id"], name=op.f("fk_reservations_settled_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
        sa.UniqueConstraint("resolution_id", name=op.f("uq_reservations_resolution_id")),
    )
    op.create_table(
        "resolution_records",
        sa.Column("resolution_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "objection",
                "objection_lifted",
                "annulment",
                "revocation",
                "confirmation",
                "correction",
                "renewal",
                name="recordkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_resolution_records_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["resolution_id"], ["resolutions.id"], name=op.f("fk_resolution_records_resolution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution_records")),
    )
    op.create_index(
        op.f("ix_resolution_records_resolution_id"),
        "resolution_records",
        ["resolution_id"],
        unique=False,
    )
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    op.drop_index(op.f("ix_resolution_records_resolution_id"), table_name="resolution_records")
    op.drop_table("resolution_records")
    op.drop_table("reservations")
    op.drop_table("reconciliations")
    op.drop_table("carries")
    op.drop_index(op.f("ix_resolutions_consultation_id"), table_name="resolutions")
    op.drop_table("resolutions")
    op.drop_index(
        "uq_tasks_open_purpose", table_name="tasks", postgresql_where=sa.text("state = 'open'")
    )
    op.drop_index("ix_tasks_stage_id", table_name="tasks")
    op.drop_index("ix_tasks_inbox", table_name="tasks", postgresql_where=sa.text("state = 'open'"))
    op.drop_index(op.f("ix_tasks_case_id"), table_name="tasks")
    op.drop_table("tasks")
    op.drop_index(op.f("ix_exclusions_case_id"), table_name="exclusions")
    op.drop_table("exclusions")
    op.drop_index(op.f("ix_agenda_items_consultation_id"), table_name="agenda_items")
    op.drop_table("agenda_items")
    op.drop_table("consultations")
    op.drop_index(op.f("ix_applications_case_id"), table_name="applications")
    op.drop_table("applications")
    op.drop_index(op.f("ix_statements_case_id"), table_name="statements")
    op.drop_table("statements")
    op.drop_table("stage_leases")
    op.drop_index(op.f("ix_signatures_case_id"), table_name="signatures")
    op.drop_table("signatures")
    op.drop_index(op.f("ix_publications_case_id"), table_name="publications")
    op.drop_table("publications")
    op.drop_index(op.f("ix_publication_notices_case_id"), table_name="publication_notices")
    op.drop_table("publication_notices")
    op.drop_index(
        "uq_papers_current",
        table_name="papers",
        postgresql_where=sa.text("superseded_because IS NULL"),
    )
    op.drop_index(op.f("ix_papers_case_id"), table_name="papers")
    op.drop_table("papers")
    op.drop_table("finance_plans")
    op.drop_index("uq_documents_purpose", table_name="documents")
    op.drop_index(op.f("ix_documents_case_id"), table_name="documents")
    op.drop_table("documents")
    op.drop_index(op.f("ix_approvals_case_id"), table_name="approvals")
    op.drop_table("approvals")
    op.drop_table("text_versions")
    op.drop_index(
        "ix_stages_live",
        table_name="stages",
        postgresql_where=sa.text("state IN ('ready', 'open', 'blocked')"),
    )
    op.drop_index("ix_stages_flow_run_id", table_name="stages")
    op.drop_table("stages")
    op.drop_index(op.f("ix_parties_body_id"), table_name="parties")
    op.drop_table("parties")
    op.drop_index(
        "ix_outbox_waiting", table_name="outbox", postgresql_where=sa.text("carried_out_at IS NULL")
    )
    op.drop_table("outbox")
    op.drop_table("meetings")
    op.drop_table("journal")
    op.drop_table("confidants")
    op.drop_index(op.f("ix_committee_sizes_committee_id"), table_name="committee_sizes")
    op.drop_table("committee_sizes")
    op.drop_index(op.f("ix_tokens_user_id"), table_name="tokens")
    op.drop_table("tokens")
    op.drop_table("populations")
    op.drop_table("idempotency_records")
    op.drop_index(op.f("ix_duties_user_id"), table_name="duties")
    op.drop_index(op.f("ix_duties_body_id"), table_name="duties")
    op.drop_table("duties")
    op.drop_index(op.f("ix_committees_body_id"), table_name="committees")
    op.drop_table("committees")
    op.drop_index("ix_cases_search", table_name="cases", postgresql_using="gin")
    op.drop_table("cases")
    op.drop_table("users")
    op.drop_table("conductors")
    op.drop_table("checkpoints")
    op.drop_index(op.f("ix_bodies_district_ags"), table_name="bodies")
    op.drop_table("bodies")
    op.execute("DROP FUNCTION refuse_change_of_journal")
