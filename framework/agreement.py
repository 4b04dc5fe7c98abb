"""Agreement: drafted by one, signed by both; on the growth track the line manager consents (REL-C13, REL-C14)."""

from enum import StrEnum

from framework.people import Role
from framework.visibility import Track


class AgreementStatus(StrEnum):
    """Where a pair's agreement stands."""

    DRAFTING = "drafting"
    SIGNED_ONCE = "signed_once"
    SIGNED = "signed"  # by both; on the growth track the line manager is asked
    ACTIVE = "active"
    ENDED = "ended"


_S = AgreementStatus
MOVES: dict[AgreementStatus, frozenset[AgreementStatus]] = {
    _S.DRAFTING: frozenset({_S.SIGNED_ONCE, _S.ENDED}),
    _S.SIGNED_ONCE: frozenset({_S.SIGNED, _S.DRAFTING, _S.ENDED}),
    _S.SIGNED: frozenset({_S.ACTIVE, _S.DRAFTING, _S.ENDED}),
    _S.ACTIVE: frozenset({_S.ENDED}),
    _S.ENDED: frozenset[AgreementStatus](),
}


def drafts(track: Track) -> tuple[str, Role]:
    """Which form is drafted, and by whom: the mentee on the growth track, the mentor for a new hire."""
    return ("growth_contract", Role.MENTEE) if track is Track.GROWTH else ("new_hire_agreement", Role.MENTOR)


def needs_consent(track: Track) -> bool:
    """Whether the line manager's consent is part of it (LEG-14)."""
    return track is Track.GROWTH
