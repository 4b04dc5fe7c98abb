"""What a run on the calendar does: on its day the same as the day's advance, outside its time nothing."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from framework.timeline import Moment, moments
from models import programme, schema
from models.base import transaction
from models.delivery import Delivery
from models.request import Request
from tests.conftest import environment
from tests.world import SLUG, World, build, live, silent, willing


def ahead() -> list[Moment]:
    """What the programme has before it, as it stands now."""
    with transaction() as session:
        row = programme.by_slug(session, SLUG)
        return list(moments(row.rules, programme.milestones(session, row.id)))


def run(world: World, moment: Moment) -> str:
    """What the placed run of a moment does."""
    asked = {"round": moment.round} if moment.phase == "review" else {}
    return str(world.run(moment.phase, **asked).name)


def test_before_its_time_a_run_does_nothing(sqlite) -> None:
    world = build()
    before = world.snapshot()
    others = [moment for moment in ahead() if moment.phase != "readiness"]
    assert {run(world, moment) for moment in others} == {"Not-Due"}
    assert world.snapshot() == before


class Placed(World):
    """A life in which the calendar's runs have their turn, too: before the day's advance, as a run at nine may."""

    first = True

    def advance(self, today: date | None = None) -> None:
        """The runs placed for this day and for the days since the last one, then the advance; or the other way round."""
        self.today = today or self.today
        due = [one for one in self.plan if one.on <= self.today]
        self.plan = tuple(one for one in ahead() if one.on > self.today)
        for step in (partial(self._placed, due), super().advance)[:: 1 if self.first else -1]:
            step()

    def _placed(self, due: list[Moment]) -> None:
        for moment in due:
            run(self, moment)
        self.count += len(due)

    count = 0
    plan: tuple[Moment, ...] = ()
    planned: tuple[Moment, ...] = ()


class After(Placed):
    """The same, with the advance first."""

    first = False


def end_of(kind: type[World], behave: Callable[[World], None]) -> tuple[World, dict[str, object]]:
    """How a life of that kind ends."""
    built = build()
    world = kind(built.today, built.ids)
    if isinstance(world, Placed):
        world.plan = world.planned = tuple(ahead())
    live(world, behave)
    return world, {
        "milestones": [(m.phase, m.round, m.outcome, m.opened_on, m.finished_on) for m in world.milestones()],
        "asked": Counter((r.form, r.person_id, r.about, r.opened_on, r.status) for r in world.rows(Request)),
        "told": Counter((d.template, d.person_id, d.due_on) for d in world.rows(Delivery)),
    }


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "behave"), [(Placed, willing), (After, silent)])
def test_placed_runs_and_the_daily_advance_come_to_the_same_end(
    sqlite, kind: type[Placed], behave: Callable[[World], None]
) -> None:
    world, found = end_of(kind, behave)
    assert world.count > 20
    before = world.snapshot()
    assert {run(world, moment) for moment in world.planned} == {"Completed"}  # after its end a run does nothing
    assert world.snapshot() == before
    with environment(BAKEN_HOME=str(sqlite / "control")):
        schema.upgrade()
        _, control = end_of(World, behave)
    assert found == control
