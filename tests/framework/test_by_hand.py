"""What may be done by hand follows the tables of moves, and asks for a reason where the framework does."""

import pytest

from framework import by_hand
from framework.by_hand import Deed
from framework.pairing import MOVES as PAIRS
from framework.pairing import CloseReason, PairingStatus
from framework.participation import MOVES as PARTS
from framework.participation import ParticipantStatus
from framework.requests import RequestStatus


@pytest.mark.parametrize("status", PairingStatus)
def test_a_pair_is_ended_only_where_the_table_lets_it_close(status: PairingStatus) -> None:
    choices = by_hand.of_pair(status)
    assert not choices or PairingStatus.CLOSED in PAIRS[status]
    for choice in choices:
        deed, rest = by_hand.parse(choice.id)
        assert deed is Deed.REMATCH or CloseReason(rest)
        assert choice.reason, "ending a relation asks for a reason, for the coordinators alone"


@pytest.mark.parametrize("status", ParticipantStatus)
def test_somebody_is_taken_out_only_where_the_table_lets_it(status: ParticipantStatus) -> None:
    choices = by_hand.of_participant(status)
    assert not choices or ParticipantStatus.WITHDRAWN in PARTS[status]


def test_an_own_wish_needs_no_reason_and_the_company_gives_one() -> None:
    own, company = by_hand.of_participant(ParticipantStatus.CONFIRMED)
    assert (own.id, own.reason) == ("withdraw:own", False)
    assert (company.id, company.reason) == ("withdraw:company", True)


def test_an_open_question_may_be_sent_renewed_and_extended_and_a_lapsed_one_renewed() -> None:
    assert [one.id for one in by_hand.of_request(RequestStatus.OPEN)] == ["resend", "new_link", "extend:7", "extend:14"]
    assert [one.id for one in by_hand.of_request(RequestStatus.LAPSED)] == ["new_link"]
    for over in (RequestStatus.ANSWERED, RequestStatus.SETTLED, RequestStatus.CANCELLED):
        assert by_hand.of_request(over) == ()


def test_another_word_is_no_deed() -> None:
    with pytest.raises(ValueError, match="pause"):
        by_hand.parse("pause")
