"""`baken matching fairness` on a company that lived through matching; and gender, which only this report may count."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from deployments.commands.fairness import fairness
from models import schema
from models.base import Base, transaction
from models.person import Person
from tests.conftest import environment
from tests.world import MENTEES, SLUG, World, build, live, reached

CODES = ("Geheimwoord-F", "Geheimwoord-M")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with environment(BAKEN_HOME=str(tmp_path)):
        schema.upgrade()
        made = build()
        with transaction() as session:
            for at, one in enumerate(session.scalars(sa.select(Person).order_by(Person.id))):
                one.gender = CODES[at % 2]
        live(made, until=reached("agreement"))
        yield made


def said(capsys: pytest.CaptureFixture[str], **options: Any) -> dict[str, Any]:
    capsys.readouterr()
    assert fairness(SLUG, json=True, **options) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_report_counts_who_was_matched_and_no_other_row_holds_gender(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    found = said(capsys)
    assert found["round"] == 1
    mentees = found["sides"]["mentee"]
    assert mentees["all"]["people"] == len(MENTEES)
    assert mentees["all"]["matched"] >= len(world.pairs())
    assert found["sides"]["mentor"]["all"] is None  # four mentors are too few to be counted
    assert mentees["by"] == {}  # and five mentees too few to be told apart
    with transaction() as session:
        held = {
            table.name
            for table in Base.metadata.sorted_tables
            for row in session.execute(sa.select(table))
            if any(code in str(row) for code in CODES)
        }
    assert held == {"person"}
    assert fairness(SLUG) == 0
    told = capsys.readouterr().out
    assert "mentees" in told
    assert "too few to count" in told
    assert not any(name in told for name in MENTEES)
    assert said(capsys, round_=7)["sides"] == {}
    assert fairness(SLUG, round_=7) == 0
    assert "no round 7" in capsys.readouterr().out
