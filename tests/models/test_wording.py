"""The words that were asked stay beside the answers, whatever is asked later (CAP-209)."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from framework.content import FORMS
from models import response, wording
from models.base import transaction
from models.wording import Wording
from tests.models.rows import TODAY, ground, question

FORM = "early_check_mentor"


def answered(version: int, number: int = 1) -> None:
    programme_id, person_id = ground() if number == 1 else (1, 1)
    with transaction() as session:
        asked = question(session, programme_id, person_id, key=f"q{number}", form=FORM)
        told = {"form": FORM, "version": version, "language": "nl", "answered_on": TODAY}
        response.keep(session, asked, answers={"satisfied": 4}, **told)


def ask_otherwise(monkeypatch: pytest.MonkeyPatch, ask: str, version: int) -> None:
    """The form goes on with other words."""
    form = FORMS[FORM]
    first, *others = form.sections
    changed = replace(first, questions=(replace(first.questions[0], ask=ask), *first.questions[1:]))
    monkeypatch.setitem(FORMS, FORM, replace(form, version=version, sections=(changed, *others)))


def words(version: int, language: str = "nl") -> dict[str, str]:
    with transaction() as session:
        return wording.asked(session, FORM, version, language)


def test_words_are_kept_with_the_first_answer_and_outlive_the_form(database, monkeypatch):
    before, version = FORMS[FORM].questions[0].ask, FORMS[FORM].version
    answered(version)
    ask_otherwise(monkeypatch, "Quite another question?", version + 1)
    answered(version + 1, 2)
    assert words(version)["satisfied"] == before
    assert words(version + 1)["satisfied"] == "Quite another question?"


def test_words_are_kept_once_and_never_changed(database, monkeypatch):
    version, before = FORMS[FORM].version, FORMS[FORM].questions[0].ask
    answered(version)
    ask_otherwise(monkeypatch, "Changed without a word?", version)
    answered(version, 2)
    assert words(version)["satisfied"] == before
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Wording)) == 1


def test_words_are_those_of_the_language_asked_in_else_of_the_source(database):
    version = FORMS[FORM].version
    answered(version)
    with transaction() as session:
        wording.keep(session, FORM, version, "nl", lambda phrase: f"nl: {phrase}")
    assert words(version)["satisfied"].startswith("nl: ")
    assert words(version, "fr")["satisfied"] == FORMS[FORM].questions[0].ask


def test_an_older_version_keeps_none_of_todays_words(database):
    answered(FORMS[FORM].version + 7)
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Wording)) == 0


def test_without_kept_words_todays_are_given_and_for_an_unknown_form_none(database):
    assert words(99)["satisfied"] == FORMS[FORM].questions[0].ask
    with transaction() as session:
        wording.keep(session, "long_gone", 1)
        assert wording.asked(session, "long_gone", 1, "en") == {}
