"""One programme's phase runs once at a time: who has it in hand, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; nothing runs yet."""
    op.create_table(
        "phase_lock",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(20), nullable=False),
        sa.Column("holder", sa.String(80), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_phase_lock_programme_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase_lock")),
        sa.UniqueConstraint("programme_id", "phase", name=op.f("uq_phase_lock_programme_id_phase")),
    )


def downgrade() -> None:
    """Take the table away: what runs goes on without it."""
    op.drop_table("phase_lock")
