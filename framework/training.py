"""Training: an enrolment's way, and the gate before the relationship starts (CAP-113)."""

from collections.abc import Sequence
from enum import StrEnum

from framework.people import Role
from framework.questions import Answers
from framework.visibility import Track

FEWEST = 5
"""People who must have looked back on the training before anything but their number is told."""


class EnrolmentStatus(StrEnum):
    """Where one person's training stands."""

    INVITED = "invited"
    ENROLLED = "enrolled"
    ATTENDED = "attended"
    ABSENT = "absent"
    WAIVED = "waived"  # the coordinator lets the pair start without it


_S = EnrolmentStatus
MOVES: dict[EnrolmentStatus, frozenset[EnrolmentStatus]] = {
    _S.INVITED: frozenset({_S.ENROLLED, _S.WAIVED}),
    _S.ENROLLED: frozenset({_S.ATTENDED, _S.ABSENT, _S.WAIVED}),
    _S.ATTENDED: frozenset[EnrolmentStatus](),
    _S.ABSENT: frozenset({_S.ENROLLED, _S.WAIVED}),
    _S.WAIVED: frozenset[EnrolmentStatus](),
}
THROUGH = frozenset({_S.ATTENDED, _S.WAIVED})


def must_train(role: Role, track: Track) -> bool:
    """Whether somebody follows the training: everybody but a new hire, who learns on the job (TRN-01)."""
    return not (track is Track.NEW_HIRE and role is Role.MENTEE)


def may_start(statuses: list[EnrolmentStatus], *, must_attend: bool) -> bool:
    """Whether a pair may begin: nobody in it still owes the training (TRN-D1)."""
    return not must_attend or all(status in THROUGH for status in statuses)


def usefulness(evaluations: Sequence[Answers]) -> float | None:
    """How useful people found the subjects of the training, as a mean of 1 to 5; None below five people (CAP-114)."""
    given = [value for one in evaluations for name, value in one.items() if name.startswith("trn_")]
    scales = [value for value in given if isinstance(value, int)]
    return round(sum(scales) / len(scales), 1) if scales and len(evaluations) >= FEWEST else None
