"""A whole programme on SQLite and on PostgreSQL, run by one and by two at once: the same end, and nothing twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from framework.pairing import CloseReason
from models import phase_lock
from models.certificate import Certificate
from models.delivery import Delivery
from tests.world import World, build, live

pytestmark = pytest.mark.slow


@dataclass
class Doubled(World):
    """A calendar that two processes run in the same moment, as after a schedule and an operator's own run."""

    def advance(self, today=None) -> None:
        """The same day, twice at once."""
        self.today = today or self.today
        with ThreadPoolExecutor(2) as both:
            for done in [both.submit(World(self.today, self.ids).advance) for _ in range(2)]:
                done.result()


class Unlocked(Doubled):
    """The same, with nobody holding a phase: what must be so without the lock, too."""


def figures(world: World) -> dict[str, object]:
    """How it ended."""
    return {
        "states": Counter(one.state for one in world.milestones()),
        "reasons": Counter(p.close_reason for p in world.pairs() if p.active_on),
        "certificates": len(world.rows(Certificate)),
        "mails": Counter(d.template for d in world.rows(Delivery)),
    }


@pytest.mark.parametrize("kind", [World, Doubled, Unlocked])
def test_programme_comes_to_the_same_end_on_either_database_and_by_two_at_once(
    database: str, kind: type[World], monkeypatch
) -> None:
    if kind is Unlocked:
        monkeypatch.setattr(phase_lock, "hold", lambda *_: True)
    built = build()
    world = kind(built.today, built.ids)
    live(world)
    found = figures(world)
    assert found["states"] == {"Completed": 11}
    assert found["reasons"] == {CloseReason.COMPLETED: 4}
    assert found["certificates"] == 8
    assert found["mails"]["introduction"] == found["mails"]["agreement_active"] == 8
    assert found["mails"]["formally_ended"] == 9
    keys = [(d.template, d.person_id, str(d.fields), d.due_on) for d in world.rows(Delivery)]
    assert [key for key, times in Counter(keys).items() if times > 1] == []
