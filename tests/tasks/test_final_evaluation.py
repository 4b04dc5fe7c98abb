"""Who is asked at the end of a programme: those who took part, the project team, and the mentees' line managers."""

import pytest
import sqlalchemy as sa

from models.base import transaction
from models.participant import Participant
from models.person import Person
from tests.world import live, reached

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
