"""The readiness survey holds every item of the framework, and reads what people type."""

from framework.content.readiness import CHECKLIST_1, CHECKLIST_2, READINESS_SURVEY
from framework.people import Role
from framework.questions import Kind
from framework.reading import read
from framework.visibility import Visibility

FILLED = {
    "q04": ["partly"],
    "q05": ["So that what we know stays here."],
    "q06": ["Every new colleague has somebody to turn to."],
    "q07": ["2"],
    "c1_a.RDY-C1-a1": ["1"],
    "c1_a.RDY-C1-a7": ["3"],
    "c1_d.own": ["Fewer quarrels"],
    "c2_on_formal": ["RDY-C2-01", "RDY-C2-06"],
    "c2_off_informal.own": ["A walk with the whole team"],
    "q01": ["A course now and then."],
    "q01_hours": ["16"],
    "q01_budget": ["1 200"],
    "q02": ["It would build on the welcome day."],
    "q03a": ["A welcome day"],
    "q03b": ["Nothing"],
    "q03c": ["Nothing"],
    "q03d": ["Nothing"],
    "q12": ["One plan for both."],
    "q13": ["money", "advice"],
    "q14": ["Buddy: somebody who makes time."],
    "recommend": ["inform_first"],
}
ASKED = {question.id: question for question in READINESS_SURVEY.questions}


def test_checklist_1_has_49_items_in_six_domains() -> None:
    assert [len(question.options) for question in CHECKLIST_1.questions] == [8, 14, 10, 7, 5, 5]
    for question in CHECKLIST_1.questions:
        domain = question.id[-1]
        assert question.kind is Kind.PRIORITIES
        assert question.own
        assert not question.required
        numbers = range(1, len(question.options) + 1)
        assert [option.id for option in question.options] == [f"RDY-C1-{domain}{number}" for number in numbers]


def test_checklist_2_has_28_items_on_two_axes() -> None:
    assert [question.id for question in CHECKLIST_2.questions] == [
        "c2_on_formal",
        "c2_on_informal",
        "c2_14",
        "c2_off_formal",
        "c2_off_informal",
    ]
    lists = [question for question in CHECKLIST_2.questions if question.id != "c2_14"]
    assert [len(question.options) for question in lists] == [11, 10, 5, 2]
    ids = [option.id for question in lists for option in question.options]
    assert ids == [f"RDY-C2-{number:02}" for number in range(1, 29)]
    assert all(q.own and not q.required and q.kind is Kind.CHOICES for q in lists)


def test_feedback_talks_are_of_four_kinds_and_asked_where_there_are_any() -> None:
    assert [option.id for option in ASKED["c2_14"].options] == [f"RDY-C2-14{letter}" for letter in "abcd"]
    talks = {"c2_14": ["RDY-C2-14a", "RDY-C2-14d"]}
    assert "c2_14" not in read(READINESS_SURVEY, FILLED | talks).answers
    some = FILLED | talks | {"c2_on_informal": ["RDY-C2-12", "RDY-C2-14"]}
    assert read(READINESS_SURVEY, some).answers["c2_14"] == talks["c2_14"]


def test_questions_follow_the_appreciative_order() -> None:
    order = [question.id for question in READINESS_SURVEY.questions]
    assert order[:8] == ["q04", "q04_own", "q05", "q06", "q07", "q08", "q09", "q10"]
    assert order[8:14] == ["c1_a", "c1_b", "c1_c", "c1_d", "c1_e", "c1_f"]
    assert order[-1] == "recommend"
    assert len(set(order)) == len(order)


def test_every_question_of_the_framework_is_asked() -> None:
    asked = {question.id for question in READINESS_SURVEY.questions}
    assert {f"q{number:02}" for number in (1, 2, *range(4, 11), 12, 13, 14)} <= asked
    assert {"q03a", "q03b", "q03c", "q03d", "q11_new", "q11_longer"} <= asked
    assert all(question.source.startswith("RDY-") for question in READINESS_SURVEY.questions)


def test_five_decisions_can_be_advised() -> None:
    ids = [option.id for option in ASKED["recommend"].options]
    assert ids == ["go", "not_needed", "inform_first", "other_first", "outside_help"]


def test_the_team_answers_and_opinions_are_of_the_programme() -> None:
    assert READINESS_SURVEY.by is Role.TEAM
    assert {question.reads for question in READINESS_SURVEY.questions} == {Visibility.PROGRAMME}


def test_an_empty_survey_is_refused() -> None:
    refused = {problem.question for problem in read(READINESS_SURVEY, {}).problems}
    assert refused == {question.id for question in READINESS_SURVEY.questions if question.required}
    assert {"q06", "recommend"} <= refused


def test_a_full_survey_is_accepted() -> None:
    reading = read(READINESS_SURVEY, FILLED)
    assert reading.problems == []
    assert reading.answers["c1_a"] == {"RDY-C1-a1": 1, "RDY-C1-a7": 3}
    assert reading.answers["c1_d"] == {"own:Fewer quarrels": 1}
    assert reading.answers["q01_budget"] == 1200
    assert reading.answers["q13"] == ["advice", "money"]


def test_the_ladder_reminds_then_escalates_then_closes() -> None:
    ladder = READINESS_SURVEY.ladder
    assert (ladder.remind, ladder.escalate, ladder.due) == ((5, 10), 12, 14)
