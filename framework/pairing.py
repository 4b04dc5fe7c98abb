"""A pairing's way: proposed, approved, accepted by both, active, closed."""

from enum import StrEnum


class PairingStatus(StrEnum):
    """Where a pairing stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"  # by the coordinator; now the two are asked
    STRUCK = "struck"  # by the coordinator
    DROPPED = "dropped"  # replaced by another proposal, or no place was left; may come again
    ACCEPTED = "accepted"  # by both
    DECLINED = "declined"  # by one of them; nobody is told which
    ACTIVE = "active"  # the agreement stands
    CLOSED = "closed"


_S = PairingStatus
MOVES: dict[PairingStatus, frozenset[PairingStatus]] = {
    _S.PROPOSED: frozenset({_S.APPROVED, _S.STRUCK, _S.DROPPED}),
    _S.APPROVED: frozenset({_S.ACCEPTED, _S.DECLINED, _S.DROPPED, _S.CLOSED}),
    _S.STRUCK: frozenset[PairingStatus](),
    _S.DROPPED: frozenset[PairingStatus](),
    _S.ACCEPTED: frozenset({_S.ACTIVE, _S.CLOSED}),
    _S.DECLINED: frozenset[PairingStatus](),
    _S.ACTIVE: frozenset({_S.CLOSED}),
    _S.CLOSED: frozenset[PairingStatus](),
}
OPEN = frozenset({_S.PROPOSED, _S.APPROVED, _S.ACCEPTED, _S.ACTIVE})
TOGETHER = frozenset({_S.ACCEPTED, _S.ACTIVE})


class CloseReason(StrEnum):
    """Why a relation ended; a reason class, never a story (MET-41)."""

    COMPLETED = "completed"
    REMATCH = "rematch"
    PARTNER_LEFT = "partner_left"
    NOT_AGREED = "not_agreed"
    ENDED_EARLY = "ended_early"
