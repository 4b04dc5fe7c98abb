"""Mail that came back: what each server's report says, whose envelope sender is ours, and mailboxes of every kind."""

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from mailbox import Maildir, mbox
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imap_tools import MailBox

from notifications import mailboxes, verp
from notifications.bounces import BounceSettings, bounce_of
from notifications.mailboxes import UnreadableMailbox, messages
from tests.notifications import imap_server, reports
from tests.notifications.imap import served

BASE, KEY = "bounce@baken.example", b"a key of the tests"


# The envelope sender


@given(st.integers(1, 2**63 - 1))
def test_sender_is_read_back(number: int) -> None:
    address = verp.sender(number, BASE, KEY)
    assert len(address.partition("@")[0]) <= 64
    assert verp.read(address, BASE, KEY) == number
    assert verp.read(f"<{address.upper()}>", BASE, KEY) == number


def test_mark_is_what_decides() -> None:
    """The control: with another key, number, domain or base the same form says nothing."""
    address = verp.sender(55, BASE, KEY)
    mark = address.partition("-")[2]
    assert verp.read(address, BASE, b"another key") is None
    assert verp.read(f"bounce+1k-{mark}", BASE, KEY) is None
    assert verp.read(address.replace("baken.example", "evil.example"), BASE, KEY) is None
    assert verp.read(address, "other@baken.example", KEY) is None
    assert verp.read(address.replace("bounce+", "bounce+0"), BASE, KEY) is None


@pytest.mark.parametrize("address", ["", "@", BASE, "bounce+@baken.example", "lotte@firm.example", "bounce+1-é@x"])
def test_plain_address_has_no_number(address: str) -> None:
    assert verp.read(address, BASE, KEY) is None
    assert verp.read(address, "", KEY) is None


@pytest.mark.parametrize(("number", "base"), [(0, BASE), (-1, BASE), (1, "no address"), (1, f"{'x' * 50}@a.example")])
def test_sender_needs_a_number_and_a_base(number: int, base: str) -> None:
    with pytest.raises(ValueError, match="envelope sender"):
        verp.sender(number, base, KEY)


# Reports

SHAPES = {
    "postfix": (reports.POSTFIX, "5.1.1"),
    "exchange, in Dutch": (reports.EXCHANGE_NL, "5.1.10"),
    "exim": (reports.EXIM, "5.0.0"),
    "gmail, in French": (reports.GMAIL_FR, "5.1.1"),
    "sendmail": (reports.SENDMAIL, "5.1.1"),
    "qmail": (reports.QMAIL, "5.1.1"),
}


@pytest.mark.parametrize(("shape", "status"), SHAPES.values(), ids=SHAPES)
def test_report_of_every_server_is_read(shape: str, status: str) -> None:
    back_to = verp.sender(55, BASE, KEY)
    found = bounce_of(reports.report(shape, back_to=back_to), BASE, KEY)
    assert found
    assert (found.delivery_id, found.message_id) == (55, reports.DIGEST)
    assert found.recipient == reports.WRITTEN_TO
    assert (found.action, found.status, found.permanent, found.spoils_address) == ("failed", status, True, True)


@pytest.mark.parametrize("shape", [shape for shape, _ in SHAPES.values()], ids=SHAPES)
def test_report_to_a_plain_address_is_known_by_its_message_id(shape: str) -> None:
    found = bounce_of(reports.report(shape, back_to="baken@baken.example"), BASE, KEY)
    assert found
    assert (found.delivery_id, found.message_id) == (None, reports.DIGEST)


def test_forged_sender_gives_no_number() -> None:
    found = bounce_of(reports.report(reports.POSTFIX), BASE, KEY)
    assert found
    assert found.delivery_id is None


@pytest.mark.parametrize(
    ("action", "status", "permanent", "spoils"),
    [
        ("failed", "5.1.1", True, True),
        ("failed", "5.7.1", True, True),
        ("failed", "5.3.4", True, False),  # too large: the address is right
        ("failed", "4.4.7", False, False),  # given up after days
        ("delayed", "4.4.1", False, False),
    ],
)
def test_passing_trouble_is_not_permanent(action: str, status: str, permanent: bool, spoils: bool) -> None:
    found = bounce_of(reports.report(reports.POSTFIX, action=action, status=status))
    assert found
    assert (found.action, found.status, found.permanent, found.spoils_address) == (action, status, permanent, spoils)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_mail_that_arrived_did_not_bounce(action: str) -> None:
    assert bounce_of(reports.report(reports.POSTFIX, action=action, status="2.0.0")) is None


@pytest.mark.parametrize("text", [reports.OUT_OF_OFFICE, reports.REPLY, reports.RECEIPT, "", "\n\n", "no headers"])
def test_what_people_and_their_programs_write_is_no_report(text: str) -> None:
    assert bounce_of(reports.report(text, back_to=verp.sender(55, BASE, KEY)), BASE, KEY) is None


def test_out_of_office_text_from_a_mail_server_is_a_report() -> None:
    """The control: the same words, only from another writer."""
    text = reports.OUT_OF_OFFICE.replace("Lotte Claes <lotte@firm.example>", "MAILER-DAEMON@mx.firm.example")
    text = text.replace("Delivery to", "X-Failed-Recipients").replace(
        "Subject:", f"X-Failed-Recipients: {reports.WRITTEN_TO}\nSubject:"
    )
    assert bounce_of(reports.report(text))


def test_of_several_recipients_ours_counts() -> None:
    behind = ("somebody@else.example", "failed", "5.1.1")
    for own, expected in (("failed", "failed"), ("delayed", "delayed")):
        found = bounce_of(reports.to_many(behind, (reports.WRITTEN_TO, own, "5.2.1" if own == "failed" else "4.2.1")))
        assert found
        assert (found.action, found.recipient) == (expected, reports.WRITTEN_TO)
    assert bounce_of(reports.to_many(behind, (reports.WRITTEN_TO, "expanded", "2.0.0"))) is None


def test_failure_behind_a_forward_is_ours_unless_another_copy_arrived() -> None:
    found = bounce_of(reports.to_many(("forward@else.example", "failed", "5.1.1")))
    assert found
    assert (found.recipient, found.sent_to) == ("forward@else.example", reports.WRITTEN_TO)
    one, two = ("a@else.example", "failed", "5.1.1"), ("b@else.example", "relayed", "2.0.0")
    assert bounce_of(reports.to_many(one, two)) is None


@pytest.mark.parametrize("shape", [shape for shape, _ in SHAPES.values()], ids=SHAPES)
def test_report_cut_off_anywhere_never_breaks(shape: str) -> None:
    whole = reports.report(shape)
    for end in range(0, len(whole), 7):
        bounce_of(whole[:end], BASE, KEY)


def test_report_cut_off_before_our_headers_still_says_who() -> None:
    whole = reports.report(reports.POSTFIX, back_to=verp.sender(55, BASE, KEY))
    found = bounce_of(whole[: whole.index(b"Remote-MTA")], BASE, KEY)
    assert found
    assert (found.delivery_id, found.message_id, found.recipient) == (55, None, reports.WRITTEN_TO)
    assert found.permanent


@given(st.binary(max_size=600))
def test_whatever_comes_in_never_breaks(junk: bytes) -> None:
    bounce_of(junk, BASE, KEY)
    bounce_of(b"From: MAILER-DAEMON@x.example\r\nContent-Type: message/delivery-status\r\n\r\n" + junk, BASE, KEY)


def test_copies_of_one_report_bear_one_mark() -> None:
    whole = reports.report(reports.POSTFIX)
    unix, other = whole.replace(b"\r\n", b"\n"), reports.report(reports.SENDMAIL)
    marks = [found.mark for raw in (whole, unix, other) if (found := bounce_of(raw))]
    assert marks[0] == marks[1] != marks[2]


# Mailboxes

MAILS = [reports.report(reports.POSTFIX), reports.report(reports.EXIM), reports.report(reports.REPLY)]


def maildir(folder: Path) -> Path:
    box = Maildir(folder / "box", create=True)
    for mail in MAILS:
        box.add(mail)
    return folder / "box"


def one_mbox(folder: Path) -> Path:
    box = mbox(folder / "box.mbox", create=True)
    for mail in MAILS:
        box.add(mail)
    box.close()
    return folder / "box.mbox"


@pytest.mark.parametrize("make", [maildir, one_mbox])
def test_every_mail_of_a_mailbox_is_read_and_none_is_lost(make: Callable[[Path], Path], tmp_path: Path) -> None:
    path = make(tmp_path)
    for _ in range(2):
        with messages(path) as mails:
            read = list(mails.each)
        assert mails.total == len(read) == 3
        assert sum(bounce_of(raw) is not None for raw in read) == 2


@pytest.mark.parametrize("before", [b"", b"From MAILER-DAEMON Mon Mar  1 09:00:02 2027\n"])
def test_one_mail_comes_from_a_file_or_a_pipe(before: bytes, tmp_path: Path) -> None:
    file = tmp_path / "one.eml"
    file.write_bytes(before + MAILS[0])
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as into:
        into.write(before + MAILS[0])
    with os.fdopen(reader, "rb") as pipe, messages(pipe) as mails:
        assert [bounce_of(raw) is not None for raw in mails.each] == [True]
    with messages(file) as mails:
        assert [bounce_of(raw) is not None for raw in mails.each] == [True]


def test_nothing_in_is_nothing_out() -> None:
    with messages(BytesIO()) as mails:
        assert (mails.total, list(mails.each)) == (0, [])


def test_unreadable_mailbox_is_said_in_one_line(tmp_path: Path) -> None:
    for path, says in ((tmp_path / "none", "No such file"), (tmp_path, "not a Maildir")):
        with pytest.raises(UnreadableMailbox, match=says) as wrong, messages(path):
            pass
        assert "\n" not in str(wrong.value)


@pytest.fixture
def imap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], MailBox]]:
    """A real server with three mails, named by the settings; what it gives opens the mailbox beside the product."""
    with served(tmp_path, MAILS, monkeypatch) as port:

        def beside() -> MailBox:
            context = mailboxes.ssl.create_default_context(cafile=tmp_path / "ca.pem")
            return MailBox("localhost", port, timeout=10, ssl_context=context).login(
                imap_server.USER, imap_server.PASSWORD
            )

        yield beside


def seen(beside: Callable[[], MailBox]) -> list[bool]:
    """Which of the mails that are there were seen."""
    with beside() as box:
        return ["\\Seen" in mail.flags for mail in box.fetch(mark_seen=False)]


def test_imap_mails_are_read_marked_and_kept(imap: Callable[[], MailBox]) -> None:
    assert seen(imap) == [False] * 3
    with messages(BounceSettings()) as mails:
        read = list(mails.each)
    assert mails.total == 3
    assert [bounce_of(raw) is not None for raw in read] == [True, True, False]
    assert seen(imap) == [True] * 3
    with messages(BounceSettings()) as mails:
        assert (mails.total, list(mails.each)) == (0, [])


def test_imap_mail_is_marked_only_when_it_was_dealt_with(imap: Callable[[], MailBox]) -> None:
    def breaks_at_the_second() -> None:
        with messages(BounceSettings()) as mails:
            for number, _ in enumerate(mails.each):
                1 / (1 - number)

    with pytest.raises(ZeroDivisionError):
        breaks_at_the_second()
    assert seen(imap) == [True, False, False]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PASSWORD", "wrong", "user name or password"),
        ("FOLDER", "Nowhere", "no folder 'Nowhere'"),
        ("CAFILE", "", "not trusted"),
        ("HOST", "127.0.0.1", "not trusted"),  # the certificate is for another name
        ("PORT", "9", "does not answer"),
        ("HOST", "", "BAKEN_BOUNCE_IMAP_HOST"),
    ],
)
def test_imap_trouble_is_said_in_one_line(
    imap: Callable[[], MailBox], monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(f"BAKEN_BOUNCE_IMAP_{name}", value)
    with pytest.raises(UnreadableMailbox, match=says) as wrong, messages(BounceSettings()):
        pass
    assert imap_server.PASSWORD not in str(wrong.value)
    assert imap_server.USER not in str(wrong.value).replace("else", "")
