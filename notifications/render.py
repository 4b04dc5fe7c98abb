"""From an e-mail and a language to a subject, a text and a page.

`body.j2` is written once and rendered twice, through the macros of `templates/_base/parts.html` and `parts.txt`.
Rendering is strict: a field that does not exist raises, and so does a button without a link.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from framework.people import Role
from notifications.dates import day, short
from notifications.email import Brand, Email
from notifications.words import Words

CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f\u2028\u2029]")
BLANK_LINES = re.compile(r"\n[ \t]*\n\s*\n+")
PREVIEW = 110  # characters that a mail program shows beside the subject


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words: the same content as plain text and as a page."""

    subject: str
    text: str
    html: str


def render(email: Email, language: str, brand: Brand, link: str = "") -> Rendered:
    """Word the e-mail in `language`, in the company's own words.

    `link` is the address behind the button. Raises ValueError where the subject holds a control character, and
    Jinja2's UndefinedError where a template asks for what is not there (also for a link, when none is given).
    """
    given = _given(email, brand, link)
    folder = f"{email.phase}/{email.name}"
    plain, page = environment(language, "txt"), environment(language, "html")
    subject = plain.get_template(f"{folder}/subject.txt").render(given).strip()
    if not subject or CONTROL.search(subject):
        msg = f"the subject of {email.name} is empty or holds a control character"
        raise ValueError(msg)
    body = _body(plain, folder, given, "txt")
    text = plain.get_template("_base/layout.txt").render(given, body=body.strip())
    preview = body.strip().partition("\n")[0][:PREVIEW]
    given |= {"subject": subject, "preview": preview, "body": Markup(_body(page, folder, given, "html"))}  # noqa: S704
    html = page.get_template("_base/layout.html").render(given, language=Words(language).language)
    return Rendered(subject, BLANK_LINES.sub("\n\n", text).strip() + "\n", html.strip() + "\n")


def on_colour(colour: str) -> str:
    """Black or white, whichever reads better on `colour` (`#rrggbb`); never less than 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)  # noqa: PLR2004
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (light + 0.05) / 0.05 > 1.05 / (light + 0.05) else "#ffffff"


def _given(email: Email, brand: Brand, link: str) -> dict[str, Any]:
    fields = {name: getattr(email, name) for name in type(email).model_fields}
    fields["link"] = link or email.link
    if not fields["link"]:
        del fields["link"]  # undefined: a button without a link must not go out
    return fields | {
        "brand": brand,
        "reason": email.reason,
        "to_coordinator": Role.COORDINATOR in email.to and Role.MENTEE not in email.to,
        "ink": on_colour(brand.colour),
    }


def _body(env: Environment, folder: str, given: dict[str, Any], form: str) -> str:
    part = env.get_template(f"_base/parts.{form}").make_module(given)
    return env.get_template(f"{folder}/body.j2").render(given, part=part)


@cache
def environment(language: str, form: str) -> Environment:
    """The templates as they speak `language`; `form` is txt or html, and html escapes what people wrote."""
    env = Environment(
        loader=PackageLoader("notifications", "templates"),
        autoescape=form == "html",  # noqa: S701 - the plain text holds no markup
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.policies["ext.i18n.trimmed"] = True
    env.newstyle_gettext = True  # type: ignore[attr-defined]
    words = Words(language)
    single = _single(words.gettext, escaped=form == "html")
    env.globals |= {"_": single, "gettext": single, "ngettext": _plural(words.ngettext, escaped=form == "html")}
    env.filters |= {"day": lambda on: day(on, words.language), "short": lambda on: short(on, words.language)}
    env.filters |= {"word": _word, "phrase": single}
    return env


def _single(find: Callable[[str], str], *, escaped: bool) -> Callable[..., str]:
    @pass_context
    def gettext(context: Context, message: str, /, **variables: Any) -> str:
        return _filled(find(message), _company_words(context) | variables, escaped=escaped)

    return gettext


def _plural(find: Callable[[str, str, int], str], *, escaped: bool) -> Callable[..., str]:
    @pass_context
    def ngettext(context: Context, singular: str, plural: str, num: int, /, **variables: Any) -> str:
        known = _company_words(context) | {"num": num} | variables
        return _filled(find(singular, plural, num), known, escaped=escaped)

    return ngettext


def _filled(message: str, variables: dict[str, Any], *, escaped: bool) -> str:
    return Markup(message) % variables if escaped else message % variables  # noqa: S704 - catalogues hold no markup


def _company_words(context: Context) -> dict[str, str]:
    brand: Brand = context["brand"]
    return brand.model_dump(exclude={"colour", "coordinator_email"})


@pass_context
def _word(context: Context, role: Role) -> str:
    brand: Brand = context["brand"]
    return {Role.MENTOR: brand.mentor, Role.MENTEE: brand.mentee}[Role(role)]
