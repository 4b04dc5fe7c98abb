"""Erasing a person: nothing is left that says who it was, every figure counts as before, and a backup brings nobody back."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from deployments.cli import main
from deployments.report import figures
from framework.pairing import PairingStatus
from framework.participation import ParticipantStatus
from framework.people import Role
from models import audit, fairness, ledger, matching_run, programme, schema, vault
from models.base import dry_run, engine, transaction
from models.delivery import Delivery
from models.link import Link
from models.pairing import Pairing
from models.person import Person
from models.request import Request
from models.response import Response
from models.tally import Tally
from models.vault import PersonKey
from tasks.erasing import CarriesProgramme, NobodyThere, erase, replay
from tests.conftest import environment, new_database
from tests.world import DOMAIN, FAMILY, MENTEES, MENTORS, SECRET, SLUG, STAFF, World, address, live


def row_of(number: int) -> Person:
    with transaction() as session:
        return session.get_one(Person, number)


def posted() -> None:
    """All mail has gone out."""
    with transaction() as session:
        session.execute(sa.update(Delivery).values(state="sent", sent_on=Delivery.due_on))


@pytest.fixture
def ended(world_at: Callable[..., World]) -> World:
    """A programme that is over, with all that people told in it."""
    world = world_at("evaluation", 2)
    live(world)
    posted()
    return world


def everything() -> str:
    """Every column of every row, as text."""
    with transaction() as session:
        rows = [
            " ".join(map(str, row))
            for table in schema.METADATA.sorted_tables
            for row in session.execute(sa.select(*(sa.cast(column, sa.Text) for column in table.c)))
        ]
    return "\n".join(rows)


def opened() -> str:
    """Everything that is sealed and still opens, as text."""
    from models import keyring

    with transaction() as session:
        rows = [one for table in keyring.EVERY for one in session.scalars(sa.select(table)).unique()]
        told = [json.dumps(one.people if table_of(one) == "matching_run" else one.told, default=str) for one in rows]
    return "\n".join(told)


def table_of(row: Any) -> str:
    return str(row.__tablename__)


def test_person_of_a_running_pair_is_gone_and_the_partner_hears(world_at: Callable[..., World]) -> None:
    world = world_at("review")
    posted()
    pair = world.pairs(PairingStatus.ACTIVE)[0]
    mentee, mentor = pair.mentee.person_id, pair.mentor.person_id
    name = next(key for key, value in world.ids.items() if value == mentee)
    assert f"{name} {FAMILY}" in opened(), "the control: mails quote the name"
    counts = erase(mentee)
    assert counts["ended"] == 1
    assert counts["answers"] > 3
    gone = row_of(mentee)
    assert (gone.email, gone.employee_number, gone.family_name, gone.erased_on) == (None, None, "", world.today)
    whole = everything()
    assert f"{name.lower()}@{DOMAIN}" not in whole
    assert name not in whole
    assert world.pairs(PairingStatus.CLOSED)[0].id == pair.id
    [told] = world.mails("partner_left")
    assert told.person_id == mentor
    [heard] = world.mails("somebody_gone")
    assert (heard.person_id, heard.fields["ended"]) == (world.ids[STAFF[0]], True)
    with transaction() as session:
        assert session.get_one(Pairing, pair.id).reasons == {}
        shut = session.scalars(sa.select(Link).where(Link.person_id == mentee))
        assert all(one.revoked for one in shut)
        assert not session.scalars(
            sa.select(PersonKey).where(PersonKey.person_id == mentee, PersonKey.wrapped != "")
        ).all()
        waiting = sa.select(Delivery.id).where(Delivery.person_id == mentee, Delivery.state == "queued")
        assert session.scalars(waiting).all() == []
    world.advance()
    world.today += timedelta(days=1)
    world.advance()  # and the programme goes on


def test_name_in_what_others_were_told_goes_once_the_farewell_is_posted(world_at: Callable[..., World]) -> None:
    world = world_at("review")
    posted()
    pair = world.pairs(PairingStatus.ACTIVE)[0]
    name = next(key for key, value in world.ids.items() if value == pair.mentee.person_id)
    assert erase(pair.mentee.person_id)["mentioned"] > 1
    left = [one for one in world.rows(Delivery) if f"{name} {FAMILY}" in json.dumps(one.told, default=str)]
    assert {one.template for one in left} == {"partner_left"}


def test_erased_twice_is_erased_once(world_at: Callable[..., World]) -> None:
    world = world_at("matching")
    who = world.ids[MENTEES[0]]
    assert erase(who)
    before = everything()
    assert erase(who) == {}
    assert everything() == before
    assert len(ledger.entries()) == 1
    with pytest.raises(NobodyThere):
        erase(4711)


def test_dry_run_tells_what_would_go_and_changes_nothing(world_at: Callable[..., World]) -> None:
    world = world_at("matching")
    before = everything()
    with dry_run():
        assert erase(world.ids[MENTEES[0]])["answers"]
    assert everything() == before
    assert ledger.entries() == ()


@pytest.mark.parametrize("name", STAFF[:2])
def test_whoever_carries_a_running_programme_stays(world_at: Callable[..., World], name: str) -> None:
    world = world_at("matching")
    with pytest.raises(CarriesProgramme, match="name somebody else"):
        erase(world.ids[name])
    assert row_of(world.ids[name]).erased_on is None
    assert ledger.entries() == ()


def test_backup_brings_nobody_back(world_at: Callable[..., World]) -> None:
    world = world_at("review")
    who = world.ids[MENTEES[1]]
    erase(who)
    again = world_at("review")  # the same database as before, in the same home
    assert row_of(who).erased_on is None
    assert replay() == 1
    assert row_of(who).erased_on == again.today
    assert replay() == 0


def test_candidate_leaves_the_selection(world_at: Callable[..., World]) -> None:
    world = world_at("selection")
    name = MENTORS[0]
    assert world.status(name, Role.MENTOR) == ParticipantStatus.APPLIED
    erase(world.ids[name])
    assert world.status(name, Role.MENTOR) == ParticipantStatus.WITHDRAWN
    about = {one.about for one in world.rows(Request, Request.status == "open")}
    with transaction() as session:
        part = next(p for p in session.scalars(sa.select(Request)).unique() if p.form == "mentor_application")
    assert part.about not in about


# Figures


def every_figure() -> dict[str, Any]:
    """All that is counted: the report, and fairness round by round."""
    with transaction() as session:
        where = programme.by_slug(session, SLUG).id
        rounds = sorted({run.round for run in matching_run.of_programme(session, where)})
        fair = {str(number): repr(fairness.sides(session, where, number)) for number in rounds}
    return {"report": figures(SLUG), "fairness": fair}


@pytest.fixture
def over_there(ended: World, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A programme that is over, as rows of PostgreSQL."""
    source = sa.create_engine(f"sqlite:///{tmp_path / 'baken.db'}")
    with (
        new_database(request.getfixturevalue("postgres")) as url,
        environment(BAKEN_HOME=str(tmp_path), BAKEN_DATABASE_URL=url),
    ):
        schema.upgrade()
        with source.connect() as there, engine().begin() as here:
            here.exec_driver_sql("SET LOCAL session_replication_role = replica")  # rows point at one another
            for table in schema.METADATA.sorted_tables:
                if rows := [dict(row) for row in there.execute(sa.select(table)).mappings()]:
                    here.execute(sa.insert(table), rows)
                name = table.name
                here.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
                )
        source.dispose()
        yield ended
        engine().dispose()


@pytest.mark.slow
def test_command_erases_a_person_on_postgresql_and_every_figure_stays(
    over_there: World, capsys: pytest.CaptureFixture[str]
) -> None:
    before = json.dumps(every_figure(), default=str)
    assert FAMILY in everything()
    for name in (MENTEES[0], MENTORS[1]):
        with pytest.raises(SystemExit) as ended:
            main(["person", "erase", address(name), "--yes", "--json"])
        assert ended.value.code == 0, capsys.readouterr().err
        assert json.loads(capsys.readouterr().out)["erased"]["answers"]
        assert json.dumps(every_figure(), default=str) == before, name
        assert name not in everything()
        assert name not in opened()
    assert [one.person for one in ledger.entries()] == [over_there.ids[MENTEES[0]], over_there.ids[MENTORS[1]]]
    assert audit.verify().holds


@pytest.mark.slow
def test_figures_of_a_programme_that_is_over_stay_whoever_is_erased(ended: World) -> None:
    before = json.dumps(every_figure(), default=str)
    assert json.loads(before)["report"]["goals_told"] > 3
    for name in (*MENTEES, *MENTORS, *STAFF):
        assert erase(ended.ids[name])["keys"], name
        assert json.dumps(every_figure(), default=str) == before, name
    assert FAMILY not in everything()
    assert SECRET not in opened()
    ended.advance()
    assert json.dumps(every_figure(), default=str) == before
    with transaction() as session:
        assert session.scalars(sa.select(Response).where(Response.emptied_on.is_(None))).all() == []
        assert session.scalars(sa.select(Tally)).all()
        assert not vault.destroy(session, ended.ids[STAFF[0]])
