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
    for table in ("participant", "delivery"):
        with op.batch_alter_table(table) as changed:
            changed.add_column(sa.Column("sealed", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("decision") as decision:
        decision.add_column(sa.Column("sealed", sa.Text(), nullable=False, server_default=""))
        decision.add_column(sa.Column("concerns_id", sa.Integer()))
        decision.create_foreign_key(
            decision.f("fk_decision_concerns_id"), "person", ["concerns_id"], ["id"], ondelete="SET NULL"
        )
        decision.create_index(decision.f("ix_decision_concerns_id"), ["concerns_id"])
    with op.batch_alter_table("link") as link:
        link.add_column(sa.Column("expires_at", sa.DateTime(timezone=True)))
        link.add_column(sa.Column("for_id", sa.Integer()))
        link.create_foreign_key(link.f("fk_link_for_id"), "link", ["for_id"], ["id"], ondelete="CASCADE")
        link.create_index(link.f("ix_link_for_id"), ["for_id"])
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
    op.create_table(
        "wording",
        sa.Column("form", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
        sa.UniqueConstraint("form", "version", "language", name=op.f("uq_wording_form_version_language")),
    )


def downgrade() -> None:
    """Take them away again. What was sealed is lost with its keys: open it first (`baken keys unseal`)."""
    for table in ("wording", "attempt", "draft", "person_key"):
        op.drop_table(table)
    with op.batch_alter_table("link") as link:
        link.drop_index(link.f("ix_link_for_id"))
        link.drop_constraint(link.f("fk_link_for_id"), type_="foreignkey")
        link.drop_column("for_id")
        link.drop_column("expires_at")
    with op.batch_alter_table("decision") as decision:
        decision.drop_index(decision.f("ix_decision_concerns_id"))
        decision.drop_constraint(decision.f("fk_decision_concerns_id"), type_="foreignkey")
        decision.drop_column("concerns_id")
        decision.drop_column("sealed")
    for table in ("delivery", "participant", "response"):
        with op.batch_alter_table(table) as changed:
            changed.drop_column("sealed")
