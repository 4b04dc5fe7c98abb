"""What the portal bears: `python -m benchmarks.portal [--json] [--people 10000] [--rate 500]`.

People open a form, fill it in and send it, `rate` of them a minute, whether the one before has been served or not; the
time of a visit counts from the moment at which it was meant, so that a queue shows. The portal is a process of its own,
as `python -m portal` starts it, on SQLite and on a PostgreSQL that commits to the disk.

- `p95_<kind>_ms`: 95 of 100 forms were taken within so many milliseconds (POST alone), `visit_p95_<kind>_ms` the whole
  visit: page, sending, receipt. `held_<kind>`: sent a minute, beside the rate that was asked for.
- `ratio_people_<kind>`: the p95 with all those people beside the p95 with a hundred: 1 means that size costs nothing.
- `times_rate_<kind>`: how many times the rate it bears when eight people send as fast as they are served.
"""

import argparse
import asyncio
import json
import os
import platform
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from statistics import quantiles
from typing import Any

import httpx
import sqlalchemy as sa

from benchmarks.postgres import durable_postgres
from benchmarks.reliability import outbox
from deployments.rehearsal.answers import Typed, fill
from deployments.rehearsal.page import forms_of
from framework import programme as rules
from framework.content import FORMS
from models import installation, link, programme
from models.base import transaction
from models.person import Person
from models.request import Request
from models.response import Response

TODAY = date(2027, 4, 20)
MIX = (
    "check_in_mentee",
    "meeting_log",
    "check_in_mentor",
    "mentor_application",
    "pair_review_mentee",
    "follow_up_mentor",
)
FEW, EAGER, GIVE_UP = 100, 8, 180.0
KINDS = ("sqlite", "postgresql")
PROGRAMME = {
    "slug": "growth-2027",
    "title": "Growth 2027",
    "company": "Baken Example",
    "track": "growth",
    "starts_on": TODAY - timedelta(days=100),
    "coordinator": "person0@baken.example",
}
Visit = tuple[float, float, int]


def people_and_questions(people: int, asked: int) -> list[tuple[str, str]]:
    """Fill the database: so many people, so many open questions; the form and the token of each."""
    with transaction() as session:
        installation.mark_as_rehearsal(session, TODAY)
        rows = [
            {
                "employee_number": str(number),
                "email": f"person{number}@baken.example",
                "given_name": f"Given{number}",
                "family_name": f"Family{number % 997}",
                "language": "en",
                "years": number % 30,
                "skills": [],
                "interests": [],
            }
            for number in range(people)
        ]
        session.execute(sa.insert(Person), rows)
        made = programme.keep(session, rules.Programme.model_validate(PROGRAMME))
        ids = list(session.scalars(sa.select(Person.id).order_by(Person.id)))
        return [_question(session, made.id, ids[number * 7 % people], number) for number in range(asked)]


def _question(session: Any, programme_id: int, person_id: int, number: int) -> tuple[str, str]:
    form, due = MIX[number % len(MIX)], TODAY + timedelta(days=14)
    own = link.new_link(session, purpose="form", programme_id=programme_id, person_id=person_id, expires_on=due)
    session.add(
        Request(
            key=f"load:{number}",
            programme_id=programme_id,
            phase=FORMS[form].phase,
            round=1,
            form=form,
            person_id=person_id,
            link_id=own.id,
            opened_on=TODAY,
            due_on=due,
        )
    )
    return form, own.token


@contextmanager
def served() -> Iterator[str]:
    """The portal as it is started by hand; its address. Raises TimeoutError."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "portal", "--port", str(port)], stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait(address: str) -> None:
    until = time.monotonic() + GIVE_UP
    while time.monotonic() < until:
        try:
            if httpx.get(f"{address}/health").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError("the portal did not start")


def written(address: str, questions: list[tuple[str, str]]) -> dict[str, Typed]:
    """For each form, what a willing person types into it; read from the page itself."""
    found: dict[str, Typed] = {}
    for form, token in questions[: len(MIX)]:
        page = httpx.get(f"{address}/f/{token}/all", follow_redirects=True)
        found[form] = fill(forms_of(page)[-1], random.Random(form), "en", "A. Person", TODAY)
    return found


async def visit(client: httpx.AsyncClient, token: str, typed: Typed, meant: float) -> Visit:
    """Open, send, read the receipt: seconds of the sending, seconds of the whole, and the status at the end."""
    await client.get(f"/f/{token}")
    began = time.perf_counter()
    sent = await client.post(f"/f/{token}", data=typed)
    took = time.perf_counter() - began
    last = sent
    if sent.status_code == httpx.codes.SEE_OTHER:
        last = await client.get(sent.headers["location"])
    return took, time.perf_counter() - meant, last.status_code


async def steady(address: str, questions: list[tuple[str, str]], typed: dict[str, Typed], rate: int) -> list[Visit]:
    """One visit after the other at that rate a minute, each at its own moment."""
    async with httpx.AsyncClient(base_url=address, timeout=GIVE_UP) as client:
        start, waiting = time.perf_counter(), []
        for number, (form, token) in enumerate(questions):
            meant = start + number * 60 / rate
            await asyncio.sleep(max(0.0, meant - time.perf_counter()))
            waiting.append(asyncio.create_task(visit(client, token, typed[form], meant)))
        return await asyncio.gather(*waiting)


async def eager(address: str, questions: list[tuple[str, str]], typed: dict[str, Typed]) -> float:
    """Eight people who send as fast as they are served; forms a minute."""
    left = iter(questions)
    async with httpx.AsyncClient(base_url=address, timeout=GIVE_UP) as client:

        async def one() -> None:
            for form, token in left:
                await visit(client, token, typed[form], 0.0)

        start = time.perf_counter()
        await asyncio.gather(*(one() for _ in range(EAGER)))
        return len(questions) * 60 / (time.perf_counter() - start)


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1] * 1000 if len(values) > 1 else values[0] * 1000


class NoPostgresError(RuntimeError):
    """PostgreSQL's programs are missing; its figures are left out."""


@contextmanager
def database(kind: str) -> Iterator[None]:
    """An empty database of that kind. Raises NoPostgresError."""
    if kind == "sqlite":
        with outbox(""):
            yield
        return
    with durable_postgres() as url:
        if url is None:
            raise NoPostgresError
        with outbox(url):
            yield


def run(kind: str, people: int, rate: int, seconds: int) -> dict[str, float]:
    """One database with so many people. Raises AssertionError where a form was not taken or is not there."""
    asked, more = max(2 * len(MIX), rate * seconds // 60), max(EAGER, rate // 4)
    with database(kind):
        questions = people_and_questions(people, asked + more)
        with served() as address:
            typed = written(address, questions)
            began = time.perf_counter()
            visits = asyncio.run(steady(address, questions[:asked], typed, rate))
            held = len(visits) * 60 / (time.perf_counter() - began)
            most = asyncio.run(eager(address, questions[asked:], typed))
        assert {status for _, _, status in visits} == {httpx.codes.OK}, "a form was not taken"
        with transaction() as session:
            kept = session.scalar(sa.select(sa.func.count()).select_from(Response))
        assert kept == asked + more, f"{kept} answers of {asked + more}"
    return {
        "p95": _p95([took for took, _, _ in visits]),
        "visit_p95": _p95([took for _, took, _ in visits]),
        "held": held,
        "most": most,
    }


def measure(people: int, rate: int, seconds: int, kinds: Sequence[str] = KINDS) -> dict[str, Any]:
    """The databases of those kinds: the figures that the page above names."""
    figures: dict[str, Any] = {
        "people": people,
        "rate": rate,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
    }
    for kind in kinds:
        try:
            few, many = run(kind, min(FEW, people), rate, seconds), run(kind, people, rate, seconds)
        except NoPostgresError:
            continue
        figures |= {
            f"p95_{kind}_ms": round(many["p95"], 1),
            f"visit_p95_{kind}_ms": round(many["visit_p95"], 1),
            f"held_{kind}": round(many["held"]),
            f"ratio_people_{kind}": round(many["p95"] / few["p95"], 2),
            f"times_rate_{kind}": round(many["most"] / rate, 2),
        }
    return figures


def main(given: list[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.portal", description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--people", type=int, default=10_000, help="people in the database")
    parser.add_argument("--rate", type=int, default=500, help="forms a minute")
    parser.add_argument("--seconds", type=int, default=60, help="how long each run lasts")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, help="databases to measure")
    asked = parser.parse_args(given)
    figures = measure(asked.people, asked.rate, asked.seconds, asked.kinds)
    if asked.json:
        print(json.dumps(figures, indent=2))
        return
    for name, value in figures.items():
        print(f"{name:28} {value}")


if __name__ == "__main__":
    main()
