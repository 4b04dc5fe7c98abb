"""Which run in Prefect stands for which moment of a programme."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; it fills itself when a programme is advanced."""
    op.create_table(
        "placement",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("falls_on", sa.Date()),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("run_id", sa.String(36), nullable=False, server_default=""),
        sa.Column("deployment_id", sa.String(36), nullable=False, server_default=""),
        sa.Column("removed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_placement_programme_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("programme_id", "key", name=op.f("uq_placement_programme_id_key")),
    )


def downgrade() -> None:
    """Take it away again; runs that were placed stay in Prefect until somebody deletes them there."""
    op.drop_table("placement")
