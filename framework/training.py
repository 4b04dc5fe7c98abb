"""Training: an enrolment's way, and the gate before the relationship starts (CAP-113)."""

from enum import StrEnum

from framework.people import Role
from framework.visibility import Track


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
