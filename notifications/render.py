"""From an e-mail and a language to a subject, a text and a page; several e-mails of one day become one.

`body.j2` is written once and rendered twice, through the macros of `templates/_base/parts.html` and `parts.txt`.
Rendering is strict: a field that does not exist raises, and so does a button without a link.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from framework.mail import AdaptedText
from framework.people import Role
from notifications import adapted
from notifications.email import Brand, Email
from notifications.jinja import environment, phrase, shared, spoken
from notifications.jinja import parts as macros
from notifications.logo import picture

CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f\u2028\u2029]")
BLANK_LINES = re.compile(r"\n[ \t]*\n\s*\n+")
PREVIEW = 110  # characters that a mail program shows beside the subject
SUBJECT = 69  # characters of the subject of several mails in one

Texts = Mapping[str, Mapping[str, AdaptedText]]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words: the same content as plain text and as a page.

    Where there is a `logo` (a PNG or a JPEG), the page shows it as `cid:logo@baken`.
    """

    subject: str
    text: str
    html: str
    logo: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Letter:
    """What a message says in one language, without the company's head and the reasons at its foot."""

    language: str
    subject: str
    preview: str
    text: str
    html: Markup
    reasons: tuple[str, ...]


def render(
    email: Email,
    language: str,
    brand: Brand,
    link: str = "",
    *,
    texts: Texts | None = None,
    also: str | None = None,
    also_brand: Brand | None = None,
) -> Rendered:
    """Word the e-mail in `language`, in the company's own words.

    `link` is the address behind the button. `texts` are the programme's own wordings, by e-mail and language. `also` is
    a second language, whose text follows below the first; `also_brand` holds the company's words in it. Raises
    ValueError where the subject holds a control character or a wording may not be used, and Jinja2's UndefinedError
    where a template asks for what is not there (also for a link, when none is given).
    """
    return _message([(email, link)], language, brand, texts or {}, also, also_brand)


def bundle(
    parts: Sequence[tuple[Email, str]],
    language: str,
    brand: Brand,
    *,
    texts: Texts | None = None,
    also: str | None = None,
    also_brand: Brand | None = None,
) -> Rendered:
    """Word several e-mails to one person as one, each with its own link; a single one stays as it is.

    Raises ValueError when there is nothing to say, and whatever `render` raises.
    """
    if not parts:
        raise ValueError("there is no e-mail to bundle")
    return _message(parts, language, brand, texts or {}, also, also_brand)


def _message(
    emails: Sequence[tuple[Email, str]],
    language: str,
    brand: Brand,
    texts: Texts,
    also: str | None,
    also_brand: Brand | None,
) -> Rendered:
    letters = [_letter(emails, spoken(language), brand, texts)]
    if also and spoken(also) != spoken(language):
        letters.append(_letter(emails, spoken(also), also_brand or brand, texts))
    first, logo = letters[0], picture(brand.logo)
    given = shared(brand) | {"letters": letters, "logo": logo is not None}
    text = environment(first.language, "txt").get_template("_base/layout.txt").render(given)
    html = environment(first.language, "html").get_template("_base/layout.html").render(given)
    return Rendered(first.subject, BLANK_LINES.sub("\n\n", text).strip() + "\n", html.strip() + "\n", logo)


def _letter(emails: Sequence[tuple[Email, str]], language: str, brand: Brand, texts: Texts) -> _Letter:
    said = [_part(email, link, language, brand, texts) for email, link in emails]
    plain, page = environment(language, "txt"), environment(language, "html")
    given = shared(brand) | {
        "given_name": emails[0][0].given_name,
        "to_coordinator": all(_to_coordinator(email) for email, _ in emails),
        "said": said,
    }
    subject, preview = said[0].subject, said[0].text.partition("\n")[0]
    if len(said) > 1:
        subject = _short(plain.get_template("_base/bundle.txt").render(given).strip())
        preview = " · ".join(part.subject for part in said)
    text = plain.get_template("_base/message.txt").render(given)
    html = page.get_template("_base/message.html").render(given)
    reasons = tuple(dict.fromkeys(email.reason for email, _ in emails))
    said_why = tuple(phrase(language, reason, brand) for reason in reasons)
    return _Letter(language, subject, preview[:PREVIEW], text, Markup(html), said_why)  # noqa: S704 - escaped above


def _short(subject: str) -> str:
    return subject if len(subject) <= SUBJECT else subject[: SUBJECT - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class _Part:
    """One e-mail of a message: its subject, and its body in both forms."""

    subject: str
    text: str
    html: Markup


def _part(email: Email, link: str, language: str, brand: Brand, texts: Texts) -> _Part:
    given = _given(email, brand, link)
    own = texts.get(email.name, {}).get(language, _NOTHING)
    plain = environment(language, "txt")
    if own.subject.strip():
        subject = adapted.subject(email, own.subject, language, brand)
    else:
        subject = plain.get_template(f"{email.phase}/{email.name}/subject.txt").render(given).strip()
    if not subject or CONTROL.search(subject):
        msg = f"the subject of {email.name} is empty or holds a control character"
        raise ValueError(msg)
    paragraphs = adapted.paragraphs(email, own.body, language, brand) if own.body.strip() else None
    text, html = (_body(email, language, form, given, paragraphs) for form in ("txt", "html"))
    return _Part(subject, text.strip(), Markup(html))  # noqa: S704 - escaped by the templates


_NOTHING = AdaptedText.model_construct(subject="", body="")


def _given(email: Email, brand: Brand, link: str) -> dict[str, Any]:
    fields: dict[str, Any] = shared(brand) | email.__dict__
    fields["link"] = link or email.link
    if not fields["link"]:
        del fields["link"]  # undefined: a button without a link must not go out
    return fields


def _to_coordinator(email: Email) -> bool:
    return bool({Role.COORDINATOR, Role.OPERATOR} & set(email.to)) and Role.MENTEE not in email.to


def _body(
    email: Email, language: str, form: str, given: dict[str, Any], paragraphs: list[adapted.Paragraph] | None
) -> str:
    part: Any = macros(language, form, given["brand"])
    template = environment(language, form).get_template(f"{email.phase}/{email.name}/body.j2")
    if paragraphs is None:
        return template.render(given, part=part)
    own = "".join(part.bullets(p) if isinstance(p, tuple) else part.p(p) for p in paragraphs)
    return own + template.render(given, part=adapted.Kept(part))
