"""Which answers are counted by some figure, so that the figure stays when the answer itself goes (LEG-28, CAP-200).

An answer that is emptied (its writer was erased, or its time is over) leaves behind how often each of these values was
given: never who gave it, nor what else the same person answered.
"""

from collections.abc import Mapping
from typing import Any

from framework.questions import Answers, Kind, Question, Questionnaire
from framework.visibility import Visibility

ONE_WORD = frozenset({Kind.SCALE, Kind.YES_NO, Kind.CHOICE, Kind.CHOICES, Kind.PRIORITIES})
"""Kinds whose answers are ticked, not written."""
BESIDE = frozenset({"satisfied", "goal_reached", "decline_reason"})
"""Counted too, though no opinion on the programme: review by review, at the end, and what keeps people away."""
OWN = "own:"
"""Before what somebody wrote beside the choices that there were."""


def is_counted(question: Question) -> bool:
    """Whether a figure counts the answers to that question."""
    return question.kind in ONE_WORD and (question.reads is Visibility.PROGRAMME or question.id in BESIDE)


def of_form(form: Questionnaire, answers: Answers) -> dict[str, Any]:
    """What of these answers stays countable, by question; own words are left out of it."""
    asked = {question.id for question in form.questions if is_counted(question)}
    return {name: kept for name, value in answers.items() if name in asked and (kept := _ticked(value)) is not None}


def _ticked(value: object) -> object:
    """A value without own words; None where nothing else is left."""
    if isinstance(value, str) and value.startswith(OWN):
        return None
    if isinstance(value, list):
        return [one for one in value if not str(one).startswith(OWN)]
    if isinstance(value, Mapping):
        return {key: one for key, one in value.items() if not str(key).startswith(OWN)}
    return value
