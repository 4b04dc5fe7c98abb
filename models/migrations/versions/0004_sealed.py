"""What people confide is sealed; drafts, short-lived links, and limits that all portals share."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns; answers of before stand open until they are sealed (`baken keys seal`)."""
    with op.batch_alter_table("response") as response:
        response.add_column(sa.Column("sealed", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("link") as link:
        link.add_column(sa.Column("expires_at", sa.DateTime(timezone=True)))
    op.create_table(
        "person_key",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_key_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_key")),
        sa.UniqueConstraint("person_id", "number", name=op.f("uq_person_key_person_id_number")),
    )
    op.create_index(op.f("ix_person_key_person_id"), "person_key", ["person_id"])
    op.create_table(
        "draft",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("saved_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_draft_request_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("request_id", name=op.f("uq_draft_request_id")),
    )
    op.create_index(op.f("ix_draft_saved_on"), "draft", ["saved_on"])
    op.create_table(
        "attempt",
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("key", name=op.f("uq_attempt_key")),
    )
    op.create_index(op.f("ix_attempt_began"), "attempt", ["began"])


def downgrade() -> None:
    """Take them away again. What was sealed is lost with its keys: open it first (`baken keys unseal`)."""
    for table in ("attempt", "draft", "person_key"):
        op.drop_table(table)
    with op.batch_alter_table("link") as link:
        link.drop_column("expires_at")
    with op.batch_alter_table("response") as response:
        response.drop_column("sealed")
