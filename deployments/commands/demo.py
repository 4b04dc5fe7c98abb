"""`baken demo`: a programme of two years, rehearsed in minutes."""

import logging
import tempfile
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self

from cyclopts import Parameter
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect
from deployments.advance import Advanced


def demo(
    *,
    people: int = 200,
    months: int = 24,
    seed: int = 1,
    roster: Path | None = None,
    home: Path | None = None,
    set_: Annotated[list[str] | None, Parameter(name="--set")] = None,
    keep: bool = False,
    json: bool = False,
) -> int:
    """Rehearse a whole programme: real flows, mails, pages and answers, about two years in some minutes.

    Args:
        people: How many people work in the sample company.
        months: How long the programme lasts, with its follow-up year.
        seed: The same seed gives the same summary.
        roster: Your own file of people, instead of the sample company.
        home: Where to keep it; a new folder unless said.
        set_: Any setting of the programme, for example matching.mode=mutual; as often as you like.
        keep: Leave the servers running at the end, to look around.
        json: One JSON object instead of the display.

    """
    from deployments.programmes import settings_of
    from deployments.rehearsal import run
    from deployments.report_page import write_page

    if people < 20 or months < 21:  # noqa: PLR2004 - fewer make no programme with a review in it
        terminal.err.print("A rehearsal needs at least 20 people and 21 months.")
        return 2
    settings = {run.SLUG: settings_of(set_ or [])}
    folder = home or Path(tempfile.mkdtemp(prefix="baken-demo-"))
    if (folder / "baken.db").exists():
        terminal.err.print(f"{folder} holds a rehearsal already; name another folder.")
        return 2
    logging.disable(logging.CRITICAL)  # the display tells what happens
    plan = run.Plan(home=folder, people=people, months=months, seed=seed, roster=roster, programmes=settings)
    terminal.err.print("Starting Prefect's server, the portal and a mail server on loopback ...")
    with run.world(plan) as world, Display(plan) as shown:
        world.seen = shown.seen
        seconds = run.timed(lambda: run.rehearse(world))
        found = run.summary(world, seconds)
        page = folder / "report.html"
        write_page(found, page)
        shown.stop()
        if json:
            terminal.as_json(found)
        else:
            tell(found, folder, page)
        if keep:
            terminal.say(f"Prefect's UI: {world.api.removesuffix('/api')}   Portal: {world.portal}   Desk: {_desk()}")
            _wait()
    return 0


def _desk() -> str:
    from deployments.rehearsal.run import SLUG
    from models import link, programme
    from models.base import transaction
    from tasks.requests import coordinator_of

    with transaction() as session:
        row = programme.by_slug(session, SLUG)
        return link.desk_link(session, row.id, coordinator_of(session, row.id).id).url


def _wait() -> None:
    import signal

    terminal.say("Running until you press Ctrl-C.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        terminal.say("Stopped.")


class Display:
    """The months that pass and the phases that move."""

    def __init__(self, plan: Any) -> None:
        from deployments.rehearsal.run import START
        from framework.programme import months_after

        self.start, self.days = START, (months_after(START, plan.months + 1) - START).days
        columns = (
            TextColumn("{task.fields[day]}"),
            BarColumn(),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
        )
        self.progress = Progress(*columns, console=terminal.err)
        self.bar = self.progress.add_task("", total=self.days, day="", note="")
        self.states: dict[str, str] = {}

    def __enter__(self) -> Self:
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """No more display."""
        self.progress.stop()

    def seen(self, day: date, done: Advanced) -> None:
        """One occasion has passed."""
        for phase, state in done.moved.items():
            if self.states.get(phase) != state:
                self.states[phase] = state
                if not terminal.err.is_terminal:
                    terminal.err.print(f"{day} {phase}: {state}")
        now = next((f"{p}: {s}" for p, s in reversed(done.moved.items())), "")
        self.progress.update(self.bar, completed=(day - self.start).days, day=f"{day:%B %Y}", note=now)


def tell(found: dict[str, Any], folder: Path, page: Path) -> None:
    """The summary for people."""
    terminal.table(f"{found['title']} at {found['company']}", ("phase", "state"), found["phases"].items())
    top = sorted(found["mails"].items(), key=lambda item: -item[1])[:12]
    terminal.table("Mails", ("e-mail", "number"), [*top, ("all", sum(found["mails"].values()))])
    for name in ("participants", "pairings", "closed", "meetings", "mail_states", "signals"):
        terminal.say(f"{name.replace('_', ' ')}: {terminal.pairs(found[name])}")
    terminal.say(f"answers: {sum(found['answers'].values())} of {sum(found['asked'].values())} asked")
    terminal.say(f"reviews: {found['reviews']}; goals reached: {found['goals_reached']} of {found['goals_told']} told")
    terminal.say(
        f"{found['steps']} days advanced in {found['seconds']} s, at most {found['peak_rss_mb']} MB a process\n"
    )
    terminal.say(f"Report:   {page}")
    terminal.say(f"Mailbox:  {folder / 'mailbox'}")
    terminal.say(
        f"Look around: `baken demo --keep`, or BAKEN_HOME={folder} baken programme calendar {found['programme']}"
    )
