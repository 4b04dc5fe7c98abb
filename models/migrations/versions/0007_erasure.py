"""Who was erased, and what statistics keep: tallies of emptied answers, and figures kept as they were."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the columns; nobody is erased and nothing is emptied by this."""
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("erased_on", sa.Date()))
    with op.batch_alter_table("response") as response:
        response.add_column(sa.Column("emptied_on", sa.Date()))
    op.create_table(
        "erasure",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("person_id", name=op.f("uq_erasure_person_id")),
    )
    op.create_table(
        "tally",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(60), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_tally_programme_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally")),
        sa.UniqueConstraint(
            "programme_id",
            "form",
            "round",
            "question",
            "value",
            name=op.f("uq_tally_programme_id_form_round_question_value"),
        ),
    )
    op.create_index(op.f("ix_tally_programme_id"), "tally", ["programme_id"])
    op.create_table(
        "frozen",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_frozen_programme_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen")),
        sa.UniqueConstraint("programme_id", "name", "round", name=op.f("uq_frozen_programme_id_name_round")),
    )
    op.create_index(op.f("ix_frozen_programme_id"), "frozen", ["programme_id"])


def downgrade() -> None:
    """Take them away again: an older version counts without what was emptied; people stay erased."""
    for table in ("frozen", "tally", "erasure"):
        op.drop_table(table)
    with op.batch_alter_table("response") as response:
        response.drop_column("emptied_on")
    with op.batch_alter_table("person") as person:
        person.drop_column("erased_on")
