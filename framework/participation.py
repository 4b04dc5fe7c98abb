"""A participant's way through a programme, from invited to completed."""

from enum import StrEnum


class ParticipantStatus(StrEnum):
    """Where someone stands as mentor or mentee in a programme."""

    INVITED = "invited"
    APPLIED = "applied"
    DECLINED = "declined"  # said no, or did not answer the call
    SELECTED = "selected"  # chosen by the coordinator; a mentor is still to accept
    CONFIRMED = "confirmed"  # takes part
    LATER = "later"  # not yet: a development plan towards the role (SEL-02)
    NOT_SELECTED = "not_selected"
    WAITING = "waiting"  # no partner found yet (CAP-101)
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"


_S = ParticipantStatus
MOVES: dict[ParticipantStatus, frozenset[ParticipantStatus]] = {
    _S.INVITED: frozenset({_S.APPLIED, _S.DECLINED, _S.WITHDRAWN}),
    _S.APPLIED: frozenset({_S.SELECTED, _S.LATER, _S.NOT_SELECTED, _S.WITHDRAWN, _S.CONFIRMED, _S.DECLINED}),
    _S.DECLINED: frozenset({_S.APPLIED}),
    _S.SELECTED: frozenset({_S.CONFIRMED, _S.DECLINED, _S.WITHDRAWN}),
    _S.CONFIRMED: frozenset({_S.WAITING, _S.WITHDRAWN, _S.COMPLETED}),
    _S.LATER: frozenset({_S.WITHDRAWN}),
    _S.NOT_SELECTED: frozenset({_S.WITHDRAWN}),
    _S.WAITING: frozenset({_S.CONFIRMED, _S.WITHDRAWN, _S.COMPLETED}),
    _S.WITHDRAWN: frozenset[ParticipantStatus](),
    _S.COMPLETED: frozenset({_S.WITHDRAWN}),
}
TAKES_PART = frozenset({_S.CONFIRMED, _S.WAITING})
