"""The words in which something was asked, kept with the first answer to them (CAP-209).

A form lives on: its next version asks in other words, and the words of before are gone from the content. What stands
here shows an old answer beside the question that its writer saw, in the language in which it was seen.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from framework.content import FORMS
from framework.wordings import texts
from models.base import Base, insert_once

SOURCE = "en"
"""The language in which the content is written."""


class Wording(Base):
    """The words of one version of a form in one language, by the names of `framework.wordings`; placeholders stay."""

    __tablename__ = "wording"
    __table_args__ = (sa.UniqueConstraint("form", "version", "language"),)

    form: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(5))
    texts: Mapped[dict[str, Any]]


def keep(
    session: Session, form: str, version: int, language: str = SOURCE, say: Callable[[str], str] | None = None
) -> None:
    """Keep the words of today, unless they are kept already; nothing where the form now has another version.

    `say` puts a phrase into `language` and leaves its placeholders as they are.
    """
    known = FORMS.get(form)
    if known is None or known.version != version:
        return
    said = {name: say(text) if say else text for name, text in texts(known).items()}
    insert_once(session, Wording, form=form, version=version, language=language, texts=said)


def asked(session: Session, form: str, version: int, language: str) -> dict[str, str]:
    """The words of that version: in that language if it was asked in it, else in the source language.

    What was answered before words were kept is given the words of today. Empty for a form that nobody knows any more.
    """
    query = sa.select(Wording.language, Wording.texts).where(Wording.form == form, Wording.version == version)
    kept = {one.language: one.texts for one in session.execute(query.where(Wording.language.in_((language, SOURCE))))}
    found: dict[str, str] | None = kept.get(language, kept.get(SOURCE))
    if found is not None:
        return dict(found)
    return texts(FORMS[form]) if form in FORMS else {}
