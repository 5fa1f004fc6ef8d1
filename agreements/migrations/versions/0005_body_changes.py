"""body changes

Revision: 0005, after 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

APPEND_ONLY = """
CREATE TRIGGER body_changes_are_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON body_changes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_journal();
"""


def upgrade() -> None:
    op.create_table(
        "body_changes",
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("before", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("after", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_body_changes_body_id")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["users.id"], name=op.f("fk_body_changes_changed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_changes")),
    )
    op.create_index("ix_body_changes_body_id", "body_changes", ["body_id", "id"], unique=False)
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    op.drop_index("ix_body_changes_body_id", table_name="body_changes")
    op.drop_table("body_changes")
