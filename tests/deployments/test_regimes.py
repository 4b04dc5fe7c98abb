"""Each way to match, from the first mail to the introduction: what stands in the rows and in the mailbox holds.

The rules are looked at again here, in plain words and from the rows, without the engine.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from deployments.cli import main
from framework.content import FORMS
from framework.matching.mutual import blocking_pairs, mutual, ranking
from framework.pairing import TOGETHER, PairingStatus
from framework.people import Role
from framework.requests import RequestStatus
from models import programme, wish
from models.base import transaction
from models.delivery import Delivery
from models.matching_run import MatchingRun
from models.pairing import Pairing
from models.participant import Participant
from models.request import Request
from tests.deployments.afterwards import (
    broken,
    carrier,
    entries,
    given,
    letters,
    made,
    read,
    rows,
    rules_of,
    text_of,
    written,
)
from tests.deployments.side_by_side import ASKED, WAYS, Lived, lived

pytestmark = pytest.mark.long
S = PairingStatus
PAIRED = sorted(frozenset(WAYS) - {"open-pool"})
NAMES = {"given_name", "partner"}
WORDS_OF_A_NO = re.compile(r"fell out over a budget|ruzie gehad over een budget|disputés un jour")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    with lived(tmp_path_factory.mktemp("ways") / "home") as found:
        yield found


@pytest.mark.parametrize("slug", sorted(WAYS))
def test_matching_ended_completed(world: Lived, slug: str) -> None:
    with transaction() as session:
        rounds = programme.milestones(session, programme.by_slug(session, slug).id, "matching")
    assert [one.state for one in rounds if one.round == 1] == ["Completed"]
    assert rounds[0].finished_on is not None


@pytest.mark.parametrize("slug", PAIRED)
def test_pairs_were_made_and_keep_the_hard_rules(world: Lived, slug: str) -> None:
    assert len(made(slug)) >= 2
    for pair in rows(Pairing, slug):
        assert broken(slug, pair.mentor, pair.mentee, pair.language) == set(pair.relaxed), pair.id


def test_a_rule_was_bent_by_a_person_who_says_why(world: Lived) -> None:
    from models.decision import Decision

    bent = {f"pairing:{pair.id}" for slug in PAIRED for pair in made(slug) if pair.relaxed}
    assert bent
    given = [one for one in rows(Decision, "appointed") if one.subject in bent]
    assert {one.subject for one in given} == bent
    assert all(one.reason for one in given if one.choice == "approve")


@pytest.mark.parametrize("slug", PAIRED)
def test_nobody_is_proposed_again_to_whom_it_did_not_work_out_with(world: Lived, slug: str) -> None:
    pairs = [pair for pair in rows(Pairing, slug) if pair.status != S.DROPPED]
    assert max(Counter((pair.mentor_id, pair.mentee_id) for pair in pairs).values()) == 1


@pytest.mark.parametrize("slug", PAIRED)
def test_capacity_and_shape_hold(world: Lived, slug: str) -> None:
    settings, pairs = rules_of(slug).matching, made(slug)
    load = Counter(pair.mentor_id for pair in pairs)
    own = {pair.mentor_id: pair.mentor.capacity for pair in pairs}
    if slug == "group":
        assert all(size <= settings.group[1] for size in load.values())
        assert max(load.values()) >= settings.group[0]
    elif slug == "peers":
        people = [one.person_id for pair in pairs for one in (pair.mentor, pair.mentee)]
        assert len(people) == len(set(people))
    else:
        assert all(size <= min(own[mentor], settings.capacity) for mentor, size in load.items())
    if slug != "two-mentors":
        assert max(Counter(pair.mentee_id for pair in pairs).values()) == 1


def test_groups_are_proposed_within_their_sizes(world: Lived) -> None:
    least, most = rules_of("group").matching.group
    for run in rows(MatchingRun, "group", MatchingRun.trial.is_(False)):
        sizes = Counter(mentor for mentor, *_ in run.result["pairs"])
        assert all(least <= size <= most for size in sizes.values())


def test_two_mentors_are_two_people_one_for_each_language(world: Lived) -> None:
    languages = rules_of("two-mentors").languages
    of_mentee: dict[int, list[Pairing]] = {}
    for pair in made("two-mentors"):
        of_mentee.setdefault(pair.mentee_id, []).append(pair)
    for pairs in of_mentee.values():
        assert len({pair.language for pair in pairs}) == len({pair.mentor.person_id for pair in pairs}) == len(pairs)
    whole = [pairs for pairs in of_mentee.values() if {pair.language for pair in pairs} == set(languages)]
    assert whole


def test_in_reverse_mentoring_the_mentor_has_fewer_years(world: Lived) -> None:
    assert all(pair.mentor.person.years < pair.mentee.person.years for pair in made("reverse"))
    assert all(
        pair.mentor.person.years > pair.mentee.person.years for pair in made("proposed") if pair.reasons["experience"]
    )


def lists(slug: str) -> dict[int, list[int]]:
    with transaction() as session:
        found: dict[int, list[int]] = {}
        for one in wish.of_round(session, programme.by_slug(session, slug).id, 1):
            found.setdefault(one.participant_id, []).append(one.other_id)
    return found


def test_no_two_people_would_both_rather_have_each_other(world: Lived) -> None:
    wanted, run = lists("mutual"), rows(MatchingRun, "mutual")[0]
    places = {one["id"]: one.get("places", 1) for one in run.people["mentors"]}
    mentors, mentees = sorted(places), sorted(one["id"] for one in run.people["mentees"])
    with transaction() as session:
        known = {one: session.get_one(Participant, one) for one in (*mentors, *mentees)}

    def allowed(one: int, other: int) -> bool:
        pair = (one, other) if known[one].role == Role.MENTOR else (other, one)
        return not broken("mutual", known[pair[0]], known[pair[1]])

    def wishes(ours: Sequence[int], theirs: Sequence[int]) -> Any:
        named = [[other for other in wanted.get(one, ()) if other in theirs and allowed(one, other)] for one in ours]
        return ranking([[theirs.index(other) for other in row] for row in named])

    both = mutual(wishes(mentees, mentors), wishes(mentors, mentees), mentee_key=mentees, mentor_key=mentors)
    pairs = rows(Pairing, "mutual", Pairing.number == run.number, Pairing.origin == "mutual")
    assert pairs
    mate = np.full(len(mentees), -1)
    for pair in pairs:
        mate[mentees.index(pair.mentee_id)] = mentors.index(pair.mentor_id)
    room = [places[one] for one in mentors]
    assert len(blocking_pairs(both, room, mate)) == 0
    alone = np.full(len(mentees), -1)
    assert len(blocking_pairs(both, room, alone)) > 0  # it would be found


def asked_about(slug: str, pair: Pairing) -> list[Request]:
    return rows(Request, slug, Request.about == f"pairing:{pair.id}", Request.phase == "matching")


def test_a_pick_asks_one_mentor_at_a_time_and_goes_down_the_list(world: Lived) -> None:
    wanted, passed = lists("mentee-picks"), 0
    picks: dict[int, list[Pairing]] = {}
    for pair in rows(Pairing, "mentee-picks", Pairing.origin == "pick"):
        picks.setdefault(pair.mentee_id, []).append(pair)
    assert picks
    for mentee, pairs in picks.items():
        ranks = [wanted[mentee].index(pair.mentor_id) for pair in pairs]
        assert ranks == sorted(set(ranks))
        asked = [
            (one.opened_on, one.answered_on or one.lapsed_on) for p in pairs for one in asked_about("mentee-picks", p)
        ]
        for (_, ended), (begins, _) in pairwise(asked):
            assert ended is None or ended <= begins
            passed += 1
        assert sum(pair.status in {*TOGETHER, S.APPROVED} for pair in pairs) <= 1
    after = {p.mentee_id for those in picks.values() for p in those if p.status == S.DECLINED}
    assert after
    going_on = {p.mentee_id for p in rows(Pairing, "mentee-picks") if p.status != S.DECLINED}
    assert after & going_on


def test_an_open_pool_binds_nobody_and_tells_everybody(world: Lived) -> None:
    assert rows(Pairing, "open-pool") == []
    told = rows(Delivery, "open-pool", Delivery.template == "pool_open", Delivery.state == "sent")
    mentees = [one for one in rows(Participant, "open-pool") if one.role == Role.MENTEE and one.status == "confirmed"]
    assert {one.person_id for one in told} == {one.person_id for one in mentees if one.person.mailbox}


@pytest.mark.parametrize("slug", sorted(ASKED))
def test_somebody_refused_and_somebody_stayed_silent(world: Lived, slug: str) -> None:
    assert world.refused[slug] >= 1
    assert world.silent[slug] >= 1
    offers = {
        name for name, form in FORMS.items() if {q.id for q in form.questions} & {"accept", "go_on", "accept_first"}
    }
    lapsed = rows(Request, slug, Request.phase == "matching", Request.status != RequestStatus.ANSWERED)
    assert any(one.lapsed_on and one.form in offers for one in lapsed)
    assert any(pair.status == S.DECLINED for pair in rows(Pairing, slug))


def test_why_somebody_said_no_stands_in_no_mail(world: Lived) -> None:
    assert len(world.reasons) >= len(ASKED)
    assert all(WORDS_OF_A_NO.search(reason) for reason in world.reasons)
    texts = [text_of(message) for _, _, message in letters(world.home)]
    assert not any(WORDS_OF_A_NO.search(text) for text in texts)
    kept = [str(one.get("reason", "")) for one in given()]
    assert sum(bool(WORDS_OF_A_NO.search(one)) for one in kept) >= len(ASKED)  # they were really given
    goals = {" ".join(str(one["goal"]).split()) for one in given() if one.get("goal")}
    assert any(goal in text for goal in goals for text in texts)  # what may be read is found in this way


@pytest.mark.parametrize("slug", sorted(ASKED))
def test_the_other_side_does_not_hear_who_said_no(world: Lived, slug: str) -> None:
    """Where two know of each other, both are told on one day in the same words; else no name is said."""
    by_id = {number: text_of(message) for _, number, message in letters(world.home)}
    told = rows(Delivery, slug, Delivery.template == "pairing_declined", Delivery.state == "sent")
    declined = [pair for pair in rows(Pairing, slug) if pair.status == S.DECLINED]
    for pair in declined:
        mine = [one for one in told if f":pairing:{pair.id}:" in one.key]
        assert len({one.planned_on for one in mine}) <= 1
        plain = [{name: one.fields[name] for name in sorted(one.fields) if name not in NAMES} for one in mine]
        assert all(fields == plain[0] for fields in plain)
        both = (pair.mentor.person, pair.mentee.person)
        if len(mine) < sum(bool(who.mailbox) for who in both):
            others = [(one, who) for one in mine for who in both if who.id != one.person_id]
            assert all(who.family_name not in by_id[carrier(one).message_id] for one, who in others)
        assert not rows(Delivery, slug, Delivery.key.contains(f":introduction:pairing:{pair.id}:"))


def test_nobody_got_the_same_mail_twice(world: Lived) -> None:
    assert len(world.by_id) > 1000
    assert set(world.by_id.values()) == {1}


@pytest.mark.parametrize("slug", PAIRED)
def test_both_of_a_pair_have_one_calendar_entry_and_the_same(world: Lived, slug: str) -> None:
    by_id = {number: message for _, number, message in letters(world.home)}
    told = rows(Delivery, slug, Delivery.template.in_(("introduction", "group_introduction")))
    assert told
    for pair in made(slug):
        of: list[set[str]] = []
        for who in (pair.mentor.person, pair.mentee.person):
            if who.mailbox:
                mine = [one for one in told if one.person_id == who.id]
                carried = [by_id[carrier(one).message_id] for one in mine]
                of.append({uid for message in carried for uid in entries(message)})
        same = set.intersection(*of) if of else set()
        assert len(same) == 1, pair.id


def test_nobody_has_the_same_calendar_entry_twice(world: Lived) -> None:
    held = Counter((to, uid) for to, _, message in letters(world.home) for uid in entries(message))
    assert held
    assert set(held.values()) == {1}


@pytest.mark.parametrize("slug", PAIRED)
def test_every_run_can_be_held_again(world: Lived, slug: str, capsys: pytest.CaptureFixture[str]) -> None:
    for run in rows(MatchingRun, slug):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["matching", "replay", slug, "--round", str(run.round), "--number", str(run.number), "--json"])
        assert ended.value.code == 0, capsys.readouterr()


def test_the_coordinator_struck_and_chose_somebody_else(world: Lived) -> None:
    """On each desk on which proposals stood; where mentees pick, only who has nobody left is proposed."""
    assert world.struck >= len(PAIRED) - 1
    for slug in set(PAIRED) - {"mentee-picks"}:
        assert any(pair.status == S.STRUCK for pair in rows(Pairing, slug)), slug
    chosen = [pair for slug in PAIRED for pair in rows(Pairing, slug) if pair.origin == "chosen"]
    assert chosen
    assert any(pair.status in TOGETHER for pair in chosen)


def test_nothing_personal_reached_prefect(world: Lived) -> None:
    people = read(world.home / "baken.db", "select given_name || ' ' || family_name, email from person")
    assert written()
    words = {part for row in people for part in row if part} | written()
    store = world.home / "prefect" / "prefect.db"
    tables = [name for (name,) in read(store, "select name from sqlite_master where type = 'table'")]
    cells = (cell for table in tables for row in read(store, f'select * from "{table}"') for cell in row)
    everything = "\n".join(str(cell) for cell in cells if cell is not None)
    assert all(slug in everything for slug in WAYS)
    assert [word for word in sorted(words) if word in everything] == []
    assert read(store, "select count(*) from flow_run")[0][0] > 200
