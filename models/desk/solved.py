"""A matching as it was solved, opened again from what was kept: what the desk explains pairs from (CAP-104)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from framework.content import FORMS
from framework.matching.criteria import Candidate
from framework.matching.facts import Fact, facts
from framework.matching.record import Inputs, restored
from framework.matching.settings import BEST_SET, Matching, Rule
from framework.matching.shapes import among_equals, without
from framework.people import Role
from framework.visibility import READERS, Track
from models import matching_run
from models.matching_run import MatchingRun

SAID = {
    "goal": (("mentee_application", "competences"), ("mentor_application", "topics")),
    "ambitions": (("mentee_application", "motives"), ("mentor_application", "topics")),
    "language": (("mentee_application", "languages"), ("mentor_application", "languages")),
    "site": (("mentee_application", "channel"),),
    "channel": (("mentee_application", "channel"),),
    "availability": (("mentee_application", "times"), ("mentor_application", "times")),
    "style": (("mentee_application", "style"), ("mentor_application", "style")),
    "preference": (("mentee_application", "prefer"), ("mentor_application", "prefer")),
}
"""The answers that a factor tells of; whoever may not read one of them is not told the fact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A run, and the people that it looked at by participant id."""

    run: MatchingRun
    inputs: Inputs
    people: Mapping[int, Candidate]

    @property
    def settings(self) -> Matching:
        """The settings under which one pair is judged.

        Among equals a lead in years weighs nothing; of two mentors each has a language of his or her own.
        """
        given = self.inputs.settings
        if given.shape == "two_mentors":
            return without(given, Rule.COMMON_LANGUAGE)
        return among_equals(given) if given.shape == "peers" else given

    @property
    def is_priced(self) -> bool:
        """Whether the pairs are one best set, so that it can be said what another pair would cost.

        Where rules were bent for somebody, they are the best set under other rules than another pair has to keep.
        """
        given = self.inputs.settings
        return given.mode in BEST_SET and given.shape == "one_to_one" and not self.run.counts.get("relaxed")

    def facts(self, mentor: int, mentee: int, hidden: frozenset[str]) -> list[Fact]:
        """What is behind the points of these two; nothing where the run did not know them."""
        if mentor not in self.people or mentee not in self.people:
            return []
        return facts(self.people[mentor], self.people[mentee], self.settings, hidden)


def opened(run: MatchingRun) -> Solved:
    """A run with its people."""
    inputs = restored(run.people, Matching.model_validate(run.settings))
    return Solved(run=run, inputs=inputs, people={one.id: one for one in (*inputs.mentees, *inputs.mentors)})


def by_number(session: Session, programme_id: int, number: int) -> dict[int, MatchingRun]:
    """The runs of a round that proposed something, by their number; a trial did not."""
    return {
        one.number: one for one in matching_run.of_round(session, programme_id, number) if one.people and not one.trial
    }


def hidden(track: Track, reader: Role = Role.COORDINATOR) -> frozenset[str]:
    """The factors of which this reader may not be told the facts: they rest on an answer that is not for him or her."""
    reads = {(form.id, question.id): question.reads for form in FORMS.values() for question in form.questions}
    return frozenset(
        factor for factor, asked in SAID.items() if any(reader not in READERS[reads[one], track] for one in asked)
    )
