"""documents

Revision: 0003, after 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signatories",
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("function", sa.String(), nullable=False),
        sa.Column(
            "capacity",
            sa.Enum(
                "head",
                "general_deputy",
                "authorised",
                name="signingcapacity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_signatories_in_order")),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_signatories_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatories")),
        sa.UniqueConstraint(
            "body_id", "name", "valid_from", name=op.f("uq_signatories_body_id_name_valid_from")
        ),
    )
    op.create_index(op.f("ix_signatories_body_id"), "signatories", ["body_id"], unique=False)
    op.create_table(
        "template_versions",
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["bodies.id"], name=op.f("fk_template_versions_body_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["users.id"], name=op.f("fk_template_versions_uploaded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_versions")),
    )
    op.create_index(
        "uq_template_versions_number",
        "template_versions",
        [
            "template",
            sa.literal_column("coalesce(body_id, '00000000-0000-0000-0000-000000000000')"),
            "number",
        ],
        unique=True,
    )
    op.create_table(
        "template_releases",
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("released_by", sa.Uuid(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["bodies.id"], name=op.f("fk_template_releases_body_id")
        ),
        sa.ForeignKeyConstraint(
            ["released_by"], ["users.id"], name=op.f("fk_template_releases_released_by")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["template_versions.id"], name=op.f("fk_template_releases_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_releases")),
    )
    op.create_index(
        "uq_template_releases_number",
        "template_releases",
        [
            "template",
            sa.literal_column("coalesce(body_id, '00000000-0000-0000-0000-000000000000')"),
            "number",
        ],
        unique=True,
    )
    op.create_table(
        "proposal_uploads",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("hints", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["bodies.id"], name=op.f("fk_proposal_uploads_body_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_proposal_uploads_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["users.id"], name=op.f("fk_proposal_uploads_uploaded_by")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["text_versions.id"], name=op.f("fk_proposal_uploads_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_uploads")),
        sa.UniqueConstraint(
            "version_id",
            "body_id",
            "content_hash",
            name=op.f("uq_proposal_uploads_version_id_body_id_content_hash"),
        ),
    )
    op.create_index(
        op.f("ix_proposal_uploads_case_id"), "proposal_uploads", ["case_id"], unique=False
    )
    op.create_table(
        "proposals",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "rewording",
                "addition",
                "deletion",
                "move",
                "comment",
                "formatting",
                name="proposalkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("authored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("old", sa.String(), nullable=True),
        sa.Column("new", sa.String(), nullable=True),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("answers_id", sa.Uuid(), nullable=True),
        sa.Column("edits", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "accepted",
                "rejected",
                "noted",
                name="proposalstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adopted_in", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["adopted_in"], ["text_versions.id"], name=op.f("fk_proposals_adopted_in")
        ),
        sa.ForeignKeyConstraint(
            ["answers_id"], ["proposals.id"], name=op.f("fk_proposals_answers_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_proposals_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_proposals_decided_by")),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["proposal_uploads.id"], name=op.f("fk_proposals_upload_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_proposals_case_id_number")),
    )
    op.create_index(op.f("ix_proposals_upload_id"), "proposals", ["upload_id"], unique=False)
    op.create_table(
        "signed_copies",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "scan",
                "electronic",
                name="copykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "accepted",
                "to_confirm",
                "confirmed",
                name="copystate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("signers", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("filed_by", sa.Uuid(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_because", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_signed_copies_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_signed_copies_case_id")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["users.id"], name=op.f("fk_signed_copies_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_signed_copies_document_id")
        ),
        sa.ForeignKeyConstraint(["filed_by"], ["users.id"], name=op.f("fk_signed_copies_filed_by")),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["stages.id"], name=op.f("fk_signed_copies_stage_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_copies")),
        sa.UniqueConstraint("document_id", name=op.f("uq_signed_copies_document_id")),
    )
    op.create_index(op.f("ix_signed_copies_case_id"), "signed_copies", ["case_id"], unique=False)
    op.add_column("documents", sa.Column("pdf_hash", sa.String(), nullable=True))
    op.add_column("documents", sa.Column("pdf_size", sa.Integer(), nullable=True))
    op.add_column("documents", sa.Column("pdf_problem", sa.String(), nullable=True))
    op.add_column(
        "documents", sa.Column("pdf_failures", sa.Integer(), server_default="0", nullable=False)
    )
    op.create_index(
        "ix_documents_without_pdf",
        "documents",
        ["id"],
        unique=False,
        postgresql_where=sa.text("pdf_hash IS NULL"),
    )
    op.add_column("signatures", sa.Column("co_signatory_name", sa.String(), nullable=True))
    op.add_column("signatures", sa.Column("co_signatory_function", sa.String(), nullable=True))
    op.add_column("signatures", sa.Column("copy_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_signatures_copy_id"), "signatures", "signed_copies", ["copy_id"], ["id"]
    )
