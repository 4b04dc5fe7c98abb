"""Thousands of random mails read back as they were written, by a reader that shares no code with the writer."""

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

import pytest
from fast_mail_parser import PyMail, parse_many

from notifications.attachment import Attachment
from notifications.email import Appointment
from notifications.envelope import build
from notifications.render import Rendered
from notifications.sender import Sender
from tests.notifications.relays import HOST, Faulty

MAILS, THROUGH_A_RELAY, SEED = 5000, 100, 20270111
PNG, JPEG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"\xff\xd8\xff\xe0" + bytes(range(255, -1, -1))
SCRIPTS = (
    "abcdefghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "àâæçéèêëîïôœùûüÿäöößñáíóúåøæðþ",
    "ąćęłńśźżčďěňřšťůžőűăâîșțğışħġ",
    "абвгґдеєжзиіїйклмнопрстуфхцчшщъыьэюяђјљњћџ",
    "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώ",
    "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ",
    "😀👩‍🏫🇧🇪🎉é️",
)
SIGNS = ",;:.!?'()[]&#%=_-…€*+/|~^`{}$"
FILE_SIGNS = ",'()&-"  # no semicolon: this reader parts a quoted name at it (test_envelope.py tries that with another)
NAME_SIGNS = ",;:.'()[]&-_=?"


@dataclass(frozen=True)
class Letter:
    """What is written, and what should be read."""

    name: str
    address: str
    words: Rendered
    files: tuple[Attachment, ...]
    appointment: Appointment | None

    def built(self) -> bytes:
        """As it goes over the line."""
        return build(
            self.words,
            sender="Baken <baken@baken.example>",
            to_name=self.name,
            to_address=self.address,
            reply_to="els@baken.example",
            message_id="a1b2@baken.example",
            key_digest="a1b2",
            sent_at=datetime(2027, 4, 5, 9, 30, tzinfo=UTC),
            appointment=self.appointment,
            attachments=self.files,
        )


def word(dice: Random, longest: int = 12) -> str:
    """A word in one of Europe's scripts, now and then of several."""
    letters = dice.choice(SCRIPTS) if dice.random() < 0.9 else "".join(SCRIPTS)
    return "".join(dice.choices(letters, k=dice.randint(1, longest)))


def heading(dice: Random, most: int, signs: str) -> str:
    """Words on one line, with signs beside them."""
    parts = [word(dice, 60 if dice.random() < 0.05 else 12) for _ in range(dice.randint(1, most))]
    return " ".join(dice.choice(signs) + part if dice.random() < 0.2 else part for part in parts)


def line(dice: Random) -> str:
    """A line of text, with all that may spoil one on its way."""
    kind = dice.random()
    if kind < 0.15:
        return ""
    text = " ".join(
        word(dice) + (dice.choice(SIGNS) if dice.random() < 0.2 else "") for _ in range(dice.randint(1, 20))
    )
    if kind < 0.25:
        text = word(dice, 1200)
    start = dice.choice(["", "", "", ".", "..", "From ", " ", "\t", "=", "--", '"'])
    return start + text + dice.choice(["", "", "", " ", "\t", "  ", "=", ".", '"', "=20"])


def letter(dice: Random) -> Letter:
    """A random mail."""
    text = "\n".join(line(dice) for _ in range(dice.randint(1, 6))) + "\n"
    page = "<!doctype html>\n" + "\n".join(f"<p>{line(dice)}</p>" for _ in range(dice.randint(1, 4))) + "\n"
    subject = heading(dice, 14, SIGNS + '"\\<>@')
    if dice.random() < 0.02:
        subject = dice.choice(["=?utf-8?q?Hallo?=", "Re: =?utf-8?b?SGFsbG8=?= dag", "a  b   c"])
    name = heading(dice, 4, NAME_SIGNS)[:64].strip()
    plain = "".join(dice.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=dice.randint(1, 30)))
    address = f"{plain}{dice.choice(['', '.x', '+tag', '_1'])}@{dice.choice(['baken.example', 'mail.a-b.example'])}"
    files = tuple(
        Attachment(
            heading(dice, 5, FILE_SIGNS).replace("/", "") + ".pdf",
            dice.randbytes(dice.randint(0, 300)),
            "application/pdf",
        )
        for _ in range(dice.choice([0, 0, 0, 0, 1, 2]))
    )
    starts_at = datetime(2027, 4, 20, 9, tzinfo=UTC)
    entry = (
        Appointment(uid="a@b.example", title="Één", starts_at=starts_at, minutes=60) if dice.random() < 0.02 else None
    )
    return Letter(name, address, Rendered(subject, text, page, dice.choice([None, None, PNG, JPEG])), files, entry)


def read(mail: PyMail) -> tuple[object, ...]:
    """What the reader found."""
    files = [(one.filename, bytes(one.content)) for one in mail.attachments if one.mimetype == "application/pdf"]
    pictures = [bytes(one.content) for one in mail.attachments if one.mimetype.startswith("image/")]
    people = [(one.display_name, one.address) for one in mail.to]
    texts = ["".join(part).replace("\r\n", "\n") for part in (mail.text_plain, mail.text_html)]
    return people, mail.subject, *texts, files, pictures


def written(one: Letter) -> tuple[object, ...]:
    """What it should have found."""
    shown = one.words
    files = [(file.name, file.content) for file in one.files]
    return [(one.name, one.address)], shown.subject, shown.text, shown.html, files, [shown.logo] if shown.logo else []


def letters() -> list[Letter]:
    """The same random mails each time."""
    dice = Random(SEED)
    return [letter(dice) for _ in range(MAILS)]


@pytest.mark.slow
def test_thousands_of_mails_read_back_as_written() -> None:
    all_ = letters()
    raws = [one.built() for one in all_]
    mails = parse_many([*raws], raise_on_error=True, strict=True)
    differences = [
        (written(one), read(mail)) for one, mail in zip(all_, mails, strict=True) if read(mail) != written(one)
    ]
    assert differences == []
    assert max(len(part) for raw in raws for part in raw.split(b"\r\n")) <= 78
    assert all(raw.isascii() for raw in raws)


def test_difference_is_seen() -> None:
    """The control: one letter, one blank or one line less, and the reader says so."""
    one = letters()[0]
    for spoilt in (
        Letter(one.name + "x", one.address, one.words, one.files, None),
        Letter(one.name, "x" + one.address, one.words, one.files, None),
        Letter(one.name, one.address, Rendered(one.words.subject + ".", one.words.text, one.words.html), (), None),
        Letter(one.name, one.address, Rendered(one.words.subject, one.words.text + " \n", one.words.html), (), None),
        Letter(one.name, one.address, Rendered(one.words.subject, one.words.text, one.words.html + "\n"), (), None),
    ):
        (mail,) = parse_many([spoilt.built()], raise_on_error=True)
        assert read(mail) != written(one)


def test_a_hundred_arrive_as_they_left() -> None:
    relay, raws = Faulty({}), [one.built() for one in letters()[:THROUGH_A_RELAY]]
    with relay.listening() as port, Sender(host=HOST, port=port, security="none", timeout=5) as sender:
        for raw in raws:
            sender.deliver("baken@baken.example", "zoe@baken.example", raw)
    assert relay.accepted == raws
    assert any(b"\r\n." in raw for raw in raws)  # a dot that leads was among them
