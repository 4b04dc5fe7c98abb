"""Which pairings are open, and which have an end."""

from framework.pairing import MOVES, OPEN, TOGETHER, CloseReason, PairingStatus

S = PairingStatus


def test_open_pairings_are_those_that_may_still_move() -> None:
    assert {status for status in S if MOVES[status]} == OPEN
    assert TOGETHER <= OPEN


def test_every_pair_that_was_approved_can_be_closed() -> None:
    assert all(S.CLOSED in MOVES[status] for status in (S.APPROVED, S.ACCEPTED, S.ACTIVE))


def test_relation_ends_by_a_reason_that_fits_its_column() -> None:
    assert all(len(reason) <= 20 for reason in CloseReason)
    assert all(len(status) <= 12 for status in S)
