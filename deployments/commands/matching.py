"""`baken matching runs`, `replay` and `why`: every run of matching, held again, and explained (CAP-104)."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from cyclopts import App, Parameter
from rich.progress import Progress

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect

app = App(name="matching", help="How pairs came about: every run, held again, and explained.")
COLUMNS = ("mentors", "places", "mentees", "matched", "total", "relaxed")
DIGITS = 12  # of a digest, in a table


@app.command
def runs(slug: str, /, *, json: bool = False) -> int:
    """Every run of matching of a programme: when, how, and what came out, in figures.

    Args:
        slug: The programme.
        json: One JSON object instead of a table.

    """
    from models import matching_run, programme, schema
    from models.base import transaction

    schema.upgrade()
    with transaction() as session:
        found = matching_run.of_programme(session, programme.by_slug(session, slug).id)
    shown = [
        {
            "round": one.round,
            "number": one.number,
            "made_on": one.made_on.isoformat(),
            "mode": one.settings.get("mode", ""),
            "shape": one.settings.get("shape", ""),
            **{name: one.counts.get(name, 0) for name in COLUMNS},
            "proved": bool(one.result.get("proved")),
            "digest": one.digest,
            "trial": one.trial,
        }
        for one in found
    ]
    if json:
        terminal.as_json({"programme": slug, "runs": shown})
    elif shown:
        headings = ("run", "made on", "how", *COLUMNS, "proved", "digest", "trial")
        terminal.table(slug, headings, [_line(one) for one in shown])
    else:
        terminal.say("Nothing was matched yet.")
    return 0


def _line(one: dict[str, Any]) -> Sequence[object]:
    how = f"{one['mode']}, {one['shape']}".replace("_", " ")
    said = ["yes" if one[name] else "no" for name in ("proved", "trial")]
    counts = [one[name] for name in COLUMNS]
    return (f"{one['round']}.{one['number']}", one["made_on"], how, *counts, said[0], one["digest"][:DIGITS], said[1])


@app.command
def replay(
    slug: str,
    /,
    *,
    round_: Annotated[int | None, Parameter(name="--round")] = None,
    number: int | None = None,
    json: bool = False,
) -> int:
    """Solve again from what was kept, and compare: exit 0 the same, 1 different.

    A run of which somebody was erased since is held again without them, and not judged.

    Args:
        slug: The programme.
        round_: Only this round of matching.
        number: Only the run with this number within its round.
        json: One JSON object instead of words.

    """
    from models import matching_run, programme, schema
    from models.base import transaction

    schema.upgrade()
    with transaction() as session:
        every = matching_run.of_programme(session, programme.by_slug(session, slug).id)
    wanted = [one for one in every if round_ in {None, one.round} and number in {None, one.number}]
    if not wanted:
        terminal.err.print(f"There is no such run; `baken matching runs {slug}` shows those that there are.")
        return 1
    found = list(_replayed(wanted))
    same = all(one["same"] or one["erased"] for one in found)
    if json:
        terminal.as_json({"programme": slug, "same": same, "runs": found})
    else:
        for one in found:
            terminal.say(_outcome(one))
    return 0 if same else 1


def _replayed(wanted: Sequence[Any]) -> Iterator[dict[str, Any]]:
    from tasks.matching.proposing import held_again

    with Progress(console=terminal.err, transient=True) as progress:
        for run in progress.track(wanted, description="Runs"):
            found, digest = held_again(run)
            then = {tuple(pair) for pair in run.result["pairs"]}
            now = {(one.mentor, one.mentee, one.score, one.language) for one in found.proposals}
            yield {
                "round": run.round,
                "number": run.number,
                "same": digest == run.digest and then == now,
                "erased": run.is_thinner,
                "digest": run.digest,
                "digest_now": digest,
                "engine": run.engine,
                "engine_now": found.engine,
                "only_then": sorted(then - now),
                "only_now": sorted(now - then),
            }


def _outcome(one: dict[str, Any]) -> str:
    name = f"Round {one['round']}, run {one['number']}"
    if one["same"]:
        return f"{name}: the same, {one['digest'][:DIGITS]}."
    if one["erased"]:
        return f"{name}: what somebody told then was erased since, so it cannot be held again as it was."
    lines = [f"{name}: different. Then {one['digest'][:DIGITS]}, now {one['digest_now'][:DIGITS]}."]
    if one["engine"] != one["engine_now"]:
        lines.append(f"  The solver was {one['engine']}, and is {one['engine_now']}.")
    for title, pairs in (("Only then", one["only_then"]), ("Only now", one["only_now"])):
        lines += [
            f"  {title}: mentor {pair[0]}, mentee {pair[1]}, score {pair[2]} {pair[3]}".rstrip() for pair in pairs
        ]
    return "\n".join(lines)


@app.command
def why(
    slug: str, person: str, /, *, not_: Annotated[str | None, Parameter(name="--not")] = None, json: bool = False
) -> int:
    """Why this mentee was paired so, or found nobody; in words, with names. For the coordinator's eyes.

    Args:
        slug: The programme.
        person: The mentee, by employee number or e-mail address.
        not_: And why not this mentor, by employee number or e-mail address.
        json: One JSON object instead of words.

    """
    from deployments.matching_why import NotInTheRun, told
    from models import schema
    from models.base import transaction

    schema.upgrade()
    try:
        with transaction() as session, terminal.err.status("Solving"):
            lines = told(session, slug, person, not_)
    except NotInTheRun as wrong:
        terminal.err.print(str(wrong), markup=False)
        return 1
    if json:
        terminal.as_json({"programme": slug, "lines": lines})
    else:
        for line in lines:
            terminal.say(line)
    return 0
