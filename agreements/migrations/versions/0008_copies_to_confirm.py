"""people are told of copies that they have to confirm

Revision: 0008, after 0007
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BEFORE = (
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
)


def upgrade() -> None:
    op.execute("ALTER TYPE notice_kind ADD VALUE 'copy_to_confirm' BEFORE 'substitution'")


def downgrade() -> None:
    # A value cannot be taken out of a type; what it was about is still on the signature's page.
    op.execute("DELETE FROM notices WHERE kind = 'copy_to_confirm'")
    op.execute("ALTER TYPE notice_kind RENAME TO notice_kind_of_0008")
    values = ", ".join(f"'{value}'" for value in _BEFORE)
    op.execute(f"CREATE TYPE notice_kind AS ENUM ({values})")
    op.execute(
        "ALTER TABLE notices ALTER COLUMN kind TYPE notice_kind USING kind::text::notice_kind"
    )
    op.execute("DROP TYPE notice_kind_of_0008")
