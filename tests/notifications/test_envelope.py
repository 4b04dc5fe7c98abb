"""What goes over the line reads back as it was written, and no name or subject can add a header."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.policy import default
from email.utils import parseaddr
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.attachment import Attachment
from notifications.email import Appointment
from notifications.envelope import build, calendar_entry, mailbox, postal
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


PNG, JPEG = b"\x89PNG\r\n\x1a\n" + bytes(64), b"\xff\xd8\xff" + bytes(64)
FILE = Attachment("Déclaration d'accord - Żółć Ελένη.pdf", b"%PDF-1.7\n\x00\xff", "application/pdf")
PAGE = "https://mentoring.baken.example/off/" + "a1B2-_" * 40


def dressed(rendered: Rendered = SHOWN, **more: Any) -> bytes:
    """A message with more than words."""
    return build(
        rendered,
        sender="Baken <baken@baken.example>",
        to_name="Zoë",
        to_address="zoe@baken.example",
        reply_to="els@baken.example",
        message_id="a1b2@baken.example",
        key_digest="a1b2",
        sent_at=SENT,
        **more,
    )


def tree(message: Message) -> Any:
    """The kinds of the parts, as they lie in each other."""
    if not message.is_multipart():
        return message.get_content_subtype()
    return message.get_content_subtype(), *(tree(part) for part in message.get_payload() if isinstance(part, Message))


@pytest.mark.parametrize(
    ("more", "shape"),
    [
        ({}, ("alternative", "plain", "html")),
        ({"appointment": APPOINTMENT}, ("alternative", "plain", "html", "calendar")),
        ({"logo": PNG}, ("related", ("alternative", "plain", "html"), "png")),
        ({"attachments": [FILE]}, ("mixed", ("alternative", "plain", "html"), "pdf")),
        (
            {"logo": JPEG, "appointment": APPOINTMENT, "attachments": [FILE, FILE]},
            ("mixed", ("related", ("alternative", "plain", "html", "calendar"), "jpeg"), "pdf", "pdf"),
        ),
    ],
)
def test_message_has_no_more_layers_than_it_needs(more: dict[str, Any], shape: Any) -> None:
    given = dict(more)
    raw = dressed(replace(SHOWN, logo=given.pop("logo", None)), **given)
    message = message_from_bytes(raw)
    assert tree(message) == shape
    assert raw.count(b"Message-ID:") == raw.count(b"Subject:") == 1
    assert message["MIME-Version"] == "1.0"
    assert [part for part in message.walk() if part.defects] == []
    assert (body(message, "text/plain"), body(message, "text/html")) == (SHOWN.text, SHOWN.html)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78


@pytest.mark.parametrize(("logo", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg")])
def test_logo_is_found_by_the_page(logo: bytes, kind: str) -> None:
    message = message_from_bytes(dressed(replace(SHOWN, logo=logo)))
    picture = list(message.walk())[-1]
    assert (picture.get_content_type(), picture["Content-ID"]) == (kind, "<logo@baken>")
    assert picture.get_content_disposition() == "inline"
    assert picture.get_payload(decode=True) == logo
    assert message.get_param("type") == "multipart/alternative"


@pytest.mark.parametrize("logo", [b"", b"GIF89a", b"<svg/>"])
def test_other_pictures_are_refused(logo: bytes) -> None:
    with pytest.raises(ValueError, match="logo"):
        dressed(replace(SHOWN, logo=logo))


def test_attachments_keep_name_bytes_and_kind() -> None:
    files = [FILE, Attachment('приклад,; "x".ics', b"BEGIN\r\n.\r\n", "text/calendar"), Attachment("a" * 200, b"")]
    message = message_from_bytes(dressed(attachments=files), policy=default)
    found = [(part.get_filename(), part.get_payload(decode=True), part.get_content_type()) for part in message.walk()]
    assert found[-3:] == [(file.name, file.content, file.content_type) for file in files]
    assert message_from_bytes(dressed(attachments=files[1:2])).get_payload()[1].get_content_charset() == "utf-8"


@pytest.mark.parametrize("name", ["", " ", "a\r\nBcc: x", "a\x00b", "a\x85", "a/b", "..\\b", "a\u202efdp.exe"])
def test_names_of_files_that_mislead_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name of an attachment"):
        Attachment(name, b"")


@pytest.mark.parametrize("kind", ["pdf", "application/", "text/plain\r\nBcc: x", "text/plain; charset=x"])
def test_kinds_of_files_that_are_none_are_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="kind"):
        Attachment("a.pdf", b"", kind)


def test_unsubscribing_takes_one_click_and_stays_on_its_line() -> None:
    raw = dressed(unsubscribe=PAGE)
    assert f"\r\nList-Unsubscribe: <{PAGE}>\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    assert b"List-Unsubscribe" not in dressed()


@pytest.mark.parametrize(
    "page",
    [
        "mailto:x@x.example", "javascript:x", "https://", "https://x.example/a b", "https://x.example/>,<https://y",
        "https://x.example/\r\nBcc: x@x.example", "https://x.example/\x00", "https://x.example/é",
        "https://x.example/" + "a" * 1000,
    ],
)  # fmt: skip
def test_what_is_not_one_page_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="List-Unsubscribe"):
        dressed(unsubscribe=page)


@pytest.mark.parametrize("bad", ["Els\r\nBcc: x@x.example <els@x.example>", "Els\x00 <els@x.example>"])
def test_senders_with_control_characters_are_refused(bad: str) -> None:
    for field in ("sender", "reply_to"):
        given = {"sender": "a@x.example", "reply_to": "a@x.example"} | {field: bad}
        with pytest.raises(ValueError, match="control character"):
            build(
                SHOWN, **given, to_name="Zoë", to_address="z@x.example", message_id="a@b", key_digest="a", sent_at=SENT
            )


def test_words_that_look_encoded_are_read_as_written() -> None:
    message = message_from_bytes(posted(Rendered("=?utf-8?q?x?=", "", ""), to_name="=?utf-8?q?Boss?="))
    assert b"=?utf-8?q?x?=" not in message["Subject"].encode()
    assert read(message["Subject"]) == "=?utf-8?q?x?="
    assert read(parseaddr(message["To"].replace("\r\n", ""))[0]) == "=?utf-8?q?Boss?="


def test_encoded_words_smuggle_no_header_in() -> None:
    hidden = "=?utf-8?q?x=0D=0ABcc:_evil=40x.example?= dag"
    raw = posted(Rendered(hidden, "", ""), to_name=hidden)
    message = message_from_bytes(raw)
    assert b"\nBcc:" not in raw
    assert read(message["Subject"].replace("\r\n", "")) == hidden
    assert parseaddr(message["To"].replace("\r\n", ""))[1] == "zoe@baken.example"


def test_entry_from_the_outbox_is_by_the_clock_of_its_zone_and_always_the_same() -> None:
    own = APPOINTMENT.model_copy(update={"made_on": date(2027, 1, 11)})
    made = Appointment.model_validate(own.model_dump() | {"zone": "Europe/Brussels"})
    kept = Appointment.model_validate(made.model_dump(mode="json"))
    first, later = (
        calendar_entry(kept, organiser="els@example.org", sent_at=datetime(2027, 2, day, tzinfo=UTC)) for day in (1, 9)
    )
    assert first == later
    assert "DTSTART;TZID=Europe/Brussels:" in first
    assert "DTSTAMP:20270111T000000Z" in first
    assert "BEGIN:VTIMEZONE" in first
    assert kept.starts_at == APPOINTMENT.starts_at


def test_instant_without_a_zone_is_written_in_utc() -> None:
    fixed = APPOINTMENT.model_copy(update={"starts_at": datetime(2027, 5, 5, 10, tzinfo=timezone(timedelta(hours=2)))})
    entry = calendar_entry(fixed, organiser="els@example.org", sent_at=datetime(2027, 2, 1, tzinfo=UTC))
    assert "DTSTART:20270505T080000Z" in entry
    assert "TZID" not in entry
