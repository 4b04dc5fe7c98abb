"""What the logs of mail relays prove: that a message was accepted, and no more than that."""

import pytest

from notifications.relay_log import evidence

OWN = "0123456789abcdef0123456789abcdef01234567"
OTHER = "fedcba9876543210fedcba9876543210fedcba98"
ID = f"<{OWN}@baken.example>"
SEEN = f"Mar  1 09:00:01 mx postfix/cleanup[812]: 4F1C2D3E: message-id={ID}"
QUEUED = "Mar  1 09:00:01 mx postfix/qmgr[700]: 4F1C2D3E: from=<bounce+1f-00@baken.example>, size=2102, nrcpt=1 (queue active)"
SENT = "Mar  1 09:00:02 mx postfix/smtp[813]: 4F1C2D3E: to=<lotte@firm.example>, relay=mx[192.0.2.7]:25, status=sent"
FIELDS = "#Fields: date-time,client-ip,event-id,message-id,recipient-address"

ACCEPTED = {
    "postfix": [SEEN, QUEUED],
    "postfix, submission": [SEEN.replace("postfix/", "postfix/submission/"), QUEUED],
    "postfix, with dates of ISO 8601": [SEEN.replace("Mar  1 09:00:01", "2027-03-01T09:00:01.123456+01:00"), QUEUED],
    "postfix, seen sent": [SEEN, SENT],
    "exim": [
        f"2027-03-01 09:00:01 1rabc-0001Xy-2Q <= b@baken.example H=app [192.0.2.5] P=esmtps S=2102 id={ID[1:-1]}",
    ],
    "exim, with a subject": [
        f'2027-03-01 09:00:01 1rabc-0001Xy-2Q <= b@baken.example S=2102 id={ID[1:-1]} T="Een vraag" for a@b.example',
    ],
    "sendmail": [
        f"Mar  1 09:00:01 mx sm-mta[99]: 62180Aaa: from=<b@baken.example>, size=2102, nrcpts=1, msgid={ID}, proto=ESMTP",
    ],
    "exchange": [FIELDS, f"2027-03-01T08:00:01.000Z,192.0.2.5,RECEIVE,{ID},lotte@firm.example"],
    "exchange, quoted": [FIELDS, f'2027-03-01T08:00:01.000Z,192.0.2.5,SEND,"{ID}","lotte@firm.example;a@b.example"'],
    "bare": [ID],
    "bare, without brackets": [f"  {OWN.upper()}@baken.example\n"],
    "bare digest": [OWN],
}
NOT_ACCEPTED = {
    "nothing": [],
    "another's": [f"<{OTHER}@baken.example>"],
    "exim, rejected": [
        f"2027-03-01 09:00:01 1rabc-0001Xy-2Q H=app [192.0.2.5] rejected after DATA: spam id={OWN}@b.example"
    ],
    "exchange, failed before it was taken": [
        FIELDS,
        f"2027-03-01T08:00:01.000Z,192.0.2.5,FAIL,{ID},lotte@firm.example",
    ],
    "a subject that quotes an id": [f"Mar  1 09:00:01 mx app[1]: a line about {ID} by somebody"],
    "postfix, another message's queue": [QUEUED, SENT],
}


@pytest.mark.parametrize("lines", ACCEPTED.values(), ids=ACCEPTED)
def test_accepted_message_is_found(lines: list[str]) -> None:
    assert evidence(lines, {OWN, OTHER}).accepted == {OWN}
    assert evidence(["a line before\n", *(f"{line}\r\n" for line in lines), "", "\n"], {OWN}).accepted == {OWN}


@pytest.mark.parametrize("lines", ACCEPTED.values(), ids=ACCEPTED)
def test_only_what_is_asked_for_is_found(lines: list[str]) -> None:
    """The control: the same lines say nothing of another message."""
    found = evidence(lines, {OTHER})
    assert not found.accepted
    assert not found.begun


@pytest.mark.parametrize("lines", NOT_ACCEPTED.values(), ids=NOT_ACCEPTED)
def test_other_lines_prove_nothing(lines: list[str]) -> None:
    assert not evidence(lines, {OWN}).accepted


def test_postfix_writes_an_id_down_before_it_takes_the_message() -> None:
    rejected = "Mar  1 09:00:01 mx postfix/cleanup[812]: 4F1C2D3E: milter-reject: END-OF-MESSAGE from app[192.0.2.5]"
    found = evidence([SEEN, rejected, QUEUED.replace("4F1C2D3E", "99AA")], {OWN})
    assert (found.accepted, found.begun) == (frozenset(), {OWN})
    assert evidence([SEEN, rejected, QUEUED], {OWN}).begun == frozenset()
