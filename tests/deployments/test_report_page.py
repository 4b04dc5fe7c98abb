"""The report's page: valid, whole in itself, in plain words, and honest about what there is not."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from deployments.report_page import write_page
from deployments.report_time import place
from deployments.report_words import ASKED, MAIL_STATES, MEETINGS, PAIRS, PEOPLE
from framework.mail import DeliveryStatus
from framework.meetings import MeetingStatus
from framework.pairing import CloseReason, PairingStatus
from framework.participation import ParticipantStatus
from framework.people import Role
from framework.programme import Programme, calendar
from framework.visibility import Track
from portal.words import PHASES

RULES = Programme(
    slug="growth-2027",
    title="Growth & <co>",
    company="Noordzee Werken",
    track=Track.GROWTH,
    starts_on=date(2027, 1, 11),
    coordinator="an@company.example",
)
TALLIES = ("mails", "mail_states", "asked", "answers", "participants", "pairings", "closed", "meetings", "signals")
EMPTY: dict[str, Any] = {
    **{name: {} for name in TALLIES},
    **dict.fromkeys(("lapsed", "reviews", "certificates", "goals_reached", "goals_told"), 0),
    "programme": RULES.slug,
    "title": RULES.title,
    "company": RULES.company,
    "phases": {},
    "calendar": [],
}
COUNTS = {
    "recruitment": {"mentors": 17, "mentees": 8, "told": 60},
    "selection": {"mentors": 14, "mentees": 8, "places": 28},
    "check_in": {"pairs": 8, "asked": 16, "answered": 15, "below_minimum": 3, "signals": 1},
    "final": {"asked": 27, "answered": 26, "score": 82},
    "follow_up_12": {"asked": 21, "answered": 7, "still_using": 95, "promoted": 2},
}


def planned() -> list[dict[str, Any]]:
    """The calendar of a programme that has not begun."""
    return [
        {
            "phase": one.phase,
            "round": one.round,
            "kind": one.kind,
            "opens_on": one.opens_on.isoformat(),
            "closes_on": one.closes_on.isoformat(),
            "opened_on": None,
            "finished_on": None,
            "state": "Planned",
            "outcome": "",
            "counts": {},
        }
        for one in calendar(RULES)
    ]


def held(one: dict[str, Any]) -> dict[str, Any]:
    """A round that opened and finished on its days."""
    done = {"opened_on": one["opens_on"], "finished_on": one["closes_on"], "state": "Completed"}
    return one | done | {"counts": COUNTS.get(one["kind"], {}), "outcome": "go" if one["phase"] == "readiness" else ""}


@pytest.fixture
def full() -> dict[str, Any]:
    return EMPTY | {
        "calendar": [held(one) for one in planned()],
        "mails": {f"kind_{number:02}": number for number in range(1, 26)},
        "mail_states": {"sent": 1251, "held": 4, "leased": 2, "queued": 1},
        "asked": {"mentor_application": 41, "mentee_application": 19, "decision": 11},
        "answers": {"mentor_application": 40, "decision": 11},
        "lapsed": 20,
        "participants": {"mentor": {"completed": 13, "declined": 28}, "mentee": {"completed": 8, "declined": 11}},
        "pairings": {"closed": 9, "declined": 4, "struck": 1},
        "closed": {"completed": 8, "partner_left": 1},
        "meetings": {"held": 91, "missed": 11, "unconfirmed": 1, "cancelled": 14},
        "reviews": 2,
        "signals": {"RSK-09": 1, "RSK-16": 2},
        "certificates": 14,
        "goals_reached": 7,
        "goals_told": 8,
    }


def written(figures: dict[str, Any], folder: Path) -> tuple[str, str]:
    """The page, and its text with single spaces; fails where it is not well-formed."""
    path = folder / "deep" / "report.html"
    write_page(figures, path)
    page = path.read_text(encoding="utf-8")
    etree.fromstring(page.strip().encode())
    return page, plain(tree_of(page).find("body"))


def tree_of(page: str) -> Any:
    """The page as a browser reads it."""
    return html.fromstring(page.strip().encode())


def plain(element: Any) -> str:
    """The text of an element, with single spaces."""
    return " ".join(element.text_content().split())


def rows(page: str, section: str) -> list[tuple[str, list[str]]]:
    """The rows of a section's tables: heading and cells."""
    found = tree_of(page).xpath(f"//section[@aria-labelledby='{section}']//tr[td]")
    return [(plain(row.find("th")), [plain(cell) for cell in row.findall("td")]) for row in found]


def test_page_tells_every_phase_and_figure(full: dict[str, Any], tmp_path: Path) -> None:
    page, text = written(full, tmp_path)
    timeline = [name for name, _ in rows(page, "timeline")]
    assert len(timeline) == len(calendar(RULES))
    assert all(any(line.startswith(name) for line in timeline) for name in PHASES.values())
    assert "Done: start the programme" in text
    for said in (
        "60 people asked",
        "25 applied",
        "9 pairs came together",
        "91 meetings held",
        "51 answers",
        "1,251 mails sent",
    ):
        assert said in text
    assert "7 goals reached of 8 that mentees told of" in text
    assert "14 certificates" in text
    assert "20 questions were never answered" in text
    assert "26 of 27 judged the programme: 82 out of 100" in text


def test_charts_stand_beside_their_numbers(full: dict[str, Any], tmp_path: Path) -> None:
    page, _ = written(full, tmp_path)
    assert [cells[1:] for name, cells in rows(page, "people") if name == "Applied"] == [["17", "41%"], ["8", "42%"]]
    assert ("completed", ["8", "57%"]) in rows(page, "pairs")
    assert ("held", ["91", "78%"]) in rows(page, "meetings")
    answers = {name: cells[1:] for name, cells in rows(page, "answers")}
    assert answers["Taking part as mentor (mentors)"] == ["40 of 41", "98%"]
    assert answers["Taking part as mentee (mentees)"] == ["0 of 19", "0%"]
    mails = rows(page, "mails")
    assert len(mails) == 21
    assert mails[-1] == ("5 other e-mails", ["", "15"])
    assert rows(page, "reviews")[0] == ("Review: short check 5 Aug 2027", ["8", "15 of 16", "3", "1"])
    assert [cells for name, cells in rows(page, "after") if "12 months" in name] == [["7 of 21", "95%", "2"]]


def test_codes_are_said_in_plain_words(full: dict[str, Any], tmp_path: Path) -> None:
    _, text = written(full, tmp_path)
    assert "There are too few mentors" in text
    assert "1,251 sent" in text
    assert "3 on the way" in text  # what is queued and what a sender has taken
    assert not re.search(r"RSK-|%\(|_", text)


def test_page_needs_nothing_from_elsewhere(full: dict[str, Any], tmp_path: Path) -> None:
    page, _ = written(full, tmp_path)
    assert not re.search(r"https?:|//\w|url\(|@import|<script|<link|<img| on\w+=", page)
    assert "Growth &amp; &lt;co&gt; in figures" in page


@pytest.mark.parametrize("figures", [EMPTY, EMPTY | {"calendar": planned()}], ids=["nothing", "planned"])
def test_programme_that_has_not_begun_has_a_page(figures: dict[str, Any], tmp_path: Path) -> None:
    _, text = written(figures, tmp_path)
    for said in (
        "Nothing has begun yet",
        "Nobody has been asked yet",
        "No meeting has been planned yet",
        "0 people asked",
    ):
        assert said in text
    assert "Rehearsal" not in text


def test_programme_that_is_called_off_has_a_page(tmp_path: Path) -> None:
    first, *rest = planned()
    off = {"state": "Not-Now", "outcome": "not_now", "finished_on": first["closes_on"]}
    _, text = written(
        EMPTY | {"calendar": [held(first) | {"outcome": "not_needed"}, *(one | off for one in rest)]}, tmp_path
    )
    assert "Done: we do not need it" in text
    assert text.count("Not now") == len(rest)


def test_programme_under_way_is_drawn_up_to_its_last_step(tmp_path: Path) -> None:
    first, second, *rest = planned()
    now = second | {"opened_on": "2027-03-01", "state": "Awaiting-Answers", "counts": {"mentors": 3, "mentees": 1}}
    page, text = written(
        EMPTY | {"calendar": [held(first), now, *rest], "participants": {"mentor": {"invited": 5}}}, tmp_path
    )
    assert "since 1 Mar 2027" in text
    assert "opened 28 days later" in text
    assert [name for name, _ in rows(page, "people")] == [
        "Asked",
        "Applied",
    ]  # what has not been counted yet is not drawn as 0


def test_rehearsal_says_what_it_took(full: dict[str, Any], tmp_path: Path) -> None:
    _, text = written(full | {"seed": 1, "steps": 339, "seconds": 319.7, "peak_rss_mb": 239}, tmp_path)
    assert "seed 1, 339 days advanced, 319.7 seconds, at most 239 MB of memory a process" in text
    assert "a rehearsal, with invented answers" in text


def test_bars_stay_within_their_width() -> None:
    start, end = date(2027, 1, 1), date(2027, 12, 31)
    for begins, ends in ((start, end), (start, start), (end, end)):
        left, wide = place(begins, ends, start, end)
        assert left >= 0
        assert left + wide <= 100
        assert wide > 0


def test_every_status_has_words() -> None:
    assert set(PEOPLE) == {status.value for status in ParticipantStatus}
    assert set(PAIRS) == {status.value for status in PairingStatus} | {reason.value for reason in CloseReason}
    assert set(MEETINGS) == {status.value for status in MeetingStatus}
    assert set(MAIL_STATES) == {status.value for status in DeliveryStatus} | {"inside"}
    assert set(ASKED) >= set(Role) - {Role.OPERATOR}
