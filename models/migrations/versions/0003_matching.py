"""Matching in every way: wishes, runs that can be held again, bent rules, and who waits since when."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ONCE = "programme_id_mentor_id_mentee_id_round"
AGAIN = (
    "DELETE FROM pairing WHERE status = 'dropped' AND EXISTS (SELECT 1 FROM pairing AS other WHERE other.id > pairing.id"
    " AND other.mentor_id = pairing.mentor_id AND other.mentee_id = pairing.mentee_id AND other.round = pairing.round)"
)


def upgrade() -> None:
    """Add the tables and columns; a pair of before came out of the best set."""
    with op.batch_alter_table("pairing") as pairing:
        pairing.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
        pairing.drop_constraint(op.f(f"uq_pairing_{ONCE}"), type_="unique")
        pairing.create_unique_constraint(
            op.f(f"uq_pairing_{ONCE}_number"), ["programme_id", "mentor_id", "mentee_id", "round", "number"]
        )
        pairing.add_column(sa.Column("origin", sa.String(12), nullable=False, server_default="best"))
        pairing.add_column(sa.Column("relaxed", sa.JSON(), nullable=False, server_default="[]"))
        pairing.add_column(sa.Column("language", sa.String(5), nullable=False, server_default=""))
        pairing.add_column(sa.Column("others", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("participant") as participant:
        participant.add_column(sa.Column("waiting_since", sa.Date()))
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("gender", sa.String(40), nullable=False, server_default=""))
    op.create_table(
        "wish",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(10), nullable=False),
        sa.Column("asked_on", sa.Date()),
        sa.Column("id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [to], name=op.f(f"fk_wish_{name}"), ondelete="CASCADE")
            for name, to in (
                ("programme_id", "programme.id"),
                ("participant_id", "participant.id"),
                ("other_id", "participant.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
        sa.UniqueConstraint(
            "programme_id", "round", "participant_id", "other_id", name=op.f("uq_wish_programme_id_round_participant_id_other_id")
        ),
    )
    for name in ("programme_id", "participant_id", "other_id"):
        op.create_index(op.f(f"ix_wish_{name}"), "wish", [name])
    op.create_table(
        "matching_run",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.Column("engine", sa.String(60), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_matching_run_programme_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matching_run")),
        sa.UniqueConstraint("programme_id", "round", "number", name=op.f("uq_matching_run_programme_id_round_number")),
    )
    op.create_index(op.f("ix_matching_run_programme_id"), "matching_run", ["programme_id"])


def downgrade() -> None:
    """Take them away again; of a pair that was proposed twice in a round, the last stands, and dropped means struck."""
    op.execute(AGAIN)
    op.execute("UPDATE pairing SET status = 'struck' WHERE status = 'dropped'")
    op.drop_table("matching_run")
    op.drop_table("wish")
    with op.batch_alter_table("participant") as participant:
        participant.drop_column("waiting_since")
    with op.batch_alter_table("person") as person:
        person.drop_column("gender")
    with op.batch_alter_table("pairing") as pairing:
        pairing.drop_constraint(op.f(f"uq_pairing_{ONCE}_number"), type_="unique")
        pairing.create_unique_constraint(
            op.f(f"uq_pairing_{ONCE}"), ["programme_id", "mentor_id", "mentee_id", "round"]
        )
        for name in ("others", "language", "relaxed", "origin", "number"):
            pairing.drop_column(name)
