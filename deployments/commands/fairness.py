"""`baken matching fairness`: how each group fared in a round of matching, small groups hidden (LEG-23, LEG-28)."""

from dataclasses import asdict
from typing import Annotated, Any

from cyclopts import Parameter

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect
from framework.matching.fairness import Count, Side, Verdict

SAID = {
    Verdict.LOWER: "fewer than chance explains",
    Verdict.WITHIN: "",
    Verdict.TOO_FEW: "too few cases to judge",
    None: "",
}


def fairness(
    slug: str, /, *, round_: Annotated[int | None, Parameter(name="--round")] = None, json: bool = False
) -> int:
    """How many in each group found a partner, beside all the others. Groups under five people are not shown.

    Args:
        slug: The programme.
        round_: The round of matching; without it the newest that was matched.
        json: One JSON object instead of tables.

    """
    from models import fairness as counted
    from models import matching_run, programme, schema
    from models.base import transaction

    schema.upgrade()
    with transaction() as session:
        row = programme.by_slug(session, slug)
        rounds = sorted({run.round for run in matching_run.of_programme(session, row.id) if not run.trial})
        number = round_ or max(rounds, default=0)
        sides = counted.sides(session, row.id, number) if number in rounds else ()
    if json:
        terminal.as_json({"programme": slug, "round": number, "sides": {side.role: _plain(side) for side in sides}})
    elif not sides:
        terminal.say("Nothing was matched yet." if not rounds else f"There is no round {number} of matching.")
    for side in () if json else sides:
        _show(side)
    return 0


def _plain(side: Side) -> dict[str, Any]:
    tables = {
        table.way: {"groups": [_figures(one) for one in table.counts], "smaller_together": _figures(table.rest)}
        for table in side.tables
    }
    return {"all": _figures(side.whole), "by": tables, "lower": [[way, one.group] for way, one in side.lower]}


def _figures(one: Count | None) -> dict[str, Any] | None:
    return asdict(one) | {"share": round(one.share, 4)} if one else None


def _show(side: Side) -> None:
    if side.whole is None:
        terminal.say(f"{side.role.value}s: fewer than five people, too few to count by group.")
        return
    lines = [("all", "", *_line(side.whole))]
    for table in side.tables:
        lines += [(table.way, one.group or "not stated", *_line(one)) for one in table.counts]
        lines += [(table.way, "smaller groups, together", *_line(table.rest))] if table.rest else []
    headings = ("by", "group", "people", "matched", "share", "score", "days waited", "")
    terminal.table(f"{side.role.value}s", headings, lines)


def _line(one: Count) -> tuple[str, ...]:
    figures = ("" if value is None else str(value) for value in (one.score, one.waited))
    return (str(one.people), str(one.matched), f"{one.share:.0%}", *figures, SAID[one.verdict])
