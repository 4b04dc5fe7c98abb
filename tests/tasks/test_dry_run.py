"""A dry run shows what would happen, by the code that does it, and leaves nothing behind."""

import re
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import schema
from models.base import dry_run, transaction
from models.delivery import Delivery
from models.person import Person
from notifications.capture import Capture
from notifications.emails import EMAILS
from tasks.dry_run import foresee
from tasks.mail import post_due
from tests.models.rows import ground, mail
from tests.world import SECRET, SLUG, plain


def everything() -> dict[str, list[tuple]]:
    """Every row of every table."""
    with transaction() as session:
        return {
            table.name: [tuple(row) for row in session.execute(sa.select(table).order_by(*table.primary_key))]
            for table in schema.METADATA.sorted_tables
        }


def test_dry_run_shows_who_what_when_and_every_link(world_at, tmp_path: Path) -> None:
    world = world_at("recruitment")
    found = foresee(SLUG, world.today, folder=tmp_path / "eml")
    assert found.mails
    assert {one.goes_at for one in found.mails} == {world.today}
    files = [one for one in found.mails if one.file]  # a mail that brings somebody's answer leaves none
    assert len(files) > len(found.mails) / 2
    for one in files:
        assert one.file
        message = message_from_bytes(one.file.read_bytes())
        assert one.to in str(message["To"])
        assert all(re.match(r"https?://", link) for link in one.links)
    assert len(list((tmp_path / "eml").iterdir())) == len(files)


def test_nothing_stays_of_a_dry_run(world_at) -> None:
    world = world_at("recruitment")
    before = everything()
    foresee(SLUG, world.today)
    assert everything() == before


def test_a_real_run_changes_what_a_dry_run_did_not(world_at) -> None:
    """The control: the same code outside a dry run leaves its mark."""
    world = world_at("recruitment")
    before = everything()
    kept: list[bytes] = []

    class Keeper:
        def deliver(self, _sender: str, _to: str, raw: bytes) -> str:
            kept.append(raw)
            return "kept"

        def close(self) -> None:
            pass

    post_due(world.today, Keeper)
    assert kept
    assert everything() != before


def test_dry_run_of_a_phase_shows_the_mails_that_it_would_write(world_at) -> None:
    from flows.recruitment import recruitment

    world = world_at("recruitment")
    before = everything()
    with transaction() as session:
        told = set(session.scalars(sa.select(Delivery.key)))
    day = world.today.replace(day=world.today.day + 3)
    found = foresee(SLUG, day, before=lambda: plain(recruitment)(SLUG, day))
    assert {"mentor_call", "mentee_call"} & {one.template for one in found.mails}
    assert everything() == before
    with transaction() as session:
        assert set(session.scalars(sa.select(Delivery.key))) == told


def test_what_is_written_in_a_dry_run_is_undone_on_both_databases(database: str) -> None:
    programme, person = ground()
    with dry_run():
        with transaction() as session:
            assert mail(session, programme, person, "k")
        with transaction() as session:  # what one transaction wrote, the next one sees
            assert session.scalar(sa.select(sa.func.count(Delivery.id))) == 1
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count(Delivery.id))) == 0


def test_fault_in_one_step_of_a_dry_run_undoes_that_step_alone(database: str) -> None:
    programme, person = ground()

    def half() -> None:
        with transaction() as session:
            mail(session, programme, person, "second")
            raise RuntimeError("halfway")

    with dry_run():
        with transaction() as session:
            mail(session, programme, person, "first")
        with pytest.raises(RuntimeError, match="halfway"):
            half()
        with transaction() as session:
            assert list(session.scalars(sa.select(Delivery.key))) == ["first"]
            assert session.get_one(Person, person).given_name
    with transaction() as session:
        assert list(session.scalars(sa.select(Delivery.due_on))) == []


def test_mail_that_brings_an_answer_leaves_no_file(world_at, tmp_path: Path) -> None:
    """Whoever runs the installation reads nobody's answers (LEG-11); that such a mail would go is told all the same."""
    world = world_at("matching")
    world.advance()
    post_due(world.today, Capture)
    world.decide("matching", "approve")
    world.advance(world.today + timedelta(days=1))
    found = foresee(SLUG, world.today, folder=tmp_path / "eml").mails
    brings = {one.template for one in found if EMAILS[one.template].holds}
    assert "pairing_mentor" in brings
    assert all((one.file is None) == (one.template in brings) for one in found)
    assert not [one for one in (tmp_path / "eml").iterdir() if SECRET in one.read_text(errors="replace")]
