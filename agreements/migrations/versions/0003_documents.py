"""documents

Revision: 0003, after 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
