"""A programme's figures as one page to read, print or send on: counts only, no script, nothing from elsewhere.

The template draws; `report_time` and `report_bars` decide what is drawn, in plain words.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from deployments import report_bars, report_time
from deployments.report_bars import funnel
from deployments.report_time import named
from deployments.report_words import MEETINGS, PAIRS, REHEARSAL
from framework.programme import Words
from portal import words
from portal.page import PLACEHOLDER, environment

TEMPLATE = Path(__file__).parent / "templates" / "report.html"


def write_page(figures: Mapping[str, Any], path: Path) -> None:
    """Write the figures of `deployments.report.figures` as one HTML page; those of a rehearsal add a footer."""
    known = {"company": figures.get("company", ""), **Words().model_dump()}
    say = partial(_say, known)
    template = environment().from_string(TEMPLATE.read_text(encoding="utf-8"))
    page = template.render(_content(figures, say))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def _say(known: Mapping[str, object], text: str, **values: object) -> str:
    return PLACEHOLDER.sub(lambda found: str({**known, **values}.get(found[1], found[0])), text)


def _content(figures: Mapping[str, Any], say: words.Say) -> dict[str, Any]:
    calendar = list(figures.get("calendar", ()))
    start, end, last = report_time.span(calendar)
    people = figures.get("participants", {})
    return {
        "title": figures.get("title", ""),
        "company": figures.get("company", ""),
        "rehearsal": "seed" in figures,
        "span": f"{report_time.day(start)} to {report_time.day(end)}" if calendar else "",
        "last": report_time.day(last) if last else "",
        "tiles": report_bars.tiles(figures),
        "ticks": report_time.ticks(start, end) if calendar else [],
        "rounds": [report_time.round_of(one, start, end, last, say) for one in calendar],
        "funnels": [funnel(role, people[role], calendar) for role in ("mentor", "mentee") if role in people],
        "pairs": report_bars.stack(report_bars.outcomes(figures), PAIRS),
        "meetings": report_bars.stack(figures.get("meetings", {}), MEETINGS),
        "mails": report_bars.mails(figures.get("mails", {})),
        "mail_states": report_bars.mail_states(figures.get("mail_states", {})),
        "answers": report_bars.answers(figures, say),
        "lapsed": figures.get("lapsed", 0),
        "signals": report_bars.signals(figures.get("signals", {}), say),
        "reviews": [named(one, say) for one in calendar if one["phase"] == "review" and one["opened_on"]],
        "final": next((one["counts"] for one in calendar if one["kind"] == "final" and one["opened_on"]), {}),
        "waves": [named(one, say) for one in calendar if one["kind"].startswith("follow_up") and one["opened_on"]],
        "percent": report_bars.percent,
        "footer": [shown.format(figures[name]) for name, shown in REHEARSAL.items() if name in figures],
    }
