"""People put names in order: who is asked, what is written down, and the pairs that follow (MAT-04, MAT-12, MAT-14).

Everybody concerned is asked once a round, and all lists come into play at once, when the last one is in or its day has
passed: who answers early has no advantage. Until then a list may be changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
from sqlalchemy.orm import Session

from framework.matching.criteria import Candidate
from framework.matching.mutual import ScoreRows, mutual, ranking, stable
from framework.matching.proposal import Proposal, worded
from framework.matching.record import Inputs
from framework.matching.regimes import open_pool, turned
from framework.matching.scoring import Scorer
from framework.people import Role
from framework.requests import RequestStatus
from models import request, wish
from models.base import transaction
from models.participant import Participant
from models.person import Person
from models.programme import Programme
from notifications.email import Email
from notifications.emails.matching import ChooseMentees, ChooseMentors, Regime
from tasks.matching.candidates import inputs
from tasks.matching.picks import ask_next
from tasks.requests import answered, ask, due_on, waiting
from tasks.stage import Stage
from tasks.step import step

FORM_OF = {Role.MENTEE: "mentor_wishes", Role.MENTOR: "mentee_wishes"}
FORMS = tuple(FORM_OF.values())
ASKS = {"mutual": (Role.MENTEE, Role.MENTOR), "mentee_picks": (Role.MENTEE,)}
"""Who puts the others in order, by the mode of matching."""
Shown = tuple[Candidate, list[int]]


@step
def tend_wishes(stage: Stage) -> int:
    """Ask for wishes where the mode wants them, take the lists, and act on them; how many lists are still to come.

    Where mentees pick, the mentor whose turn it is on each list is asked as soon as all lists are in.
    """
    with transaction() as session:
        mode = session.get_one(Programme, stage.programme).rules.matching.mode
        if mode not in ASKS:
            return 0
        if not request.of_round(session, stage.programme, stage.phase, stage.round, form=FORM_OF[Role.MENTEE]):
            _invite(session, stage, ASKS[mode])
        _take(session, stage)
        if still := waiting(session, stage, *FORMS):
            return still
        _close(session, stage)
        if mode == "mentee_picks":
            ask_next(session, stage)
        return 0


def stable_pairs(session: Session, stage: Stage, given: Inputs) -> list[Proposal]:
    """The pairs of mutual choice among who is free: no two who chose each other would both rather be together.

    Of all such results the one that is best for every mentee; the hard rules hold, and nobody gets somebody who was
    not on the own list. Empty in other modes. In the order of the mentees, with scores and reasons as always.
    """
    return by_wishes(given, wished(session, stage)) if given.settings.mode == "mutual" else []


def wished(session: Session, stage: Stage) -> dict[int, list[int]]:
    """Everybody's list of this round: ids of participants, the dearest first."""
    lists = wish.lists(session, stage.programme, stage.round)
    return {who: [one.other_id for one in those] for who, those in lists.items()}


def by_wishes(given: Inputs, lists: Mapping[int, Sequence[int]]) -> list[Proposal]:
    """The stable pairs of these lists among these people; the same again for the same."""
    scorer = scored(given)
    mentees, mentors = ([one.id for one in side] for side in (scorer.mentees, scorer.mentors))
    by_mentees, by_mentors = _ordered(lists, mentees, mentors), _ordered(lists, mentors, mentees)
    wishes = mutual(
        ranking(by_mentees), ranking(by_mentors), mentee_key=mentees, mentor_key=mentors, score_rows=scorer.rows
    )
    return worded(scorer, stable(wishes, scorer.places).tolist())


def scored(given: Inputs) -> Scorer:
    """The scores of everybody who is free, people in the order of their ids."""
    mentees, mentors = (sorted(side, key=lambda one: one.id) for side in (given.mentees, given.mentors))
    return Scorer(mentees, mentors, given.settings, given.managers, given.apart)


def shown_to(given: Inputs, role: Role, most: int) -> Iterator[Shown]:
    """Each person in that role with the ids of those on the other side whom the rules allow, best first.

    Who would see nobody is left out. Whom those on the other side asked for by name moves nobody up, so that the order
    gives no wish away (MAT-Q14).
    """
    if role is Role.MENTEE:
        scorer = scored(replace(given, mentors=_unasked(given.mentors)))
    else:
        scorer = scored(replace(given, mentees=_unasked(given.mentees)))
    rows: ScoreRows = scorer.rows
    ours, theirs = scorer.mentees, scorer.mentors
    if role is Role.MENTOR:
        rows = turned(rows, juniors=len(ours), seniors=len(theirs))
        ours, theirs = theirs, ours
    if not theirs:
        return
    key, places = np.array([one.id for one in theirs]), np.ones(len(theirs), dtype=np.int64)
    for at, one in enumerate(ours):
        found = open_pool(rows, at, places=places, key=key, most=most)
        if len(found):
            yield one, [theirs[by].id for by in found]


def _unasked(side: Sequence[Candidate]) -> list[Candidate]:
    return [replace(one, prefers=()) for one in side]


def _invite(session: Session, stage: Stage, roles: Sequence[Role]) -> None:
    """Ask who is free, each about the people who may be chosen; the question keeps ids, in the order shown."""
    given = inputs(session, stage)
    for role in roles:
        for one, others in shown_to(given, role, given.settings.shown):
            who = session.get_one(Participant, one.id).person
            people, most = len(others), min(given.settings.wishes, len(others))
            mail = _mail(stage, role, given.settings.mode, who, people, most)
            options = {"wishes": [[str(other), ""] for other in others]}
            ask(session, stage, who, FORM_OF[role], mail, about=f"participant:{one.id}", options=options)


def _mail(stage: Stage, role: Role, mode: str, who: Person, people: int, most: int) -> Email:
    on = due_on(stage, FORM_OF[role])
    if role is Role.MENTOR:
        return ChooseMentees(given_name=who.given_name, people=people, most=most, closes_on=on)
    regime: Regime = "mutual" if mode == "mutual" else "mentee_picks"
    return ChooseMentors(given_name=who.given_name, people=people, most=most, regime=regime, closes_on=on)


def _take(session: Session, stage: Stage) -> None:
    """Write down the lists that came in; a later one takes the place of an earlier one."""
    for asked, answers in answered(session, stage, *FORMS):
        given = answers.get("wishes")
        others = [int(str(one)) for one in given] if isinstance(given, list) else []
        wish.keep(session, stage.programme, stage.round, int(asked.about.partition(":")[2]), others)


def _close(session: Session, stage: Stage) -> None:
    """All lists are in: what was given is not changed any more."""
    for form in FORMS:
        for one in request.of_round(
            session, stage.programme, stage.phase, stage.round, RequestStatus.SETTLED, form=form
        ):
            one.due_on = min(one.due_on, stage.today - timedelta(days=1))


def _ordered(lists: Mapping[int, Sequence[int]], whose: Sequence[int], whom: Sequence[int]) -> list[list[int]]:
    """Everybody's list as places in `whom`; who is not free falls away."""
    at = {one: place for place, one in enumerate(whom)}
    return [[at[other] for other in lists.get(who, ()) if other in at] for who in whose]
