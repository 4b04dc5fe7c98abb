"""What the watchdog found; when each round was held; which files of the people feed were taken."""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add three tables; they begin empty."""
    op.create_table(
        "beat",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("at", UtcDateTime()),
        sa.Column("holder", sa.String(40), nullable=False, server_default=""),
        sa.Column("until", UtcDateTime()),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beat")),
        sa.UniqueConstraint("name", name=op.f("uq_beat_name")),
    )
    op.create_table(
        "finding",
        sa.Column("code", sa.String(30), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("first_seen", UtcDateTime(), nullable=False),
        sa.Column("last_seen", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime()),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("code", name=op.f("uq_finding_code")),
    )
    op.create_table(
        "feed_file",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("fate", sa.String(10), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_file")),
    )
    op.create_index(op.f("ix_feed_file_digest"), "feed_file", ["digest"])


def downgrade() -> None:
    """Take the tables away; what was found and taken is forgotten, the people stay."""
    op.drop_index(op.f("ix_feed_file_digest"), table_name="feed_file")
    for name in ("feed_file", "finding", "beat"):
        op.drop_table(name)
