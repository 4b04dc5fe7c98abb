"""`baken programme plan`, `move` and `cancel`: the calendar as it stands, and another one."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from deployments import terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from framework.replanning import Calendar, Change, Entry

Round = Annotated[int | None, Parameter(name="--round")]
COLUMNS = ("phase", "round", "planned", "until", "opened", "finished", "state", "depends on")


def add_to(app: App) -> None:
    """Put the three commands beside those of the programme."""
    for command in (plan, move, cancel):
        app.command(command)


def plan(slug: str, /, *, json: bool = False) -> int:
    """Every phase and round: planned, what came of it, its state, and what it depends on."""
    from models import programme, replanning, schema
    from models.base import reading

    schema.upgrade()
    with reading() as session:
        row = programme.by_slug(session, slug)
        calendar = replanning.calendar(session, row.id)
        states = {(m.phase, m.round): m.state for m in programme.milestones(session, row.id)}
        moved = {(m.phase, m.round) for m in replanning.by_hand(session, row)}
    entries = [_row(one, states[one.key]) for one in calendar.values()]
    if json:
        keys = [name.replace(" ", "_") for name in COLUMNS]
        told = [dict(zip(keys, one, strict=True)) for one in entries]
        by_hand = [{"phase": phase, "round": number} for phase, number in sorted(moved)]
        terminal.as_json({"slug": slug, "plan": told, "by_hand": by_hand})
        return 0
    terminal.table(slug, COLUMNS, entries)
    say_by_hand(len(moved))
    return 0


def say_by_hand(number: int) -> None:
    """How many dates of a calendar are not those of its file, if any."""
    if number:
        what = "1 round has its dates" if number == 1 else f"{number} rounds have their dates"
        terminal.say(f"{what} by hand; so they stay until the file says something new about them.")


def kept_by_hand(slug: str) -> int:
    """How many rounds still to come were moved or cancelled by hand."""
    from models import programme, replanning
    from models.base import reading

    with reading() as session:
        return len(replanning.by_hand(session, programme.by_slug(session, slug)))


def _row(one: "Entry", state: str) -> tuple[object, ...]:
    from framework.programme import NEEDS
    from framework.replanning import FOLLOWS

    depends = []
    if one.kind != "again" and one.phase in NEEDS:
        depends.append(f"{NEEDS[one.phase]} done")
    if one.is_tied and one.phase in FOLLOWS:
        leads, side = FOLLOWS[one.phase]
        depends.append(f"{side.value} of {leads}")
    days = (one.opens_on, one.last_day, one.opened_on or "", one.finished_on or "")
    return (one.phase, one.round, *map(str, days), state, "; ".join(depends))


def move(
    slug: str,
    phase: str,
    /,
    *,
    to: date | None = None,
    closes: date | None = None,
    round_: Round = None,
    yes: bool = False,
    json: bool = False,
) -> int:
    """Give a phase another first day, or another last one; what follows it moves along.

    Without --yes it only shows what would change.

    Args:
        slug: The programme.
        phase: The phase, for example training.
        to: Its new first day; only while it has not opened.
        closes: Its new last day; an open phase may have one too, and people who owe an answer then get as many days.
        round_: Which round, where there are several.
        yes: Do it.
        json: One JSON object instead of words.

    """
    from framework import replanning
    from framework.replanning import Refused
    from models import schema
    from tasks.replanning import number_of

    schema.upgrade()
    if (to is None) == (closes is None):
        raise Refused("say either --to with a new first day, or --closes with a new last one")

    today = _today(slug)

    def wish(calendar: "Calendar") -> "tuple[Change, ...]":
        number = number_of(calendar, phase, round_)
        if to is not None:
            return replanning.move(calendar, phase, number, to, today=today)
        return replanning.close(calendar, phase, number, closes or today, today=today)

    return _carry_out(slug, wish, yes=yes, json=json)


def cancel(slug: str, phase: str, /, *, round_: Round = None, yes: bool = False, json: bool = False) -> int:
    """Take a review, a follow-up wave or a training off the calendar; or call a programme off before anybody is called.

    Without --yes it only shows what would change. A cancelled round comes back when you move it to a day.

    Args:
        slug: The programme.
        phase: The phase, for example review; readiness or recruitment calls the whole programme off.
        round_: Which round, where there are several.
        yes: Do it.
        json: One JSON object instead of words.

    """
    from framework import replanning
    from models import programme, schema
    from models.base import transaction
    from tasks.replanning import number_of

    schema.upgrade()
    with transaction() as session:
        must_attend = programme.by_slug(session, slug).rules.training.must_attend

    def wish(calendar: "Calendar") -> "tuple[Change, ...]":
        return replanning.cancel(calendar, phase, number_of(calendar, phase, round_), must_attend=must_attend)

    return _carry_out(slug, wish, yes=yes, json=json)


def _today(slug: str) -> date:
    from models import installation, programme
    from models.base import reading

    with reading() as session:
        return installation.today(session, programme.by_slug(session, slug).rules.time_zone)


def _carry_out(slug: str, wish: "Callable[[Calendar], tuple[Change, ...]]", *, yes: bool, json: bool) -> int:
    from tasks.replanning import foresee, replan

    changes = replan(slug, wish, _today(slug)) if yes else foresee(slug, wish)
    if json:
        rows = [_as_json(one) for one in changes]
        terminal.as_json({"slug": slug, "done": yes, "changes": rows})
        return 0
    _show(slug, changes)
    if changes and not yes:
        terminal.say("Nothing is changed yet. Run it again with --yes to do it.")
    elif not changes:
        terminal.say("It stands so already.")
    return 0


def _show(slug: str, changes: "Sequence[Change]") -> None:
    rows = [
        (c.after.phase, c.after.round, _days(c.before), "cancelled" if c.after.cancelled else _days(c.after))
        for c in changes
    ]
    terminal.table(slug, ("phase", "round", "before", "after"), rows)


def _days(one: "Entry") -> str:
    days = f"{one.opened_on or one.opens_on} to {one.last_day}"
    return f"cancelled ({days})" if one.cancelled else days


def _as_json(one: "Change") -> dict[str, object]:
    return {
        "phase": one.after.phase,
        "round": one.after.round,
        "opens_on": [one.before.opens_on.isoformat(), one.after.opens_on.isoformat()],
        "closes_on": [one.before.last_day.isoformat(), one.after.last_day.isoformat()],
        "cancelled": [one.before.cancelled, one.after.cancelled],
    }
