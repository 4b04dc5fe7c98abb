"""A coordinator's own wording of an e-mail: checked before it is kept, and worded in the place of the standard text.

It is plain text: paragraphs parted by an empty line, lists of lines that begin with a dash. Markup stays as written.
"""

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Any, Literal, get_origin

from jinja2 import Environment, StrictUndefined, Template, nodes, pass_context
from jinja2.runtime import Context

from framework.mail import AdaptedText
from framework.people import Role
from notifications.dates import day, short
from notifications.email import Brand, Email
from notifications.emails import EMAILS
from notifications.jinja import COMPANY, environment, phrase, role_word, shared, written
from notifications.whitelist import Kind, faults
from notifications.words import languages

__all__ = ["Kept", "Paragraph", "check", "faults", "fields_of", "paragraphs", "subject"]

Paragraph = str | tuple[str, ...]

SUBJECT = 100  # characters of a subject, with the sample's names in it
HIDDEN = {"link", "appointment"}


def fields_of(kind: type[Email]) -> dict[str, Kind]:
    """What a text for this e-mail may fill in; the company's words come before a field of the same name."""
    return _own(kind) | dict.fromkeys(COMPANY, "text")


@cache
def _own(kind: type[Email]) -> dict[str, Kind]:
    fields = {name: _kind(info.annotation) for name, info in kind.model_fields.items() if name not in HIDDEN}
    return {name: kind for name, kind in fields.items() if kind}


def _kind(annotation: Any) -> Kind | None:
    plain: dict[Any, Kind] = {str: "text", int: "number", date: "date", Role: "text"}
    if annotation in plain:
        return plain[annotation]
    return "code" if get_origin(annotation) is Literal else None


def check(texts: Mapping[str, Mapping[str, AdaptedText]]) -> list[str]:
    """Every fault of a programme's own texts, each on one line; nothing when they may all be used."""
    found: list[str] = []
    for name, wordings in texts.items():
        kind = EMAILS.get(name)
        if kind is None:
            near = get_close_matches(name, EMAILS, 1, 0.5)
            meant = f"; did you mean {near[0]}?" if near else "; `baken mail gallery` shows them all"
            found.append(f"mail.texts.{name}: there is no such e-mail{meant}")
            continue
        for language, wording in wordings.items():
            place = f"mail.texts.{name}.{language}"
            if language not in languages():
                found.append(f"{place}: there is no such language; there are {', '.join(languages())}")
                continue
            found += [f"{place}.{fault}" for fault in _faults_of(kind, language, wording)]
    return found


def _faults_of(kind: type[Email], language: str, wording: AdaptedText) -> list[str]:
    fields = fields_of(kind)
    found = [f"subject: {message}" for _, message in faults(wording.subject, fields)]
    found += [f"body, line {line}: {message}" for line, message in faults(wording.body, fields)]
    if "\n" in wording.subject.strip():
        found.append("subject: it must be one line")
    return found or _faults_of_sample(kind, language, wording)


def _faults_of_sample(kind: type[Email], language: str, wording: AdaptedText) -> list[str]:
    """What only shows when the text is filled in with the e-mail's invented people."""
    email, found = kind.sample(), []
    if wording.subject.strip():
        said = subject(email, wording.subject, language, _EXAMPLE)
        if not 0 < len(said) < SUBJECT:
            found.append(f"subject: it takes {len(said)} characters in an example; 1 to {SUBJECT - 1} are allowed")
    if wording.body.strip() and not paragraphs(email, wording.body, language, _EXAMPLE):
        found.append("body, line 1: it says nothing in an example; write at least one paragraph")
    return found


_EXAMPLE = Brand(
    company="Van Aelst & Zonen",
    programme="Kompas 2027",
    colour="#0b5d66",
    coordinator_name="Els Peeters",
    coordinator_email="els.peeters@vanaelst.example",
    mentor="mentor",
    mentors="mentors",
    mentee="mentee",
    mentees="mentees",
)


def subject(email: Email, source: str, language: str, brand: Brand) -> str:
    """The adapted subject. Raises ValueError when the text may not be used."""
    return _filled(email, source.strip(), language, brand).strip()


def paragraphs(email: Email, source: str, language: str, brand: Brand) -> list[Paragraph]:
    """The adapted body: paragraphs as texts, lists as tuples of lines. Raises ValueError when it may not be used."""
    found: list[Paragraph] = []
    for block in re.split(r"\n\s*\n", _filled(email, source, language, brand)):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        if lines and all(line.startswith("- ") for line in lines):
            found.append(tuple(line[2:].strip() for line in lines))
        elif lines:
            found.append(" ".join(lines))
    return found


class Kept:
    """The parts of a mail that stay beside an adapted text: facts, quotes, the button, and who reads the answers."""

    def __init__(self, part: Any) -> None:
        self.facts, self.quote, self.button, self.small = part.facts, part.quote, part.button, part.small

    def p(self, _text: object) -> str:
        """The text stands above already."""
        return ""

    bullets = p


def _filled(email: Email, source: str, language: str, brand: Brand) -> str:
    kind = type(email)
    fields = {name: getattr(email, name) for name in _own(kind)}
    for name in _titles(kind) & fields.keys():
        fields[name] = phrase(language, fields[name], brand)
    given = shared(brand)
    return _template(source, language, kind).render(fields | given["company_words"], brand=brand)


@lru_cache(maxsize=512)
def _template(source: str, language: str, kind: type[Email]) -> Template:
    if wrong := faults(source, fields_of(kind)):
        msg = f"the adapted text of {kind.name} may not be used: {wrong[0][1]}"
        raise ValueError(msg)
    return _environment(language).from_string(source)


@cache
def _environment(language: str) -> Environment:
    """Plain text, with dates and roles as that language and company write them; a field's own line breaks go."""
    ways = {"day": written(day, language), "short": written(short, language)}

    @pass_context
    def shown(context: Context, value: object) -> object:
        if isinstance(value, Role):
            return role_word(context["brand"], value)
        if isinstance(value, date):
            return ways["day"](value)
        return " ".join(value.split()) if isinstance(value, str) and "\n" in value else value

    env = Environment(
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - the page escapes each paragraph
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )
    env.globals.clear()
    env.filters = dict(ways)
    return env


@cache
def _titles(kind: type[Email]) -> frozenset[str]:
    """The fields that hold a phrase of the catalogues, such as a form's title: the standard text says `_(title)`."""
    env = environment("en", "txt")
    tree = env.parse(_source(env, f"{kind.phase}/{kind.name}/body.j2"))
    named = [call.args[0] for call in tree.find_all(nodes.Call) if call.args and _is_phrase(call)]
    return frozenset(name.name for name in named if isinstance(name, nodes.Name))


def _source(env: Environment, place: str) -> str:
    return "" if env.loader is None else env.loader.get_source(env, place)[0]


def _is_phrase(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name == "_"
