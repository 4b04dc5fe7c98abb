"""A message of the outbox in words, as it goes: to look at with its personal addresses masked, or for paper with them.

The wording is that of `tasks.composing.word`; a test holds the two side by side. What a coordinator may not read in an
answer is not shown in a mail either (`framework.visibility`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape

from sqlalchemy.orm import Session

from framework.people import Role
from framework.programme import Programme
from framework.visibility import may_read
from models import delivery, person, programme
from models.delivery import Delivery
from models.link import PATHS, Link
from models.person import Person
from models.settings import settings
from notifications.brand import brand
from notifications.email import Brand
from notifications.emails import EMAILS
from notifications.letters import Letter
from notifications.render import Rendered, bundle
from portal import gate
from portal.page import NOBODY

MASK = "••••••••"
TOKEN = re.compile(r"(/(?:f|desk|no)/)[\w-]{30,}")
HREF = re.compile(r'\s+href="([^"]*)"')
LOGO = "cid:logo@baken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One message to look at; `links` are all addresses in it, none of which works.

    `withheld` is a message between people that the coordinator may not read: it has no words here. `broken` is one
    that cannot be put into words.
    """

    subject: str = ""
    text: str = ""
    html: str = ""
    links: tuple[str, ...] = ()
    parts: int = 0
    withheld: bool = False
    broken: bool = False


def coordinator(session: Session, rules: Programme, today: date) -> Person | None:
    """In whose name the programme writes: the deputy once the coordinator has left (CAP-018)."""
    found = person.by_keys(session, filter(None, (rules.coordinator, rules.deputy or "")))
    return next((one for one in found if one.value().is_here(today)), None)


def masked(text: str) -> str:
    """The text without the part of a personal address that makes it work."""
    return TOKEN.sub(rf"\1{MASK}", text)


def preview(session: Session, row: Delivery, today: date) -> Preview:
    """One message as it would go today, with what goes inside it; for the coordinator's eyes."""
    parts = delivery.parts_of(session, [row.id]).get(row.id, [])
    rules = session.get_one(programme.Programme, row.programme_id).rules
    if not all(may_be_seen(one, rules) for one in (row, *parts)):
        return Preview(withheld=True, parts=len(parts))
    try:
        rendered, face, _ = _worded(session, row, parts, today, mask=True)
    except Exception as wrong:  # noqa: BLE001 - a message that nobody can word has a page that says so
        gate.log_failure(wrong)
        return Preview(broken=True, parts=len(parts))
    links = [unescape(found) for found in HREF.findall(rendered.html)]
    if EMAILS[row.template].campaign:
        links.append(f"{settings().portal_url.rstrip('/')}/{PATHS['opt_out']}/{MASK}")
    return Preview(
        subject=masked(rendered.subject),
        text=masked(rendered.text),
        html=still(rendered.html, face),
        links=tuple(dict.fromkeys(map(masked, links))),
        parts=len(parts),
    )


def may_be_seen(row: Delivery, rules: Programme) -> bool:
    """Whether a coordinator may read all that this message holds, by the one table of readers."""
    kind = EMAILS.get(row.template)
    return kind is None or all(may_read(Role.COORDINATOR, what, rules.track) for what in kind.holds)


def still(page: str, face: Brand) -> str:
    """The page without anything that leads elsewhere, and with its picture inside."""
    return masked(HREF.sub("", page)).replace(LOGO, face.logo)


def letter(session: Session, row: Delivery, today: date) -> Letter:
    """One held message for paper, behind its reader's own address (CAP-042). Raises ValueError for anybody else's."""
    whom = session.get_one(Person, row.person_id)
    behind = session.get(Link, row.link_id) if row.link_id else None
    if behind is not None and behind.person_id != row.person_id:
        raise ValueError("the link behind this letter is not the reader's own")
    rendered, face, writer = _worded(session, row, (), today, mask=False)
    reach = (", ".join(filter(None, (writer.department, writer.site))), writer.email or "") if writer else ()
    return Letter(
        rendered=rendered,
        brand=face,
        language=row.language,
        name=whom.value().name,
        on=today,
        department=whom.department,
        site=whom.site,
        link=behind.url if behind else "",
        reach=reach,
    )


def _worded(
    session: Session, row: Delivery, parts: Sequence[Delivery], today: date, *, mask: bool
) -> tuple[Rendered, Brand, Person | None]:
    rules = session.get_one(programme.Programme, row.programme_id).rules
    writer = coordinator(session, rules, today)
    name, also = writer.value() if writer else NOBODY, rules.mail.seats.get(session.get_one(Person, row.person_id).site)
    face, second = brand(rules, name, row.language), brand(rules, name, also) if also else None
    every = [
        (EMAILS[one.template].model_validate(one.fields), _behind(session, one, mask=mask)) for one in (row, *parts)
    ]
    shown = bundle(every, row.language, face, texts=rules.mail.texts, also=also, also_brand=second)
    return shown, face, writer


def _behind(session: Session, row: Delivery, *, mask: bool) -> str:
    return _address(session.get_one(Link, row.link_id), mask=mask) if row.link_id else ""


def _address(behind: Link, *, mask: bool) -> str:
    return f"{behind.url.rpartition('/')[0]}/{MASK}" if mask else behind.url
