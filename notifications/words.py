"""The words of every language: gettext catalogues, read straight from their .po files.

English is the source: its wording is the key of every entry, so it needs no catalogue. A language is a folder of
`notifications/locale`; all .po files below it make one catalogue.
"""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = "en"
LOCALE = Path(__file__).parent / "locale"


def languages() -> tuple[str, ...]:
    """The source language and every language that has a folder, in the order of the alphabet after the first."""
    return (SOURCE, *sorted(folder.name for folder in LOCALE.iterdir() if folder.is_dir()))


class Words:
    """What we say in one language; a phrase that is not translated stays as it was written."""

    def __init__(self, language: str) -> None:
        """Take the words of `language`, read once a process; `nl-BE` falls back to `nl`, the unknown to English."""
        self.language = _nearest(language)
        self._entries = _entries(self.language)

    def gettext(self, message: str) -> str:
        """The phrase in this language. Nothing is filled in: placeholders stay as they are."""
        return self._entries.gettext(message) if message else ""

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """The phrase in the form that `number` asks for in this language."""
        return self._entries.ngettext(singular, plural, number)


def _nearest(language: str) -> str:
    known = languages()
    short = language.replace("_", "-").partition("-")[0].lower()
    return language if language in known else short if short in known else SOURCE


@cache
def _entries(language: str) -> NullTranslations:
    folder = LOCALE / language
    merged = Catalog(locale=language)
    for path in sorted(folder.rglob("*.po")) if folder.is_dir() else ():
        with path.open("rb") as file:
            for entry in read_po(file, locale=language, abort_invalid=True):
                if entry.id and entry.id not in merged:
                    merged[entry.id] = entry
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return GNUTranslations(compiled)
