"""The audit trail is a chain of hashes, and only grows."""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime
from models.event import Head, Row, links

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BATCH = 5000
WORDS = "the audit trail only grows"
EVENTS = sa.table(
    "event",
    sa.column("id", sa.Integer()),
    sa.column("at", UtcDateTime()),
    sa.column("actor", sa.String()),
    sa.column("action", sa.String()),
    sa.column("about", sa.String()),
    sa.column("detail", sa.JSON()),
)
MARKS = sa.table("event_mark", sa.column("id", sa.Integer()), sa.column("event_id"), sa.column("mark"))
CLOSED = {
    "event": "SELECT 1 FROM event_mark m JOIN event_closing c ON m.id <= c.upto WHERE m.event_id = OLD.id",
    "event_mark": "SELECT 1 FROM event_closing c WHERE OLD.id <= c.upto",
    "event_closing": "SELECT 1 WHERE 1 = 0",
}
"""What of each table may go: the rows of a part that was closed off, and nothing else."""


def upgrade() -> None:
    """Two tables, a mark for every row that is there, and triggers that refuse every change from then on."""
    op.create_table(
        "event_mark",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_mark")),
        sa.UniqueConstraint("event_id", name=op.f("uq_event_mark_event_id")),
    )
    op.create_table(
        "event_closing",
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_closing")),
        sa.UniqueConstraint("upto", name=op.f("uq_event_closing_upto")),
    )
    _mark_what_is_there()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _mark_what_is_there() -> None:
    connection, last, after = op.get_bind(), Head(0, ""), 0
    while True:
        wanted = sa.select(EVENTS).where(EVENTS.c.id > after).order_by(EVENTS.c.id).limit(BATCH)
        rows = [Row(*row) for row in connection.execute(wanted)]
        if not rows:
            return
        made = links(last, rows)
        connection.execute(sa.insert(MARKS), made)
        last, after = Head(made[-1]["id"], made[-1]["mark"]), rows[-1].id


def _guard_sqlite() -> None:
    for table, closed in CLOSED.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN NOT EXISTS ({closed}) {refuse}")


def _guard_postgresql() -> None:
    head = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    op.execute(f"CREATE FUNCTION event_only_grows() {head} RAISE EXCEPTION '{WORDS}'; END $$")
    for table, closed in CLOSED.items():
        refuse = f"IF EXISTS ({closed}) THEN RETURN OLD; END IF; RAISE EXCEPTION '{WORDS}'; END $$"
        op.execute(f"CREATE FUNCTION {table}_no_delete() {head} {refuse}")
        for deed, each, function in (
            ("UPDATE", "ROW", "event_only_grows"),
            ("TRUNCATE", "STATEMENT", "event_only_grows"),
            ("DELETE", "ROW", f"{table}_no_delete"),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION {function}()"
            )


def downgrade() -> None:
    """Take the chain and its guards away; the trail itself stays."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in CLOSED:
        for deed in ("update", "truncate", "delete") if postgresql else ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{deed}" + (f" ON {table}" if postgresql else ""))
        if postgresql:
            op.execute(f"DROP FUNCTION {table}_no_delete()")
    if postgresql:
        op.execute("DROP FUNCTION event_only_grows()")
    op.drop_table("event_closing")
    op.drop_table("event_mark")
