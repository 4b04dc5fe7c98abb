"""People choose: both sides, the mentee alone, or nobody. Lists that come, stay away, cross, and run out."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from framework.matching.criteria import Candidate
from framework.matching.mutual import blocking_pairs, mutual, ranking
from framework.matching.record import Inputs
from framework.pairing import CloseReason, PairingStatus
from framework.people import Role
from framework.requests import RequestStatus
from models import participant, person, programme, wish
from models.base import engine, transaction
from models.delivery import Delivery
from models.pairing import Pairing
from models.participant import Participant
from models.wish import Wish
from tasks.matching.candidates import inputs
from tasks.matching.places import settle_pick
from tasks.matching.wishes import scored, shown_to, tend_wishes
from tasks.stage import Stage, again
from tests.conftest import environment
from tests.world import MENTEES, MENTORS, SLUG, World, build, finished, live, settings, willing

P, R = PairingStatus, RequestStatus
AAFJE, BARTHOLDUS, CUNERA, DIEDERIKA, EWOUT = MENTEES
QUIRIJN, WENDELMOET, YSOLDE, ZACHARIAS = MENTORS


@pytest.fixture(scope="module")
def eve(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> tuple[Path, World]:
    """The small company once its mentors and mentees are selected: the database, and the world on that day."""
    home = tmp_path_factory.mktemp("eve")
    shutil.copy(migrated, home / "baken.db")
    with environment(BAKEN_HOME=str(home)):
        world = build()
        live(world, until=finished("selection"))
        engine().dispose()
    return home / "baken.db", world


@pytest.fixture
def at_wishes(tmp_path: Path, eve: tuple[Path, World]) -> Iterator[Callable[..., World]]:
    """The company on the day on which matching opens under these settings, before its first run."""
    file, then = eve

    def at(mode: str, **changes: object) -> World:
        engine().dispose()
        shutil.copy(file, tmp_path / "baken.db")
        with transaction() as session:
            programme.keep(session, settings(matching={"mode": mode, **changes}))
        world = World(today=then.today, ids=dict(then.ids))
        world.today = world.milestone("matching").opens_on
        return world

    with environment(BAKEN_HOME=str(tmp_path)):
        yield at
        engine().dispose()


At = Callable[..., World]


def number_of(world: World, name: str) -> int:
    """The id of somebody's participation."""
    (one,) = (p for p in world.rows(Participant) if p.person_id == world.ids[name])
    return int(one.id)


def choose(world: World, who: str, *names: str) -> None:
    """Somebody puts these names in order."""
    form = "mentor_wishes" if who in MENTEES else "mentee_wishes"
    assert world.answer(form, who=who, wishes=[str(number_of(world, name)) for name in names])


def run(world: World, days: int = 0) -> str:
    """Run matching on the day, twice: the second time nothing may change. The state that it ends in."""
    state = world.run("matching", world.today + timedelta(days=days)).name
    before = world.snapshot()
    again_ = world.run("matching").name
    assert world.snapshot() == before
    assert again_ in {state, "Completed"}
    return str(state)


def reply(world: World, mentor: str, mentee: str, accept: str) -> None:
    """A mentor answers to one mentee's choice."""
    pair = pair_of(world, mentor, mentee)
    assert world.answer("pairing_mentor", about=f"pairing:{pair.id}", accept=accept)


def pair_of(world: World, mentor: str, mentee: str) -> Pairing:
    """The newest pair of the two."""
    ids = number_of(world, mentor), number_of(world, mentee)
    return [one for one in world.pairs() if (one.mentor_id, one.mentee_id) == ids][-1]


def together(world: World) -> dict[str, str]:
    """Mentor of each mentee who was introduced."""
    names = {number_of(world, name): name for name in (*MENTORS, *MENTEES)}
    return {names[one.mentee_id]: names[one.mentor_id] for one in world.pairs(P.ACCEPTED)}


def answers(world: World, who: str) -> list[str]:
    """How somebody's list stands, name by name."""
    return [one.answer for one in world.rows(Wish) if one.participant_id == number_of(world, who)]


def stage_of(world: World, number: int = 1) -> Stage:
    """The round of matching as the steps see it."""
    one = world.milestone("matching", number)
    dates = world.today, one.opens_on, one.closes_on
    return Stage(one.id, one.programme_id, SLUG, "matching", number, one.kind, *dates)


# Asking


@pytest.mark.parametrize(("mode", "mentors"), [("mutual", 4), ("mentee_picks", 0), ("proposed", None)])
def test_those_who_choose_are_asked_once_and_questions_hold_no_name(
    at_wishes: At, mode: str, mentors: int | None
) -> None:
    world = at_wishes(mode)
    run(world)
    assert len(world.requests("mentor_wishes")) == (0 if mentors is None else 5)
    assert len(world.requests("mentee_wishes")) == (mentors or 0)
    for one in world.requests():
        assert all(label == "" for pairs in one.options.values() for value, label in pairs if one.phase == "matching")
    if mentors is not None:
        assert run(world) == "Awaiting-Wishes"
        assert world.milestone("matching").counts["open"] == 5 + mentors
        (mail,) = world.mails("choose_mentors", who=AAFJE)
        assert (mail.fields["people"], mail.fields["most"], mail.fields["regime"]) == (4, 4, mode)


def test_best_come_first_no_more_than_are_shown_and_none_that_a_rule_forbids(at_wishes: At) -> None:
    world = at_wishes("mentee_picks", shown=2)
    with transaction() as session:  # her own line manager is a mentor too: never on her list
        session.get_one(person.Person, world.ids[AAFJE]).manager_id = world.ids[QUIRIJN]
    run(world)
    options = {one.person_id: [int(i) for i, _ in one.options["wishes"]] for one in world.requests("mentor_wishes")}
    assert {len(shown) for shown in options.values()} == {2}
    assert number_of(world, QUIRIJN) not in options[world.ids[AAFJE]]
    stage = stage_of(world)
    with transaction() as session:
        scorer = scored(inputs(session, stage))
    for at, mentee in enumerate(scorer.mentees):
        row = scorer.rows(np.array([at]))[0]
        best = sorted(range(len(row)), key=lambda j: (-row[j], scorer.mentors[j].id))
        assert options[mentee.person.id] == [scorer.mentors[j].id for j in best if row[j] >= 0][:2]


def test_list_may_change_until_the_last_one_is_in_and_not_afterwards(at_wishes: At) -> None:
    world = at_wishes("mentee_picks")
    run(world)
    choose(world, AAFJE, QUIRIJN)
    run(world)
    world.change("mentor_wishes", AAFJE, wishes=[str(number_of(world, YSOLDE))])
    run(world)
    assert [one.other_id for one in world.rows(Wish)] == [number_of(world, YSOLDE)]
    assert world.pairs() == []
    for who in MENTEES[1:]:
        choose(world, who, WENDELMOET)
    run(world)
    assert pair_of(world, YSOLDE, AAFJE).status == P.APPROVED
    world.change("mentor_wishes", AAFJE, wishes=[str(number_of(world, QUIRIJN))])
    run(world)
    assert next(one.other_id for one in world.rows(Wish)) == number_of(world, YSOLDE)


def test_late_list_still_comes_into_play_where_the_mentee_has_nobody(at_wishes: At) -> None:
    world = at_wishes("mentee_picks")
    run(world)
    for who in MENTEES[:4]:
        choose(world, who, QUIRIJN)
    live(world, behave=lambda _: None, until=lambda w: len(w.pairs()) >= 5)  # Ewout is silent, and is proposed
    world.decide("matching", "strike")
    world.answer("mentor_wishes", who=EWOUT, late=True, wishes=[str(number_of(world, YSOLDE))])
    run(world)
    run(world)
    assert next(p.origin for p in world.pairs() if p.mentee_id == number_of(world, EWOUT)) == "best"
    assert answers(world, EWOUT) in ([""], ["open"])


# Mutual choice


def stands(world: World) -> None:
    """The mutual pairs are stable: nobody who chose each other would both rather be together, by the lists kept."""
    with transaction() as session:
        given = programme.by_slug(session, SLUG)
        lists = wish.lists(session, given.id, 1)
        people = participant.of_programme(session, given.id)
        mentees = [p.id for p in people if p.role == Role.MENTEE]
        mentors = [p.id for p in people if p.role == Role.MENTOR]
        room = [p.capacity for p in people if p.role == Role.MENTOR]
    ordered = [
        [[whom.index(w.other_id) for w in lists.get(one, ())] for one in whose]
        for whose, whom in ((mentees, mentors), (mentors, mentees))
    ]
    wishes = mutual(ranking(ordered[0]), ranking(ordered[1]), mentee_key=mentees, mentor_key=mentors)
    mate = np.full(len(mentees), -1)
    for pair in world.pairs():
        if pair.origin == "mutual":
            mate[mentees.index(pair.mentee_id)] = mentors.index(pair.mentor_id)
    assert blocking_pairs(wishes, room, mate).tolist() == []
    assert (mate >= 0).any()


def test_those_who_chose_each_other_are_proposed_and_introduced_once_approved(at_wishes: At) -> None:
    world = at_wishes("mutual")
    run(world)
    choose(world, AAFJE, YSOLDE, QUIRIJN)
    choose(world, BARTHOLDUS, YSOLDE, WENDELMOET)
    choose(world, CUNERA, YSOLDE)
    choose(world, DIEDERIKA, ZACHARIAS)
    choose(world, EWOUT, ZACHARIAS)
    choose(world, YSOLDE, BARTHOLDUS, AAFJE)
    choose(world, QUIRIJN, AAFJE)
    choose(world, WENDELMOET, BARTHOLDUS)
    choose(world, ZACHARIAS, CUNERA)
    assert run(world) == "Awaiting-Coordinator"
    stands(world)
    origins = {(p.mentor_id, p.mentee_id): p.origin for p in world.pairs(P.PROPOSED)}
    chosen = {
        (number_of(world, YSOLDE), number_of(world, BARTHOLDUS)),
        (number_of(world, QUIRIJN), number_of(world, AAFJE)),
    }
    assert {pair for pair, origin in origins.items() if origin == "mutual"} == chosen
    assert sorted(origins.values()) == ["best", "best", "mutual", "mutual"]  # four places
    assert all(sum(p.reasons.values()) == p.score for p in world.pairs())
    world.decide("matching", "approve")
    assert run(world) == "Awaiting-Participants"
    assert together(world) == {BARTHOLDUS: YSOLDE, AAFJE: QUIRIJN}
    assert len(world.requests("pairing_mentor")) == 2  # the others are asked, as ever
    assert {d.fields["partner"].split()[0] for d in world.mails("introduction", who=AAFJE)} == {QUIRIJN}


def test_silence_is_no_wish_and_the_silent_are_proposed(at_wishes: At) -> None:
    world = at_wishes("mutual")
    run(world)
    choose(world, AAFJE, QUIRIJN)
    choose(world, QUIRIJN, AAFJE)
    live(world, behave=lambda _: None, until=lambda w: bool(w.pairs()))
    assert sum(one.status == R.LAPSED for one in world.requests("mentor_wishes")) == 4
    assert sorted(p.origin for p in world.pairs()) == ["best", "best", "best", "mutual"]
    assert world.milestone("matching").state == "Awaiting-Coordinator"


def test_struck_mutual_pair_stays_apart_and_the_lists_go_on(at_wishes: At) -> None:
    world = at_wishes("mutual")
    run(world)
    for mentee in MENTEES:
        choose(world, mentee, QUIRIJN, WENDELMOET)
    for mentor in (QUIRIJN, WENDELMOET, YSOLDE, ZACHARIAS):
        choose(world, mentor, AAFJE, BARTHOLDUS)
    run(world)
    first = pair_of(world, QUIRIJN, AAFJE)
    world.decide("matching", "approve", **{f"pairing_{first.id}": "strike"})
    run(world)
    anew = [p for p in world.pairs() if p.mentee_id == first.mentee_id and p.status == P.PROPOSED]
    assert first.id not in {p.id for p in anew}
    assert all(p.mentor_id != first.mentor_id for p in anew)


def test_whom_a_rule_forbids_meanwhile_is_no_mutual_pair(at_wishes: At) -> None:
    world = at_wishes("mutual")
    run(world)
    choose(world, AAFJE, QUIRIJN)
    choose(world, QUIRIJN, AAFJE)
    with transaction() as session:  # he becomes her line manager before the lists are in
        session.get_one(person.Person, world.ids[AAFJE]).manager_id = world.ids[QUIRIJN]
    live(world, behave=lambda _: None, until=lambda w: bool(w.pairs()))
    assert (number_of(world, QUIRIJN), number_of(world, AAFJE)) not in {
        (p.mentor_id, p.mentee_id) for p in world.pairs()
    }


# The mentee picks


Picking = Callable[..., World]


@pytest.fixture
def picking(at_wishes: At) -> Picking:
    """All lists are in and the first mentors are asked; who gives no list here chooses Zacharias."""

    def at(**lists: tuple[str, ...]) -> World:
        world = at_wishes("mentee_picks")
        run(world)
        for who in MENTEES:
            choose(world, who, *lists.get(who, (ZACHARIAS,)))
        run(world)
        return world

    return at


def test_first_choice_is_asked_with_the_goal_and_a_yes_introduces(picking: Picking) -> None:
    world = picking(Aafje=(QUIRIJN, WENDELMOET))
    pair = pair_of(world, QUIRIJN, AAFJE)
    assert (pair.origin, pair.status, pair.number) == ("pick", P.APPROVED, 0)
    (asked,) = world.mails("pairing_mentor", who=QUIRIJN)
    assert AAFJE in asked.fields["partner"]
    assert asked.fields["goal"]
    assert world.rows(Delivery, Delivery.template == "decision_waiting", Delivery.phase == "matching") == []
    reply(world, QUIRIJN, AAFJE, "yes")
    run(world)
    assert together(world) == {AAFJE: QUIRIJN}
    assert world.requests("pairing_mentee") == []
    assert answers(world, AAFJE) in (["open", ""], ["yes", ""])


def test_no_leads_to_the_next_and_the_mentee_hears_neutrally(picking: Picking) -> None:
    world = picking(Aafje=(QUIRIJN, WENDELMOET))
    reply(world, QUIRIJN, AAFJE, "no")
    run(world)
    assert answers(world, AAFJE) == ["no", "open"]
    assert pair_of(world, QUIRIJN, AAFJE).status == P.DECLINED
    (told,) = world.mails("wish_passed")
    assert told.person_id == world.ids[AAFJE]
    assert told.fields == {"given_name": AAFJE, "more": True, "appointment": None}
    assert world.mails("pairing_declined") == []


def test_silence_leads_to_the_next_in_the_same_words(picking: Picking) -> None:
    world = picking(Aafje=(QUIRIJN, WENDELMOET))
    live(world, behave=lambda _: None, until=lambda w: bool(w.mails("wish_passed", who=AAFJE)))
    assert answers(world, AAFJE) == ["silent", "open"]
    (told,) = world.mails("wish_passed", who=AAFJE)
    assert told.fields == {"given_name": AAFJE, "more": True, "appointment": None}
    assert pair_of(world, WENDELMOET, AAFJE).status == P.APPROVED


def test_list_at_its_end_is_told_once_and_the_mentee_is_proposed(picking: Picking) -> None:
    world = picking(Aafje=(QUIRIJN,))
    reply(world, QUIRIJN, AAFJE, "no")
    assert run(world) == "Awaiting-Coordinator"
    assert [d.fields["more"] for d in world.mails("wish_passed", who=AAFJE)] == [False]
    (pair,) = (p for p in world.pairs(P.PROPOSED))
    assert (pair.origin, pair.mentee_id) == ("best", number_of(world, AAFJE))
    assert pair.mentor_id not in {number_of(world, QUIRIJN), number_of(world, ZACHARIAS)}  # a no, and asked by others
    world.decide("matching", "strike")
    run(world)
    assert len(world.mails("wish_passed", who=AAFJE)) == 1


def test_two_mentees_one_place_one_yes_each_and_only_one_counts(picking: Picking) -> None:
    world = picking(Aafje=(QUIRIJN, WENDELMOET), Bartholdus=(QUIRIJN, YSOLDE))
    reply(world, QUIRIJN, BARTHOLDUS, "yes")
    reply(world, QUIRIJN, AAFJE, "yes")
    run(world)
    (pair,) = world.pairs(P.ACCEPTED)
    (lost,) = world.pairs(P.DROPPED)
    assert {pair.mentor_id, lost.mentor_id} == {number_of(world, QUIRIJN)}
    loser, following = (AAFJE, WENDELMOET) if lost.mentee_id == number_of(world, AAFJE) else (BARTHOLDUS, YSOLDE)
    assert answers(world, loser) == ["passed", "open"]
    assert pair_of(world, following, loser).status == P.APPROVED
    assert [d.fields["more"] for d in world.mails("wish_passed", who=loser)] == [True]
    stage = stage_of(world)
    with transaction() as session:  # nobody said no: the two may come together another time
        assert (lost.mentor_id, lost.mentee_id) not in inputs(session, stage).apart


def test_mentor_who_is_full_is_no_longer_asked_and_open_questions_to_her_end(picking: Picking) -> None:
    world = picking(Aafje=(QUIRIJN,), Bartholdus=(QUIRIJN,), Cunera=(WENDELMOET, QUIRIJN))
    reply(world, QUIRIJN, AAFJE, "yes")
    reply(world, WENDELMOET, CUNERA, "no")
    run(world)
    assert together(world) == {AAFJE: QUIRIJN}
    open_ = [r for r in world.requests("pairing_mentor", R.OPEN) if r.person_id == world.ids[QUIRIJN]]
    assert open_ == []
    assert answers(world, BARTHOLDUS) == ["passed"]
    assert answers(world, CUNERA) == ["no", "passed"]
    assert [d.fields["more"] for d in world.mails("wish_passed", who=CUNERA)] == [False]


def test_yes_without_a_place_left_makes_no_pair_and_the_mentor_hears_it(picking: Picking) -> None:
    world = picking(Aafje=(QUIRIJN, WENDELMOET))
    quirijn, pair, stage = number_of(world, QUIRIJN), pair_of(world, QUIRIJN, AAFJE), stage_of(world)
    with transaction() as session:
        session.get_one(Participant, quirijn).capacity = 0
        settle_pick(session, stage, session.get_one(Pairing, pair.id))
    assert pair_of(world, QUIRIJN, AAFJE).status == P.DROPPED
    assert len(world.mails("pairing_declined", who=QUIRIJN)) == 1
    assert world.mails("introduction") == []
    run(world)
    assert answers(world, AAFJE) == ["passed", "open"]


def test_mentor_with_two_places_takes_two(at_wishes: At) -> None:
    world = at_wishes("mentee_picks")
    run(world)
    quirijn = number_of(world, QUIRIJN)
    with transaction() as session:
        session.get_one(Participant, quirijn).capacity = 2
    for who in MENTEES:
        choose(world, who, QUIRIJN)
    run(world)
    for who in (AAFJE, BARTHOLDUS, CUNERA):
        reply(world, QUIRIJN, who, "yes")
    run(world)
    assert len(together(world)) == 2
    assert len(world.pairs(P.DROPPED)) == 3


def test_mentor_leaves_while_asked_and_the_next_is_asked(picking: Picking) -> None:
    world = picking(Aafje=(QUIRIJN, WENDELMOET))
    world.leave(QUIRIJN)
    world.advance(world.today)
    assert pair_of(world, QUIRIJN, AAFJE).close_reason == CloseReason.PARTNER_LEFT
    run(world)
    assert answers(world, AAFJE) == ["passed", "open"]


def test_mentee_leaves_and_nobody_is_asked_for_her_any_more(picking: Picking) -> None:
    world = picking(Aafje=(QUIRIJN, WENDELMOET))
    world.leave(AAFJE)
    world.advance(world.today)
    run(world)
    assert pair_of(world, QUIRIJN, AAFJE).status == P.CLOSED
    assert [r for r in world.requests("pairing_mentor", R.OPEN) if r.person_id == world.ids[QUIRIJN]] == []
    assert len([p for p in world.pairs() if p.mentee_id == number_of(world, AAFJE)]) == 1


def test_who_leaves_before_choosing_is_not_waited_for(at_wishes: At) -> None:
    world = at_wishes("mentee_picks")
    run(world)
    for who in MENTEES[:4]:
        choose(world, who, QUIRIJN)
    world.leave(EWOUT)
    world.advance(world.today)
    assert world.milestone("matching").state != "Awaiting-Wishes"
    assert number_of(world, EWOUT) not in {p.mentee_id for p in world.pairs()}


def test_reason_for_a_no_is_read_by_nobody_in_a_mail(picking: Picking) -> None:
    world = picking(Aafje=(QUIRIJN, WENDELMOET))
    pair = pair_of(world, QUIRIJN, AAFJE)
    world.answer("pairing_mentor", about=f"pairing:{pair.id}", accept="no", reason="onverdraaglijk-4417")
    run(world)
    live(world, until=finished("matching"))
    assert not any("onverdraaglijk" in str(d.fields) for d in world.rows(Delivery))


# An open pool


def test_open_pool_tells_everybody_binds_nobody_and_is_done_at_once(at_wishes: At) -> None:
    world = at_wishes("open_pool", shown=3)
    run(world)
    milestone = world.milestone("matching")
    assert (milestone.state, milestone.counts) == ("Completed", {"mentees": 5, "mentors": 3, "unmatched": 0})
    for name in MENTEES:
        (mail,) = world.mails("pool_open", who=name)
        assert len(mail.fields["people"]) == 3
        assert {one["site"] for one in mail.fields["people"]} == {"Gent"}
    assert sum(d.fields["people"] for d in world.rows(Delivery, Delivery.template == "pool_listed")) == 15
    assert (world.pairs(), world.mails("waiting_list"), world.rows(Wish)) == ([], [], [])


def test_later_round_of_a_pool_tells_only_who_is_new(at_wishes: At) -> None:
    world = at_wishes("open_pool")
    run(world)
    before, stage = {d.key for d in world.rows(Delivery)}, stage_of(world)
    with transaction() as session:
        row = programme.by_slug(session, SLUG)
        one = person.Person(given_name="Nieuw", family_name="Komer", email="n@x.example", department="Sales")
        session.add(one)
        session.flush()
        new = {"programme_id": row.id, "person_id": one.id, "role": Role.MENTEE, "status": "confirmed"}
        session.add(Participant(**new, profile={"languages": ["nl", "fr"]}))
        again(session, stage, "matching", days=14)
    world.run("matching")
    fresh = {d.template: d.person_id for d in world.rows(Delivery) if d.key not in before}
    assert fresh == {"pool_open": one.id}


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["mutual", "mentee_picks", "open_pool"])
def test_whole_programme_comes_to_its_end_in_every_way_to_choose(sqlite: Path, mode: str) -> None:
    world = build(matching={"mode": mode})
    live(world, behave=willing)
    assert {one.state for one in world.milestones()} == {"Completed"}
    assert len([p for p in world.pairs() if p.close_reason == CloseReason.COMPLETED]) == (
        0 if mode == "open_pool" else 4
    )


def test_programme_that_does_not_choose_is_left_alone(at_wishes: At) -> None:
    world = at_wishes("proposed")
    run(world)
    assert tend_wishes.fn(stage_of(world)) == 0
    assert world.rows(Wish) == []


# What the order of a list may say


def test_order_of_a_list_gives_no_wish_of_the_other_side_away(at_wishes) -> None:
    """MAT-Q14: one's own wish by name comes first in one's list; that of the other side changes nothing in it."""
    weights = dict.fromkeys(("experience", "interests", "language", "site"), 0) | {"goal": 1, "preference": 999}
    world = at_wishes("mutual", weights=weights, rules=[])
    with transaction() as session:
        given = inputs(session, stage_of(world))
    bare = [replace(side, prefers=()) for side in given.mentees], [replace(side, prefers=()) for side in given.mentors]
    mentee = bare[0][0]
    last = dict(_lists(given, *bare, Role.MENTEE))[mentee.id][-1]
    mentor = next(one for one in bare[1] if one.id == last)
    asked = replace(mentee, prefers=(mentor.person.id,))
    asking = replace(mentor, prefers=(mentee.person.id,))
    mentees, mentors = [asked, *bare[0][1:]], [asking if one.id == last else one for one in bare[1]]
    for role, own in ((Role.MENTEE, (mentees, bare[1])), (Role.MENTOR, (bare[0], mentors))):
        other = (bare[0], mentors) if role is Role.MENTEE else (mentees, bare[1])
        assert _lists(given, *other, role) == _lists(given, *bare, role)
        who, whom = (mentee.id, mentor.id) if role is Role.MENTEE else (mentor.id, mentee.id)
        assert dict(_lists(given, *own, role))[who][0] == whom


def _lists(
    given: Inputs, mentees: Sequence[Candidate], mentors: Sequence[Candidate], role: Role
) -> list[tuple[int, list[int]]]:
    """Whom each person in that role would be shown, by id."""
    return [(one.id, others) for one, others in shown_to(replace(given, mentees=mentees, mentors=mentors), role, 20)]
