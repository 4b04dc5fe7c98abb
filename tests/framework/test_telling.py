"""How a programme stands, in words: what is late, what waits, what comes next; and a title that can do no harm."""

import re
from datetime import date, timedelta

import pytest
from markdown_it import MarkdownIt

from framework import telling
from framework.people import Role
from framework.saying import harmless, in_numbers
from framework.telling import Line, Waiting
from framework.timeline import Moment

TODAY = date(2027, 4, 10)


def line(phase: str = "matching", *, opens: int = -30, length: int = 14, **values) -> Line:
    """A round that was to open so many days from today."""
    first = TODAY + timedelta(days=opens)
    last = first + timedelta(days=length)
    given = {"name": phase, "phase": phase, "opens_on": first, "closes_on": last, "last_day": last}
    return Line(**given | values)


def opened(phase: str = "matching", **values) -> Line:
    """A round that opened as planned, and is to be looked at tomorrow."""
    made = line(phase, **values)
    fresh = {"opened_on": made.opens_on, "state": "Awaiting-Coordinator", "wake_on": TODAY + timedelta(days=1)}
    return line(phase, **{**fresh, **values})


def test_round_beyond_its_last_day_is_late_in_words() -> None:
    (said,) = telling.late([opened(opens=-20)], TODAY)
    assert said == "Matching should have ended on 4 April 2027, 6 days ago; it waits for the coordinator."
    assert telling.late([opened(opens=-14)], TODAY) == []  # the control: its last day is today


def test_round_that_is_finished_is_never_late() -> None:
    done = opened(opens=-90, finished_on=TODAY - timedelta(days=2), state="Completed")
    assert telling.late([done], TODAY) == []


def test_of_phases_that_wait_for_one_another_only_the_first_is_named() -> None:
    lines = [
        opened("selection", opens=-10, length=30),
        line("matching", opens=-5),
        line("training", opens=-2),
    ]
    (said,) = telling.late(lines, TODAY)
    assert said.startswith("Matching should have begun on 5 April 2027, 5 days ago.")
    assert "selection, which waits for the coordinator" in said


def test_round_that_nobody_ran_and_run_that_broke_are_late() -> None:
    forgotten = opened(opens=-3, wake_on=TODAY - timedelta(days=1))
    assert telling.late([forgotten], TODAY) == ["Matching was to be run again on 9 April 2027, and was not."]
    assert telling.late([], TODAY, ["review"]) == ["The last run of review broke; its own page says where to look."]


def test_page_says_who_is_waited_for_and_for_how_long() -> None:
    since, due = TODAY - timedelta(days=9), TODAY - timedelta(days=1)
    waits = (Waiting(Role.MENTEE, 4, since, due), Waiting(Role.COORDINATOR, 1, TODAY, TODAY, to_decide=True))
    page = page_of([opened(opens=-3, waits=waits)])
    assert "| matching | mentees | 4 answers | 1 April 2027 (9 days) | 9 April 2027, 1 day over |" in page
    assert "| matching | the coordinator, on the desk | 1 decision | 10 April 2027 | 10 April 2027 |" in page


def page_of(lines: list[Line], **values) -> str:
    """A timeline of these rounds."""
    ahead = [Moment(TODAY + timedelta(days=1), "training:1:opens", "training", 1, "opens", "training opens")]
    given = {"title": "Growth", "slug": "growth", "today": TODAY, "lines": lines, "ahead": ahead, "late": [], "way": ""}
    return telling.timeline(**given | values)


def test_page_has_planned_and_actual_days_and_what_comes_next() -> None:
    page = page_of([opened(opens=-3, counts={"pairs": 4, "unmatched": 0})])
    assert "Saturday 10 April 2027. 0 of 1 milestones are finished." in page
    assert "| matching | 7 Apr 2027 to 21 Apr 2027 | 7 Apr 2027 |  | waits for the coordinator | 4 pairs |" in page
    assert "| 11 April 2027 | training opens |" in page


def test_links_stand_only_where_a_ui_is_known_and_lead_to_pages_without_a_key() -> None:
    assert telling.links("", "growth", "") == ""
    found = telling.links("http://ops:4200/v2/", "growth", "http://ops:4200/v2/runs?tags=programme%3Agrowth")
    assert "[Mail](http://ops:4200/v2/artifacts/key/mail-growth)" in found
    assert found.count("](http://ops:4200/v2/") == 4


def test_programme_at_a_glance_says_what_is_late_what_goes_on_and_what_comes() -> None:
    lines = [opened("selection", opens=-9, finished_on=TODAY), opened(opens=-3), line("training", opens=9)]
    said = telling.at_a_glance(lines, [], ["one"], TODAY)
    assert said == "1 late on 10 April 2027. Matching waits for the coordinator. Next, nothing."
    assert telling.at_a_glance(lines, [], [], TODAY).startswith("Nothing late on")


def test_share_counts_finished_milestones() -> None:
    done = opened(finished_on=TODAY)
    assert [telling.share(lines) for lines in ([], [done], [done, line(), line()])] == [0.0, 100.0, 33.3]


def test_only_counts_that_prefect_may_read_are_told() -> None:
    assert in_numbers({"asked": 3, "open": 0, "score": 64, "needs": ["x"], "promoted": 1}) == "3 asked"


def rendered(text: str) -> str:
    """A text as a heading, the way a page of Prefect shows it, less the heading's own tags."""
    shown = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(f"# {text}")
    return shown.replace("<h1>", "").replace("</h1>\n", "")


@pytest.mark.parametrize(
    "typed",
    ["<img src=x onerror=alert(1)>", "[press](http://evil.example)", "a\n\n- b", "**bold** `code` _so_ ~~no~~"],
)
def test_title_comes_out_as_text_alone(typed: str) -> None:
    assert "<" not in rendered(harmless(typed))
    assert "<" in rendered(typed)  # the control: as it was typed, it would be more than text


@pytest.mark.parametrize("typed", ["www.evil.example", "http://evil.example", "me@evil.example"])
def test_no_address_in_a_title_becomes_a_link(typed: str) -> None:
    seen = rendered(harmless(typed))
    assert seen.replace("\N{WORD JOINER}", "") == typed  # it reads as it was typed
    assert not re.search(r"www\.|https?://|@evil|evil\.", seen)


def test_ampersand_and_bar_are_shown_as_they_are() -> None:
    assert rendered(harmless("R&D | lab")) == "R&amp;D | lab"
