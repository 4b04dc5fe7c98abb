"""Reading what people typed: nothing raises, nothing is lost, nothing foreign gets in."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.content import FORMS
from framework.people import Role
from framework.questions import Column, Kind, Ladder, Option, Question, Questionnaire, Section, When
from framework.reading import MISSING, READ, read, ruled_out
from framework.visibility import Visibility

AB = (Option("a", "A"), Option("b", "B"))
ABC = (*AB, Option("c", "C"))
POINT = "Type a whole number without a point or a comma, for example 1200."
COLUMNS = (
    Column("what", "What", Kind.TEXT),
    Column("who", "Who", Kind.PERSON),
    Column("by", "By", Kind.DATE),
    Column("hours", "Hours", Kind.NUMBER),
    Column("how", "How", Kind.CHOICE, AB),
)
TWICE = "You have chosen the same name twice. Choose each name once."


def form(*questions: Question) -> Questionnaire:
    ladder = Ladder(due=7, remind=(), silence="-")
    return Questionnaire(
        id="f", title="F", intro="", phase="review", by=Role.MENTOR, ladder=ladder, sections=(Section("S", questions),)
    )


def one(kind: Kind, **values: Any) -> Question:
    return Question(id="q", ask="?", kind=kind, reads=Visibility.CONTENT, **values)


def answer(question: Question, typed: dict[str, list[str]]) -> object:
    reading = read(form(question), typed)
    return [p.text for p in reading.problems] or reading.answers.get("q")


@pytest.mark.parametrize(
    ("question", "typed", "value"),
    [
        (one(Kind.SCALE), {"q": ["4"]}, 4),
        (one(Kind.SCALE), {"q": ["0"]}, ["Choose one of the five steps."]),
        (one(Kind.SCALE), {"q": ["²"]}, ["Choose one of the five steps."]),
        (one(Kind.YES_NO), {"q": ["yes"]}, "yes"),
        (one(Kind.YES_NO), {"q": ["maybe"]}, ["Choose yes or no."]),
        (one(Kind.CHOICE, options=AB), {"q": ["b"]}, "b"),
        (one(Kind.CHOICE, options=AB), {"q": ["c"]}, ["Choose one of the answers."]),
        (one(Kind.CHOICES, options=AB), {"q": ["b", "a", "b"]}, ["a", "b"]),
        (one(Kind.CHOICES, options=AB), {"q": ["a", "x"]}, ["Choose from the answers shown."]),
        (
            one(Kind.CHOICES, options=AB, own=True),
            {"q": ["a"], "q.own": [" mine \n\nours"]},
            ["a", "own:mine", "own:ours"],
        ),
        (one(Kind.CHOICES, options=AB), {"q": ["a"], "q.own": ["mine"]}, ["a"]),
        (one(Kind.PRIORITIES, options=AB), {"q.a": ["1"], "q.b": ["0"]}, {"a": 1}),
        (one(Kind.PRIORITIES, options=AB), {"q.a": ["4"]}, ["A priority is 1, 2 or 3."]),
        (one(Kind.PRIORITIES, options=AB, own=True), {"q.b": ["3"], "q.own": ["mine"]}, {"b": 3, "own:mine": 1}),
        (one(Kind.RANKING, options=ABC), {"q.1": ["c"], "q.2": [" a "]}, ["c", "a"]),
        (one(Kind.RANKING, options=ABC), {"q.1": [""], "q.3": ["b"]}, ["b"]),
        (one(Kind.RANKING, options=ABC), {"q.1": ["b"], "q.2": ["b"]}, [TWICE]),
        (one(Kind.RANKING, options=ABC), {"q.1": ["x"]}, ["Choose from the names shown."]),
        (one(Kind.RANKING, options=ABC), {"q.1": [""], "q.2": [""]}, ["Choose at least one name."]),
        (one(Kind.RANKING, options=ABC, required=False), {"q.1": [""]}, None),
        (one(Kind.RANKING, options=ABC, most=2), {"q.1": ["a"], "q.3": ["b"]}, ["a"]),
        (one(Kind.RANKING), {"q.1": ["a"]}, ["Choose at least one name."]),
        (one(Kind.TEXT), {"q": ["  hello "]}, "hello"),
        (one(Kind.TEXT), {"q": ["x" * 201]}, ["Please keep this to one line."]),
        (one(Kind.LONG_TEXT), {"q": ["a\r\nb"]}, "a\nb"),
        (one(Kind.LONG_TEXT), {"q": ["x" * 4001]}, ["This is too long. Please shorten it."]),
        (one(Kind.NUMBER), {"q": ["1 200"]}, 1200),
        (one(Kind.NUMBER), {"q": ["1\u00a0200"]}, 1200),
        (one(Kind.NUMBER), {"q": ["0"]}, 0),
        (one(Kind.NUMBER), {"q": ["-3"]}, ["Type a whole number, for example 12."]),
        (one(Kind.NUMBER), {"q": ["٣"]}, ["Type a whole number, for example 12."]),
        (one(Kind.NUMBER), {"q": ["9" * 10]}, ["Type a whole number, for example 12."]),
        (one(Kind.NUMBER), {"q": ["12 000 345"]}, 12000345),
        (one(Kind.NUMBER), {"q": ["1.000"]}, [POINT]),
        (one(Kind.NUMBER), {"q": ["1,5"]}, [POINT]),
        (one(Kind.NUMBER), {"q": ["1 2"]}, ["Type a whole number, for example 12."]),
        (one(Kind.NUMBER), {"q": ["30 minutes"]}, ["Type a whole number, for example 12."]),
        (one(Kind.PERSON), {"q": ["  Zoë   Bo "]}, "Zoë Bo"),
        (one(Kind.PERSON), {"q": ["a@b.example\nc@d.example"]}, ["Please keep this to one line."]),
        (one(Kind.PERSON), {"q": [" "]}, ["Type the name or the e-mail address of one colleague."]),
        (one(Kind.CONFIRM), {"q": ["yes"]}, "yes"),
        (one(Kind.CONFIRM), {"q": ["on"]}, ["Tick this box to go on."]),
        (one(Kind.SIGNATURE), {"q": ["Zoë Bo"]}, "Zoë Bo"),
        (one(Kind.TEXT), {"q": ["first", "last"]}, "last"),
    ],
)
def test_each_kind_is_read(question: Question, typed: dict[str, list[str]], value: object) -> None:
    assert answer(question, typed) == value


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ({"q.day": ["27"], "q.month": ["3"], "q.year": ["2027"]}, "2027-03-27"),
        ({"q": ["27/3/2027"]}, "2027-03-27"),
        ({"q": ["27.03.2027"]}, "2027-03-27"),
        ({"q": ["2027-03-27"]}, "2027-03-27"),
        ({"q": ["29 2 2028"]}, "2028-02-29"),
    ],
)
def test_date_is_read_as_people_write_it(typed: dict[str, list[str]], day: str) -> None:
    assert answer(one(Kind.DATE), typed) == day


@pytest.mark.parametrize("text", ["29 2 2027", "31 4 2027", "tomorrow", "27 3", "1 2 3 4", "27 13 2027", "٢٧ 3 2027"])
def test_date_that_is_none_is_refused_kindly(text: str) -> None:
    assert answer(one(Kind.DATE), {"q": [text]}) == ["Type a date as day, month and year, for example 27 3 2027."]


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_can_be_read_and_missed(kind: Kind) -> None:
    question = one(kind, options=AB)
    assert kind in READ
    assert answer(question, {}) == [MISSING[kind]]
    assert read(form(one(kind, options=AB, required=False)), {}).problems == []


def test_zero_is_an_answer_and_not_a_silence() -> None:
    assert read(form(one(Kind.NUMBER)), {"q": ["0"]}).answers == {"q": 0}


def test_question_with_a_condition_is_asked_only_then() -> None:
    why = Question(id="why", ask="?", kind=Kind.TEXT, reads=Visibility.CONTENT, when=When("q", ("no",)))
    both = form(one(Kind.YES_NO), why)
    assert read(both, {"q": ["yes"], "why": ["unasked"]}).answers == {"q": "yes"}
    assert [p.question for p in read(both, {"q": ["no"]}).problems] == ["why"]
    several = form(
        one(Kind.CHOICES, options=AB),
        Question(id="why", ask="?", kind=Kind.TEXT, reads=Visibility.CONTENT, when=When("q", ("b",))),
    )
    assert [p.question for p in read(several, {"q": ["a", "b"]}).problems] == ["why"]


def test_what_holds_is_kept_beside_what_does_not() -> None:
    two = form(one(Kind.SCALE), Question(id="r", ask="?", kind=Kind.TEXT, reads=Visibility.CONTENT))
    reading = read(two, {"q": ["9"], "r": ["fine"]})
    assert reading.answers == {"r": "fine"}
    assert [p.question for p in reading.problems] == ["q"]


NAMES = [q.id for f in FORMS.values() for q in f.questions]
TYPED = st.dictionaries(
    st.sampled_from(NAMES).flatmap(lambda n: st.sampled_from([n, f"{n}.own", f"{n}.day"])),
    st.lists(st.text(max_size=30), max_size=3),
)


@given(st.sampled_from(sorted(FORMS)), TYPED)
def test_nothing_that_a_person_types_raises(name: str, typed: dict[str, list[str]]) -> None:
    reading = read(FORMS[name], typed)
    assert {p.question for p in reading.problems}.isdisjoint(reading.answers)
    assert set(reading.answers) <= {q.id for q in FORMS[name].questions}


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_every_date_comes_back_whichever_way_it_is_typed(day: date) -> None:
    for text in (day.isoformat(), f"{day.day}/{day.month}/{day.year}", f"{day.day:02} {day.month:02} {day.year}"):
        assert answer(one(Kind.DATE), {"q": [text]}) == day.isoformat()


def test_rows_are_read_cell_by_cell_and_empty_ones_fall_away() -> None:
    table = one(Kind.ROWS, columns=COLUMNS, most=4)
    typed = {
        "q.2.what": [" a talk "],
        "q.2.by.day": ["27"],
        "q.2.by.month": ["mars"],
        "q.2.by.year": ["2027"],
        "q.4.hours": ["0"],
        "q.4.how": ["b"],
        "q.5.what": ["beyond the last row"],
        "q.1.other": ["no such column"],
    }
    assert answer(table, typed) == [{"what": "a talk", "by": "2027-03-27"}, {"hours": 0, "how": "b"}]
    assert answer(table, {"q.1.what": [" "]}) == [MISSING[Kind.ROWS]]


@pytest.mark.parametrize(
    ("typed", "row", "column", "text"),
    [
        ({"q.2.hours": ["many"]}, 2, "hours", "Type a whole number, for example 12."),
        ({"q.1.what": ["x" * 201]}, 1, "what", "Please keep this to one line."),
        ({"q.3.how": ["c"]}, 3, "how", "Choose one of the answers."),
        ({"q.1.by.day": ["31"], "q.1.by.month": ["2"], "q.1.by.year": ["2027"]}, 1, "by", MISSING[Kind.DATE]),
    ],
)
def test_cell_that_is_wrong_is_named(typed: dict[str, list[str]], row: int, column: str, text: str) -> None:
    (problem,) = read(form(one(Kind.ROWS, columns=COLUMNS)), typed).problems
    assert (problem.question, problem.row, problem.column, problem.text) == ("q", row, column, text)


def test_answer_given_before_rules_out_what_hangs_on_it_and_its_absence_nothing() -> None:
    def hanging(name: str, on: str) -> Question:
        return Question(id=name, ask="?", kind=Kind.TEXT, reads=Visibility.CONTENT, when=When(on, ("no",)))

    both = form(one(Kind.YES_NO), hanging("why", "q"), hanging("further", "why"))
    assert ruled_out(both, {"q": "yes"}) == {"why", "further"}
    assert ruled_out(both, {"q": "no"}) == set()
    assert ruled_out(both, {}) == set()


def test_long_forms_are_those_with_many_questions_or_several_sections() -> None:
    few = [Question(id=f"q{n}", ask="?", kind=Kind.TEXT, reads=Visibility.CONTENT) for n in range(7)]
    assert not form(*few[:6]).long
    assert form(*few).long
    parts = replace(form(), sections=(Section("A", tuple(few[:2])), Section("B", tuple(few[2:4])), Section("C", ())))
    assert parts.long
    assert len(parts.asking) == 2
    assert not replace(parts, sections=parts.sections[:1]).long
