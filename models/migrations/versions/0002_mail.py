"""Mail that is never lost and never doubled: bundles, places, evidence, pace, and addresses that refuse."""

from hashlib import blake2b

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEW = ("message_id", "carrier_id", "planned_on", "place", "domain", "released", "tried_at", "began_at", "evidence")


def upgrade() -> None:
    """Add the columns, and fill in what the rows of before can tell."""
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("mail_refused_on", sa.Date()))
        person.add_column(sa.Column("mail_refused_code", sa.String(20), nullable=False, server_default=""))
        person.add_column(sa.Column("no_campaigns_since", sa.Date()))
    with op.batch_alter_table("delivery") as delivery:
        delivery.add_column(sa.Column("message_id", sa.String(40), nullable=False, server_default=""))
        delivery.add_column(sa.Column("carrier_id", sa.Integer()))
        delivery.add_column(sa.Column("planned_on", sa.Date()))
        delivery.add_column(sa.Column("place", sa.String(60), nullable=False, server_default=""))
        delivery.add_column(sa.Column("domain", sa.String(255), nullable=False, server_default=""))
        delivery.add_column(sa.Column("released", sa.Boolean(), nullable=False, server_default=sa.false()))
        delivery.add_column(sa.Column("tried_at", sa.Double()))
        delivery.add_column(sa.Column("began_at", sa.Double()))
        delivery.add_column(sa.Column("evidence", sa.String(60), nullable=False, server_default=""))
    rows = op.get_bind()
    for number, key in rows.execute(sa.text("SELECT id, key FROM delivery")).all():
        found = blake2b(key.encode(), digest_size=20).hexdigest()
        rows.execute(sa.text("UPDATE delivery SET message_id = :m WHERE id = :i"), {"m": found, "i": number})
    rows.execute(sa.text("UPDATE delivery SET planned_on = due_on"))
    with op.batch_alter_table("delivery") as delivery:
        delivery.alter_column("planned_on", existing_type=sa.Date(), nullable=False)
        delivery.create_foreign_key(
            op.f("fk_delivery_carrier_id"), "delivery", ["carrier_id"], ["id"], ondelete="SET NULL"
        )
        for name in ("message_id", "carrier_id", "request_id"):
            delivery.create_index(op.f(f"ix_delivery_{name}"), [name])
    op.create_table(
        "pace",
        sa.Column("key", sa.String(300), nullable=False),
        sa.Column("next_at", sa.Double(), nullable=False),
        sa.Column("per_minute", sa.Double(), nullable=False),
        sa.Column("slowed_until", sa.Double(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("closed_until", sa.Double(), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pace")),
        sa.UniqueConstraint("key", name=op.f("uq_pace_key")),
    )


def downgrade() -> None:
    """Take the columns away again; what was refused, unsure or bundled is given up, or waits."""
    op.drop_table("pace")
    op.execute("UPDATE delivery SET state = 'queued' WHERE state IN ('bundled', 'draft')")
    op.execute("UPDATE delivery SET state = 'dead' WHERE state = 'refused'")
    op.execute("UPDATE delivery SET state = 'sent' WHERE state = 'printed'")
    with op.batch_alter_table("delivery") as delivery:
        for name in ("message_id", "carrier_id", "request_id"):
            delivery.drop_index(op.f(f"ix_delivery_{name}"))
        delivery.drop_constraint(op.f("fk_delivery_carrier_id"), type_="foreignkey")
        for name in NEW:
            delivery.drop_column(name)
    with op.batch_alter_table("person") as person:
        for name in ("mail_refused_on", "mail_refused_code", "no_campaigns_since"):
            person.drop_column(name)
