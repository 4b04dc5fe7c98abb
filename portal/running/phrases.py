"""The words of a running programme. Each value is a phrase of the catalogues."""

from collections.abc import Callable, Mapping
from typing import Any

from framework.agreement import AgreementStatus
from framework.health import Finding, Health
from framework.meetings import MeetingStatus
from framework.pairing import CloseReason, PairingStatus
from framework.participation import ParticipantStatus
from framework.people import Role
from framework.requests import RequestStatus
from framework.signals import GRAVE, WATCH

ENDED = "ended"
HEALTH = {Health.NEEDS: "Needs you", Health.LOOK: "Worth a look", Health.WELL: "Going well", ENDED: "Ended"}
MEANS = {
    Health.NEEDS: "A signal that nobody has looked at, or a relation that fades",
    Health.LOOK: "A number that is a little off: a short word may help",
    Health.WELL: "Nothing stands out",
    ENDED: "The relation is over",
}
AGREEMENT = {
    "": "not begun",
    AgreementStatus.DRAFTING: "being drafted",
    AgreementStatus.SIGNED_ONCE: "waits for the second signature",
    AgreementStatus.SIGNED: "signed by both",
    AgreementStatus.ACTIVE: "in force",
    AgreementStatus.ENDED: "ended",
}
PAIRS = {
    PairingStatus.PROPOSED: "proposed",
    PairingStatus.APPROVED: "being asked",
    PairingStatus.STRUCK: "struck",
    PairingStatus.DROPPED: "replaced by another proposal",
    PairingStatus.ACCEPTED: "accepted, not yet begun",
    PairingStatus.DECLINED: "did not come about",
    PairingStatus.ACTIVE: "together",
    PairingStatus.CLOSED: "ended",
}
CLOSED = {
    CloseReason.COMPLETED: "completed",
    CloseReason.REMATCH: "another partner was looked for",
    CloseReason.PARTNER_LEFT: "one of the two takes part no more",
    CloseReason.NOT_AGREED: "no agreement came about",
    CloseReason.ENDED_EARLY: "ended early",
}
TAKES_PART = {
    ParticipantStatus.INVITED: "asked to take part",
    ParticipantStatus.APPLIED: "applied",
    ParticipantStatus.DECLINED: "said no, or did not answer",
    ParticipantStatus.SELECTED: "selected, still to accept",
    ParticipantStatus.CONFIRMED: "takes part",
    ParticipantStatus.LATER: "not yet: prepares for later",
    ParticipantStatus.NOT_SELECTED: "not selected",
    ParticipantStatus.WAITING: "waits for a partner",
    ParticipantStatus.WITHDRAWN: "takes part no more",
    ParticipantStatus.COMPLETED: "completed",
}
QUESTIONS = {
    RequestStatus.OPEN: "waits",
    RequestStatus.ANSWERED: "answered",
    RequestStatus.SETTLED: "answered",
    RequestStatus.LAPSED: "not answered in time",
    RequestStatus.CANCELLED: "not needed any more",
}
MEETINGS = {
    MeetingStatus.PLANNED: "planned",
    MeetingStatus.HELD: "held",
    MeetingStatus.MISSED: "did not take place",
    MeetingStatus.UNCONFIRMED: "not confirmed by anybody",
    MeetingStatus.CANCELLED: "called off",
}
ROLES = {
    Role.MENTOR: "%(mentor)s",
    Role.MENTEE: "%(mentee)s",
    Role.LINE_MANAGER: "line manager",
    Role.COORDINATOR: "coordinator",
    Role.TEAM: "project team",
    Role.SPONSOR: "sponsor",
}
FINDINGS = {(line.measure, line.says): line.says for line in (*GRAVE, *WATCH)}
NUMBERS = {
    "satisfied_least": "lowest score: %(value)s of 5",
    "satisfied_gap": "%(value)s steps apart on a scale of 5",
    "missed": "in a row: %(value)s",
    "unsigned_days": "%(value)s days since they accepted",
}
"""The number behind a finding, where it says more than the words."""
RAISED = {
    ("RSK-14", "missed"): "Two planned meetings in a row did not take place, or nobody said so",
    ("RSK-04", "unsigned"): "The agreement was not drafted in time",
    ("RSK-19", "refused"): "The line manager did not consent",
    ("RSK-19", "silent"): "The line manager did not answer in time",
}
"""Signals that a phase raises as things happen; the others cross a line of a review (`framework.signals`)."""
DEEDS = {
    "rematch": "Another partner is looked for",
    "close:completed": "The relation ends: completed",
    "close:ended_early": "The relation ends early",
    "close:not_agreed": "They start afresh, each with somebody else",
    "withdraw:own": "Stops, by own wish",
    "withdraw:company": "Stops, for a reason of the company",
    "settle": "Looked at",
    "resend": "The e-mail goes once more",
    "new_link": "A new link; the old one stops",
    "extend:7": "7 more days",
    "extend:14": "14 more days",
}
"""What was decided by hand, told afterwards."""
DECIDED = {
    "approve": "Approved",
    "strike": "Struck",
    "swap": "Another one was chosen instead",
    "select": "Selected",
    "later": "Not yet: prepares for later",
    "not_selected": "Not selected",
    "continue": "They go on as they are",
    "adjust": "They adjust their agreement",
    "support": "They are offered support",
    "rematch": "Another partner is looked for",
    "end": "The relation ends early",
    "attended": "Was at the training",
    "absent": "Was not at the training",
    "waived": "May start without the training",
}
"""What was decided in a round, told afterwards."""
REVIEWS = {
    "check_in": "Short check",
    "pair_review": "Review by the pair",
    "new_hire_review": "Review of the first months",
    "early_check": "Early check: does it fit?",
}

_STATES = (HEALTH, MEANS, AGREEMENT, PAIRS, CLOSED, TAKES_PART, QUESTIONS, MEETINGS, ROLES)
TABLES: tuple[Mapping[Any, str], ...] = (*_STATES, FINDINGS, NUMBERS, RAISED, DEEDS, DECIDED, REVIEWS)
"""Every table, for who checks that each phrase has its translation."""

Say = Callable[..., str]


def finding(say: Say, found: Finding) -> str:
    """Why a pair is not simply well, with the number behind it where that says more."""
    number = NUMBERS.get(found.measure, "")
    return f"{say(found.says)} ({say(number, value=found.value)})" if number else say(found.says)
