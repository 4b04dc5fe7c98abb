"""What goes over the line reads back as it was written, and no name or subject can add a header."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.email import Appointment
from notifications.envelope import build, mailbox, postal
from notifications.render import Rendered

SENT = datetime(2027, 4, 5, 9, 30, tzinfo=UTC)
SHOWN = Rendered("Uw beslissing", "Beste Zoë,\n\nHallo.\n", "<!doctype html><p>Beste Zoë,</p>\n")
APPOINTMENT = Appointment(
    uid="training-12@baken.example",
    title="Opleiding, deel één",
    starts_at=datetime(2027, 4, 20, 9, tzinfo=ZoneInfo("Europe/Brussels")),
    minutes=240,
    place="Zaal Ünì, Gent",
    sequence=2,
)


def posted(
    rendered: Rendered = SHOWN,
    *,
    to_name: str = "Zoë Łukasz",
    message_id: str = "a1b2@baken.example",
    **more: Appointment,
) -> bytes:
    """A message as it would be posted to Zoë."""
    return build(
        rendered,
        sender="Baken <baken@baken.example>",
        to_name=to_name,
        to_address="zoe@baken.example",
        reply_to="Els Peeters <els@baken.example>",
        message_id=message_id,
        key_digest="a1b2",
        sent_at=SENT,
        appointment=more.get("appointment"),
    )


def read(header: str) -> str:
    """A header as a mail program shows it."""
    parts = decode_header(header)
    return "".join(text if isinstance(text, str) else text.decode(code or "ascii") for text, code in parts)


def body(message: Message, kind: str) -> str:
    """The text of the part of that kind."""
    part = next(part for part in message.walk() if part.get_content_type() == kind)
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode().replace("\r\n", "\n")


words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=14)
names = st.lists(words, min_size=1, max_size=4).map(" ".join)
subjects = st.lists(words, min_size=1, max_size=14).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(name=names, subject=subjects)
def test_names_and_subjects_read_back_as_written(name: str, subject: str) -> None:
    raw = posted(Rendered(subject, SHOWN.text, SHOWN.html), to_name=name)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    message = message_from_bytes(raw)
    assert read(message["Subject"].replace("\r\n", "")) == subject
    shown, address = parseaddr(message["To"].replace("\r\n", ""))
    kept = "".join(sign for sign in name if sign not in '<>@"\\')[:64].strip() or "zoe"
    assert (read(shown), address) == (kept, "zoe@baken.example")


def test_message_has_every_header_and_a_plain_twin() -> None:
    message = message_from_bytes(posted())
    assert message["Message-ID"] == "<a1b2@baken.example>"
    assert message["X-Idempotency-Key"] == "a1b2"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] == "Mon, 05 Apr 2027 09:30:00 +0000"
    assert parseaddr(message["Reply-To"].replace("\r\n", "")) == ("Els Peeters", "els@baken.example")
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]
    assert body(message, "text/plain") == SHOWN.text
    assert body(message, "text/html") == SHOWN.html


def test_calendar_part_comes_last_and_reads_back() -> None:
    message = message_from_bytes(posted(appointment=APPOINTMENT))
    last = list(message.walk())[-1]
    assert (last.get_content_type(), last.get_param("method")) == ("text/calendar", "PUBLISH")
    entry = icalendar.Calendar.from_ical(body(message, "text/calendar"))
    event = entry.walk("VEVENT")[0]
    assert (event["UID"], event["SEQUENCE"], event["SUMMARY"]) == (APPOINTMENT.uid, 2, APPOINTMENT.title)
    assert event.decoded("DTSTART") == APPOINTMENT.starts_at
    assert (event.decoded("DTEND") - event.decoded("DTSTART")).seconds == 240 * 60
    assert entry.walk("VTIMEZONE")[0]["TZID"] == "Europe/Brussels"
    assert len(body(message, "text/calendar")) < 1500


def test_without_an_appointment_there_is_no_calendar() -> None:
    assert b"text/calendar" not in posted()


@pytest.mark.parametrize("bad", ["\r", "\n", "\r\nBcc: x@example.org", "\n\nbody", "\x00", "\x0b", "\x85", "\u2028"])
def test_control_characters_are_refused_everywhere(bad: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        posted(Rendered(f"Uw{bad}beslissing", "", ""))
    with pytest.raises(ValueError, match="control character"):
        posted(to_name=f"Zoë{bad}Łukasz")
    with pytest.raises(ValueError, match="control character"):
        posted(message_id=f"a{bad}b@baken.example")
    with pytest.raises(ValueError, match="one e-mail address"):
        postal(f"zoe{bad}@baken.example")


@pytest.mark.parametrize(
    "address", ["", "zoe", "zoe@", "@x.example", "a@x.example, b@y.example", "z oe@x.example", "zoë@x.example"]
)
def test_what_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"address|Invalid|local"):
        mailbox("Zoë", address)


def test_domains_outside_ascii_are_carried() -> None:
    assert postal("zoe@exämple.org") == "zoe@xn--exmple-cua.org"


def test_a_name_cannot_pose_as_an_address() -> None:
    assert mailbox("The Boss <boss@x.example>", "zoe@y.example") == '"The Boss bossx.example" <zoe@y.example>'


def test_an_empty_name_becomes_the_mailbox() -> None:
    assert mailbox("", "zoe@y.example") == '"zoe" <zoe@y.example>'
