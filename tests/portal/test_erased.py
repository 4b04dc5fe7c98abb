"""Somebody's key is destroyed, everybody's even: no page, mail, report, replay or matching breaks over it."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from lxml import html

from deployments.cli import main
from models import link, programme, vault
from models.base import transaction
from models.delivery import Delivery
from models.link import Link
from models.vault import PersonKey
from tasks.erasing import erase
from tasks.keeping import over
from tasks.mail import post_due
from tests.deployments.test_outbox_command import Keeper
from tests.world import MENTEES, MENTORS, SLUG, World

MOST = 120  # pages


def erase_everybody() -> int:
    with transaction() as session:
        people = set(session.scalars(sa.select(PersonKey.person_id)))
        return sum(vault.destroy(session, who) for who in people)


def desk(world: World) -> str:
    with transaction() as session:
        row = programme.by_slug(session, SLUG)
        boss = next(one for one in session.scalars(sa.select(Link)) if one.purpose == "desk")
        return link.desk_link(session, row.id, boss.person_id).token


def crawl(browser: Any, start: str) -> Counter[int]:
    """Every page that can be reached from there without leaving; how many answered with which status."""
    seen, ahead, found = {start}, [start], Counter[int]()
    while ahead and sum(found.values()) < MOST:
        page = browser.get(ahead.pop(0))
        found[page.status_code] += 1
        if page.status_code != 200 or "html" not in page.headers["content-type"]:
            continue
        for href in html.fromstring(page.text).xpath("//a/@href"):
            address = href.partition("#")[0].removeprefix("http://testserver")
            if address.startswith(start) and address not in seen:
                seen.add(address)
                ahead.append(address)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("phase", ["selection", "matching", "review", "evaluation"])
def test_no_page_breaks(world_at: Callable[..., World], browser: Any, phase: str) -> None:
    world = world_at(phase)
    token = desk(world)
    before = crawl(browser, f"/desk/{token}")
    assert erase_everybody() > 5
    assert crawl(browser, f"/desk/{token}") == before
    with transaction() as session:
        forms = [one.token for one in session.scalars(sa.select(Link).where(Link.purpose == "form"))]
    for one in forms[:40]:
        assert browser.get(f"/f/{one}").status_code < 500


@pytest.mark.slow
@pytest.mark.parametrize("phase", ["selection", "review", "evaluation"])
def test_no_page_breaks_where_people_were(world_at: Callable[..., World], browser: Any, phase: str) -> None:
    """Nobody is left but the coordinator and the deputy, and all that was told long ago has been let go."""
    world = world_at(phase)
    token = desk(world)
    assert sum(bool(erase(world.ids[name])) for name in (*MENTORS, *MENTEES)) == len(MENTORS) + len(MENTEES)
    over(SLUG, world.today + timedelta(days=9999))
    found = crawl(browser, f"/desk/{token}")
    assert found[200] > 5
    assert [status for status in found if status >= 500] == []
    world.advance()  # and the programme goes on


@pytest.mark.slow
@pytest.mark.parametrize("phase", ["matching", "review"])
def test_no_mail_breaks_and_none_goes_without_words(world_at: Callable[..., World], phase: str) -> None:
    world = world_at(phase)
    waiting = [one.id for one in world.rows(Delivery, Delivery.state == "queued")]
    erase_everybody()
    keeper = Keeper()
    found = post_due(world.today, lambda: keeper)
    assert (found["dead"], keeper.kept) == (0, [])
    assert {one.state for one in world.rows(Delivery) if one.id in waiting} <= {"cancelled"}
    world.advance()  # and the phase goes on


@pytest.mark.slow
def test_report_and_replay_and_letters_do_not_break(
    world_at: Callable[..., World], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world_at("review")
    erase_everybody()
    for words in (
        ("report", SLUG, "--json"),
        ("matching", "replay", SLUG, "--json"),
        ("matching", "runs", SLUG),
        ("matching", "fairness", SLUG),
        ("mail", "list", SLUG),
        ("mail", "letters", SLUG, str(tmp_path / "letters.pdf")),
    ):
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main(list(words))
        said = capsys.readouterr()
        assert (stopped.value.code or 0) == 0, (words, said.err)
        if words[1] == "replay":
            runs = json.loads(said.out)["runs"]
            assert all(one["erased"] and not one["same"] for one in runs)
            assert runs
