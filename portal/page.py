"""A page in one language and one company's face: its words, its dates, its links, its template."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from importlib import resources
from typing import Any
from urllib.parse import urlencode

from babel.lists import format_list
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import QueryParams
from starlette.responses import HTMLResponse, Response

from framework import people
from framework.programme import Programme
from models.person import Person
from notifications.brand import brand as face
from notifications.dates import WRITTEN_AS, day, short
from notifications.email import Brand
from notifications.words import SOURCE, Words, languages
from portal.words import LANGUAGES

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
STYLE = (resources.files("portal") / "static" / "baken.css").read_bytes()
STYLE_VERSION = sha256(STYLE).hexdigest()[:12]
KEPT = frozenset({"change", "to", "q", "v"})  # what an address of ours says beside the language
NOBODY = people.Person(given_name="", family_name="")


@cache
def environment() -> Environment:
    """The templates; what people typed is always escaped, and a name that is not there raises."""
    loader = PackageLoader("portal", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


class Page:
    """What a template needs beside its content. `brand` is missing where we don't know whose page it would be."""

    def __init__(self, query: QueryParams, preferred: str = SOURCE, brand: Brand | None = None, path: str = "") -> None:
        """The language is the one asked for in the address, else the preferred one, else English."""
        asked = query.get("lang", "")
        self.asked = asked if asked in languages() else ""
        self.words = Words(self.asked or preferred)
        self.language = self.words.language
        self.brand = brand
        self.path = path
        self.query: dict[str, Any] = {name: value for name, value in query.items() if name in KEPT}

    def say(self, message: str, **values: object) -> str:
        """A phrase in this language, with the company's words and `values` in their places."""
        return self._fill(self.words.gettext(message), values)

    def count(self, singular: str, plural: str, number: int, **values: object) -> str:
        """A phrase in the form that `number` asks for; `%(num)s` is the number."""
        return self._fill(self.words.ngettext(singular, plural, number), {"num": number, **values})

    def _fill(self, text: str, values: Mapping[str, object]) -> str:
        known = {**(self.brand.model_dump() if self.brand else {}), **values}
        return PLACEHOLDER.sub(lambda found: str(known.get(found[1], found[0])), text)

    def day(self, on: date) -> str:
        """A date in full."""
        return day(on, self.language)

    def short(self, on: date) -> str:
        """Day and month."""
        return short(on, self.language)

    def worded(self, label: str) -> str:
        """A choice in words: a date in full, anything else as the catalogues have it."""
        return self.day(date.fromisoformat(label)) if ISO_DAY.fullmatch(label) else self.say(label)

    def listed(self, items: list[str]) -> str:
        """Several things in a row: a, b and c."""
        return format_list(items, locale=WRITTEN_AS.get(self.language, self.language))

    def link(self, path: str, **query: object) -> str:
        """An address of the portal that keeps the language that was asked for; a list stands in it value by value."""
        kept: dict[str, object] = ({"lang": self.asked} if self.asked else {}) | query
        return f"{path}?{urlencode(kept, doseq=True)}" if kept else path

    def others(self) -> list[tuple[str, str, str]]:
        """The other languages of this page: code, own name, address."""
        codes = [code for code in languages() if code != self.language] if self.path else []
        return [
            (code, LANGUAGES.get(code, code), self.link(self.path, **{**self.query, "lang": code})) for code in codes
        ]

    @property
    def logo(self) -> str:
        """The address of the company's logo; empty where it has none."""
        picture = self.brand.logo if self.brand else ""
        return f"/static/logo-{logo_name(picture)}" if picture else ""

    def render(self, template: str, status: int = 200, **content: Any) -> Response:
        """The page itself."""
        told = {"page": self, "brand": self.brand, "_": self.say, "ngettext": self.count, "style": STYLE_VERSION}
        return HTMLResponse(environment().get_template(template).render(told | content), status_code=status)


@lru_cache(maxsize=64)
def logo_name(picture: str) -> str:
    """The name of a logo's file; another picture has another name, so browsers may keep it."""
    return sha256(picture.encode()).hexdigest()[:32]


def brand_of(programme: Programme, coordinator: Person | None, language: str) -> Brand:
    """The company's face; without a known coordinator its pages name nobody to write to."""
    return face(programme, coordinator.value() if coordinator else NOBODY, language)
