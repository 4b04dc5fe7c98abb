"""Dates as people write them, in the reader's language."""

from datetime import date

from babel.dates import format_date, format_skeleton

WRITTEN_AS = {"en": "en_GB", "nl": "nl_BE", "fr": "fr_BE"}


def day(on: date, language: str) -> str:
    """A date in full: Monday 5 April 2027."""
    text = format_date(on, "full", locale=WRITTEN_AS.get(language, language))
    return _first_of_month(text, on, language).replace(",", "" if language == "en" else ",")


def short(on: date, language: str) -> str:
    """Day and month: 5 April."""
    return _first_of_month(format_skeleton("MMMMd", on, locale=WRITTEN_AS.get(language, language)), on, language)


def _first_of_month(text: str, on: date, language: str) -> str:
    """French counts every day of the month but the first: 1er avril, 2 avril."""
    return text.replace("1 ", "1er ", 1) if language == "fr" and on.day == 1 else text
