"""Closure: when the celebration falls, and how a certificate is numbered (CEL-02, CEL-06)."""

from datetime import date, timedelta

CELEBRATION_DAYS = 21
"""The closing session falls so many days after the closure opens."""


def celebration_on(opens_on: date) -> date:
    """The day of the closing session, on a working day."""
    day = opens_on + timedelta(days=CELEBRATION_DAYS)
    return day - timedelta(days=max(0, day.isoweekday() - 5))


def certificate_number(slug: str, participant: int, year: int) -> str:
    """A certificate's number: unique, at most 40 characters, and telling nothing about the person."""
    return f"{slug[:24].rstrip('-')}-{year}-{participant:04d}"
