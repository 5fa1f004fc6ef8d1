"""texts of old mails can be dropped

Revision: 0007, after 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mails", sa.Column("text_dropped_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_mails_with_text",
        "mails",
        ["sent_at"],
        unique=False,
        postgresql_where=sa.text("state = 'sent' AND text_dropped_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_mails_with_text",
        table_name="mails",
        postgresql_where=sa.text("state = 'sent' AND text_dropped_at IS NULL"),
    )
    op.drop_column("mails", "text_dropped_at")
