"""Who is asked at the end of a programme: those who took part, the project team, and the mentees' line managers."""

import pytest
import sqlalchemy as sa

from framework import evaluation
from models.base import transaction
from models.delivery import Delivery
from models.participant import Participant
from models.person import Person
from tests.world import World, live, reached

MANAGERS = "programme_evaluation_line_manager"


@pytest.mark.slow
def test_line_managers_of_mentees_are_asked_once_and_nobody_is_asked_twice(world_at) -> None:
    world = world_at("closure")
    with transaction() as session:
        boss = Person(given_name="Hassan", family_name="Bo", email="hassan@x.example")
        session.add(boss)
        session.flush()
        mentees = sa.select(Participant.person_id).where(Participant.role == "mentee")
        session.execute(sa.update(Person).where(Person.id.in_(mentees)).values(manager_id=boss.id))
        known = boss.id
    live(world, until=reached("evaluation"))
    asked = [one for one in world.requests() if one.phase == "evaluation"]
    assert [one.person_id for one in asked if one.form == MANAGERS] == [known]
    assert len({one.person_id for one in asked}) == len(asked) > 1


@pytest.mark.slow
def test_a_manager_who_is_asked_already_is_not_asked_again(world_at) -> None:
    world = world_at("evaluation")
    people = [one.person_id for one in world.requests() if one.phase == "evaluation"]
    assert people
    assert len(people) == len(set(people))


@pytest.mark.slow
@pytest.mark.parametrize(("enough", "is_told"), [(1, True), (100, False)])
def test_answers_of_few_are_not_added_up(world_at, monkeypatch, enough: int, is_told: bool) -> None:
    """A sum over three people tells who said what (LEG-28); the answers themselves stay."""
    monkeypatch.setattr(evaluation, "ENOUGH", enough)
    world = world_at("evaluation")
    world.answer()
    live(world, until=lambda one: bool(told(one)))
    sent = told(world)[0].fields
    assert sent["answered"] > 1
    assert [sent.get(name) is not None for name in ("score", "goals_reached")] == [is_told, is_told]


def told(world: World) -> list[Delivery]:
    """The reports that were sent."""
    return [one for one in world.rows(Delivery) if one.template == "evaluation_report"]
