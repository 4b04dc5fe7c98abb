"""The timeline: every round has its moments, they follow it when it moves, and their names are plain."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.programme import PHASES, Milestone, Programme, calendar
from framework.timeline import KEY_LENGTH, ORDER, bookmark, calendar_tag, moments, named, tags

START = date(2027, 1, 11)
DAY = timedelta(days=1)
PLAIN = re.compile(r"^[a-z0-9][a-z0-9 ,:-]*$")


@dataclass(frozen=True)
class Standing:
    """A round as the database has it."""

    phase: str
    round: int
    kind: str
    opens_on: date
    closes_on: date
    opened_on: date | None = None
    finished_on: date | None = None


def made(**changes: Any) -> Programme:
    given = {"slug": "p", "title": "Growth", "company": "X", "track": "growth", "starts_on": START, "coordinator": "c"}
    return Programme.model_validate(given | changes)


def standing(one: Milestone, **changes: Any) -> Standing:
    return Standing(one.phase, one.round, one.kind, one.opens_on, one.closes_on, **changes)


def planned(programme: Programme) -> list[Standing]:
    return [standing(one) for one in calendar(programme)]


programmes = st.builds(
    lambda start, months, waves, quarterly, pair, track, mode: made(
        starts_on=start,
        relationship_months=months,
        follow_up_months=(*waves, 12),
        track=track,
        review={"quarterly_months": quarterly, "pair_months": pair},
        matching={"mode": mode},
    ),
    st.dates(date(2020, 1, 1), date(2060, 1, 1)),
    st.integers(1, 36),
    st.lists(st.integers(1, 24), max_size=4),
    st.sampled_from((None, 1, 2, 3, 4)),
    st.sampled_from((None, 4, 5, 6)),
    st.sampled_from(("growth", "new-hire")),
    st.sampled_from(("proposed", "appointed", "mutual")),
)


@given(programmes)
def test_every_round_opens_and_closes_once_and_all_names_differ(programme: Programme) -> None:
    rounds = planned(programme)
    found = moments(programme, rounds)
    for what in ("opens", "closes"):
        assert {(m.phase, m.round) for m in found if m.what == what} == {(r.phase, r.round) for r in rounds}
        assert len([m for m in found if m.what == what]) == len(rounds)
    assert len({m.key for m in found}) == len({m.name for m in found}) == len(found)
    assert [m.on for m in found] == sorted(m.on for m in found)
    assert {m.what for m in found} <= set(ORDER)


@given(programmes)
def test_moments_lie_within_their_round_in_the_order_of_what_happens(programme: Programme) -> None:
    rounds = {(r.phase, r.round): r for r in planned(programme)}
    found = moments(programme, rounds.values())
    for where, one in rounds.items():
        own = [m for m in found if (m.phase, m.round) == where]
        assert (own[0].on, own[-1].on) == (one.opens_on, one.closes_on + DAY)
        assert all(one.opens_on < m.on <= one.closes_on for m in own[1:-1])


@given(programmes, st.integers(-400, 400), st.data())
def test_a_round_that_moves_takes_its_moments_along_and_leaves_the_others(
    programme: Programme, days: int, data: st.DataObject
) -> None:
    rounds = [one for one in planned(programme) if one.phase != "closure"]  # the celebration seeks a working day
    moved = data.draw(st.sampled_from(rounds))
    by = timedelta(days=days)
    after = [
        replace(one, opens_on=one.opens_on + by, closes_on=one.closes_on + by) if one == moved else one
        for one in rounds
    ]
    before = {m.key: m.on for m in moments(programme, rounds)}
    for moment in moments(programme, after):
        its = (moment.phase, moment.round) == (moved.phase, moved.round)
        assert moment.on - before[moment.key] == (by if its else timedelta())


@given(programmes, st.integers(0, 60), st.data())
def test_what_has_opened_counts_from_that_day_and_what_is_finished_has_nothing_ahead(
    programme: Programme, late: int, data: st.DataObject
) -> None:
    rounds = planned(programme)
    one = data.draw(st.sampled_from(rounds))
    opened = replace(one, opened_on=one.opens_on + timedelta(days=late))
    found = moments(programme, [opened if other == one else other for other in rounds])
    own = [m for m in found if (m.phase, m.round) == (one.phase, one.round)]
    assert "opens" not in {m.what for m in own}
    assert own[-1].on == one.closes_on + timedelta(days=late) + DAY
    assert min(m.on for m in own) > one.opens_on + timedelta(days=late)
    finished = replace(opened, finished_on=opened.opened_on)
    left = moments(programme, [finished if other == one else other for other in rounds])
    assert not [m for m in left if (m.phase, m.round) == (one.phase, one.round)]
    assert len(left) == len(found) - len(own)


@given(programmes)
def test_names_are_plain_words_and_keys_are_short(programme: Programme) -> None:
    for one in moments(programme, planned(programme)):
        assert PLAIN.match(one.name), one.name
        assert len(one.key) <= KEY_LENGTH
        assert one.key == f"{one.phase}:{one.round}:{one.what}"


def names(programme: Programme, *extra: Standing) -> list[str]:
    return [m.name for m in moments(programme, [*planned(programme), *extra]) if m.what == "opens"]


def test_rounds_are_called_as_people_call_them() -> None:
    assert names(made(relationship_months=12, follow_up_months=(3, 6, 9, 12))) == [
        "readiness opens",
        "recruitment opens",
        "selection opens",
        "matching opens",
        "training opens",
        "agreement opens",
        "meetings begin",
        "quarterly review 1",
        "half-yearly review 1",
        "quarterly review 2",
        "closure opens",
        "final evaluation opens",
        "follow-up 1 of 4",
        "follow-up 2 of 4",
        "follow-up 3 of 4",
        "follow-up 4 of 4",
    ]


def test_reviews_of_another_rhythm_are_not_called_quarterly() -> None:
    found = names(made(review={"quarterly_months": 2, "pair_months": 4}))
    assert {"short review 1", "pair review 1"} <= set(found)
    assert not [name for name in found if "yearly" in name or "quarter" in name]
    hires = names(made(track="new-hire", relationship_months=4, review={"at_months": (4, 1, 2)}))
    assert [name for name in hires if "review" in name] == [f"new-hire review, month {month}" for month in (1, 2, 4)]


def test_rounds_that_come_later_have_names_of_their_own() -> None:
    again = Standing("matching", 2, "again", START, START + timedelta(days=14))
    early = [Standing("review", number, "early_check", START, START + timedelta(days=14)) for number in (101, 102)]
    odd = Standing("review", 103, "again", START, START + timedelta(days=14))
    found = names(made(), again, *early, odd)
    assert {"matching, round 2 opens", "early check", "early check 2", "review 103"} <= set(found)


def test_days_between_opening_and_closing_are_those_of_the_plan() -> None:
    found = {m.key: m.on for m in moments(made(), planned(made()))}
    opens = found["recruitment:1:opens"]
    assert found["recruitment:1:calls"] == opens + 3 * DAY
    assert found["recruitment:1:reminders"] == opens + 10 * DAY
    assert found["recruitment:1:reminders-2"] == opens + 17 * DAY
    assert found["closure:1:celebration"].isoweekday() <= 5
    assert not [key for key in found if key.startswith("meetings:1:rem")]


@pytest.mark.parametrize("phase", PHASES)
def test_every_phase_has_its_reminders_but_the_meetings_of_the_pairs(phase: str) -> None:
    found = {m.what for m in moments(made(), planned(made())) if m.phase == phase}
    assert ("reminders" in found) is (phase != "meetings")


def test_bookmark_names_one_tag_and_the_whole_span() -> None:
    end = date(2029, 8, 31)
    address = bookmark("http://127.0.0.1:4200/v2/", START, end, calendar_tag("growth-2027"))
    assert address == (
        "http://127.0.0.1:4200/v2/runs?tab=flow-runs&sort=START_TIME_ASC&hide-subflows=true"
        "&tags=calendar%3Agrowth-2027&start=2027-01-11T00%3A00%3A00.000Z&end=2029-08-31T23%3A59%3A59.000Z"
    )
    assert bookmark("http://127.0.0.1:4200", START, end, calendar_tag("growth-2027")) == address
    assert "flow-run-search=Growth" in bookmark("http://x", START, end, "review", search="Growth")
    assert bookmark("", START, end, "review") == ""


def test_names_and_tags_hold_the_programme_and_what_happens() -> None:
    assert named("Growth 2027", "celebration") == "Growth 2027 · celebration"
    assert tags("growth-2027", "review") == ["programme:growth-2027", "review"]
