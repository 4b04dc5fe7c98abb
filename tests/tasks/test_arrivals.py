"""A new hire has a mentor on day one (CAP-108), and hears nothing before that day."""

from datetime import date, timedelta

from framework.pairing import PairingStatus
from framework.people import Role
from models.base import transaction
from models.delivery import Delivery
from models.person import Person
from tests.world import DOMAIN, STAFF, World, build, finished, live, willing

NEW_HIRE = {
    "track": "new-hire",
    "matching": {"mode": "appointed", "rules": ("reporting_line", "common_language"), "capacity": 3},
    "target_group": {"mentor_years": 10, "hired_within_days": 90},
    "review": {"quarterly_months": None, "pair_months": None, "at_months": (1, 3)},
}


def hire(world: World, name: str, on: date, **values: object) -> None:
    """HR's roster brings somebody who begins on that day."""
    with transaction() as session:
        row = Person(
            given_name=name,
            family_name="Nieuweling",
            email=f"{name.lower()}@{DOMAIN}",
            manager_id=world.ids[STAFF[2]],
            department="Sales",
            language="nl",
            site="Gent",
            hired_on=on,
            **values,
        )
        session.add(row)
        session.flush()
        world.ids[name] = row.id


def roomy(world: World) -> None:
    """Everybody is willing, and mentors have places for three."""
    world.answer("mentor_application", capacity="3")
    willing(world)


def test_who_is_hired_later_has_a_mentor_on_day_one(sqlite) -> None:
    world = build(**NEW_HIRE)
    live(world, roomy, until=finished("matching"))
    begins = world.today + timedelta(days=30)
    hire(world, "Nieke", begins)
    live(world, roomy, until=finished("matching", 2))
    assert world.today < begins
    pair = next(p for p in world.pairs(PairingStatus.ACCEPTED) if p.mentee.person_id == world.ids["Nieke"])
    assert pair.round == 2
    told = {d.person_id: d.due_on for d in world.rows(Delivery, Delivery.template == "introduction")}
    assert told[world.ids["Nieke"]] >= begins
    mentor = [
        d
        for d in world.rows(Delivery, Delivery.template == "introduction")
        if d.person_id == pair.mentor.person_id and f"pairing:{pair.id}" in d.key
    ]
    assert [d.due_on < begins for d in mentor] == [True]


def test_nobody_is_taken_in_twice_and_other_programmes_leave_them_alone(sqlite) -> None:
    world = build(**NEW_HIRE)
    live(world, roomy, until=finished("matching"))
    hire(world, "Nieke", world.today + timedelta(days=10))
    world.advance()
    before = world.snapshot()
    world.advance()
    assert world.snapshot() == before
    assert world.status("Nieke", Role.MENTEE) == "confirmed"


def test_growth_programme_takes_nobody_in_by_itself(sqlite) -> None:
    world = build()
    live(world, roomy, until=finished("matching"))
    hire(world, "Nieke", world.today + timedelta(days=10))
    world.advance()
    assert world.status("Nieke", Role.MENTEE) == ""


def test_an_experienced_newcomer_is_no_mentee(sqlite) -> None:
    world = build(**NEW_HIRE)
    live(world, roomy, until=finished("matching"))
    hire(world, "Oude", world.today, years=20)
    world.advance()
    assert world.status("Oude", Role.MENTEE) == ""
