"""absence shortenings

Revision: 0006, after 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

APPEND_ONLY = """
CREATE TRIGGER absence_shortenings_are_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON absence_shortenings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_journal();
"""


def upgrade() -> None:
    op.create_table(
        "absence_shortenings",
        sa.Column("absence_id", sa.Uuid(), nullable=False),
        sa.Column("last_day_before", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("shortened_by", sa.Uuid(), nullable=False),
        sa.Column("shortened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["absence_id"], ["absences.id"], name=op.f("fk_absence_shortenings_absence_id")
        ),
        sa.ForeignKeyConstraint(
            ["shortened_by"], ["users.id"], name=op.f("fk_absence_shortenings_shortened_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence_shortenings")),
    )
    op.create_index(
        op.f("ix_absence_shortenings_absence_id"),
        "absence_shortenings",
        ["absence_id"],
        unique=False,
    )
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    op.drop_index(op.f("ix_absence_shortenings_absence_id"), table_name="absence_shortenings")
    op.drop_table("absence_shortenings")
