"""Periods: counted in whole months or days, changed by a programme's file; and what stays countable of an answer."""

from datetime import date

import pytest
from pydantic import ValidationError

from framework.content import FORMS
from framework.counted import is_counted, of_form
from framework.questions import WORDS
from framework.redaction import MARK, pattern, without
from framework.retention import RULES, Kind, Retention, before, period
from framework.visibility import CONFIDENTIAL


@pytest.mark.parametrize(
    ("today", "months", "cut"),
    [
        (date(2028, 8, 31), 6, date(2028, 2, 29)),
        (date(2027, 8, 31), 6, date(2027, 2, 28)),
        (date(2028, 1, 15), 6, date(2027, 7, 15)),
        (date(2028, 6, 30), 6, date(2027, 12, 30)),
        (date(2028, 12, 31), 12, date(2027, 12, 31)),
        (date(2033, 2, 1), 60, date(2028, 2, 1)),
    ],
)
def test_months_are_counted_back_to_the_same_day(today: date, months: int, cut: date) -> None:
    assert before(Retention(reflections_months=months), Kind.REFLECTIONS, today) == cut


def test_days_are_counted_back() -> None:
    assert before(Retention(mails_days=30), Kind.MAILS, date(2028, 3, 1)) == date(2028, 1, 31)
    assert before(Retention(), Kind.DRAFTS, date(2028, 4, 1)) == date(2028, 1, 2)


def test_every_class_has_its_words_and_a_period() -> None:
    assert set(RULES) == set(Kind)
    assert {kind: period(Retention(), kind) for kind in Kind}[Kind.AGREEMENTS] == "60 months"
    assert all(before(Retention(), kind, date(2030, 1, 1)) < date(2030, 1, 1) for kind in Kind)


def test_periods_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValidationError):
        Retention(mails_days=0)
    with pytest.raises(ValidationError):
        Retention.model_validate({"moods_months": 3})


def test_nothing_in_words_is_ever_counted() -> None:
    asked = [(form.id, q) for form in FORMS.values() for q in form.questions if is_counted(q)]
    assert {q.id for _, q in asked} >= {"satisfied", "goal_reached", "decline_reason", "recommend", "used", "changed"}
    assert [(name, q.id) for name, q in asked if q.kind in WORDS] == []
    confided = {q.id for _, q in asked if q.reads in CONFIDENTIAL}
    assert confided == {"satisfied", "goal_reached", "decline_reason"}


def test_own_words_are_left_out_of_what_is_counted() -> None:
    answers = {"c1_a": {"need": 1, "own:hers": 2}, "recommend": "go", "q01": "long words", "c2_14": ["one", "own:two"]}
    assert of_form(FORMS["readiness_survey"], answers) == {"c1_a": {"need": 1}, "recommend": "go", "c2_14": ["one"]}


@pytest.mark.parametrize(
    "text",
    [
        "Zoë Maes said so",
        "as zoë  maes, said",
        "Maes, Zoë",
        "maes zoë!",
        "(ZOE@x.example)",
        "number E-4711.",
    ],
)
def test_name_address_and_number_are_found(text: str) -> None:
    wanted = pattern("Zoë", "Maes", "zoe@x.example", "E-4711")
    assert wanted is not None
    assert MARK in without(text, wanted)
    assert not wanted.search(without(text, wanted))


@pytest.mark.parametrize("text", ["Zoë alone", "Zoë Maeser", "AZoë Maes", "E-47112", "zoe@x.example.org2x"])
def test_what_is_somebody_else_stays(text: str) -> None:
    wanted = pattern("Zoë", "Maes", "zoe@x.example2", "E-4711")
    assert wanted is not None
    assert without(text, wanted) == text


def test_row_that_proposes_somebody_goes_whole() -> None:
    wanted = pattern("Zoë", "Maes")
    assert wanted is not None
    told = {"nominees": [{"person": "Zoë Maes", "why": "kind"}, {"person": "Tom Bo", "why": "as Zoë Maes"}], "n": 3}
    left = {"nominees": [{"person": "Tom Bo", "why": f"as {MARK}"}], "n": 3}
    assert without(told, wanted, "person") == left
    assert without(told, wanted)["nominees"][0] == {"person": MARK, "why": "kind"}


def test_nobody_to_look_for() -> None:
    assert pattern("—", "") is None
    assert pattern("Zoë", "", "12") is None
