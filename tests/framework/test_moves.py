"""Statuses move only where their table says so."""

from enum import StrEnum

import pytest

from framework import agreement, meetings, pairing, participation, requests, training
from framework.moves import IllegalMove, move
from tests.framework.tables import faults, reachable

TABLES = [
    (agreement.MOVES, agreement.AgreementStatus, "drafting"),
    (meetings.MOVES, meetings.MeetingStatus, "planned"),
    (pairing.MOVES, pairing.PairingStatus, "proposed"),
    (participation.MOVES, participation.ParticipantStatus, "invited"),
    (requests.MOVES, requests.RequestStatus, "open"),
    (training.MOVES, training.EnrolmentStatus, "invited"),
]


class Lamp(StrEnum):
    OFF = "off"
    ON = "on"


def test_allowed_move_is_made() -> None:
    assert move({Lamp.OFF: frozenset({Lamp.ON}), Lamp.ON: frozenset()}, Lamp.OFF, Lamp.ON) is Lamp.ON


def test_staying_is_always_allowed() -> None:
    assert move({Lamp.OFF: frozenset(), Lamp.ON: frozenset()}, Lamp.ON, Lamp.ON) is Lamp.ON


def test_refused_move_names_both_statuses_and_nobody() -> None:
    with pytest.raises(IllegalMove, match="Lamp cannot go from on to off"):
        move({Lamp.OFF: frozenset(), Lamp.ON: frozenset()}, Lamp.ON, Lamp.OFF)


@pytest.mark.parametrize(("table", "kind", "start"), TABLES)
def test_table_is_total_and_leads_somewhere(table, kind, start) -> None:
    assert faults(table, kind) == []
    assert reachable(table, kind(start)) == set(kind)


@pytest.mark.parametrize(("table", "kind", "start"), TABLES)
def test_every_pair_of_statuses_is_decided_by_the_table(table, kind, start) -> None:
    for now in kind:
        for to in kind:
            if to == now or to in table[now]:
                assert move(table, now, to) is to
            else:
                with pytest.raises(IllegalMove):
                    move(table, now, to)


def test_fault_of_a_table_is_seen() -> None:
    assert faults({Lamp.OFF: frozenset({Lamp.OFF, "gone"})}, Lamp) == [
        "on has no row",
        "off -> gone leads nowhere",
        "off moves to itself",
    ]
