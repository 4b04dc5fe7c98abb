"""The two applications ask what the framework lists, and a no ends them; nobody has to be nominated."""

import pytest

from framework.content.recruitment import MENTEE_APPLICATION, MENTOR_APPLICATION, MOTIVES, NOMINATION, RELUCTANCE
from framework.content.skills import LANGUAGES, SKILLS
from framework.people import Role
from framework.questions import Kind, Questionnaire
from framework.reading import read
from framework.visibility import READERS, Track, Visibility

FORMS = (MENTOR_APPLICATION, MENTEE_APPLICATION)
MENTOR = {
    "join": ["yes"],
    "motivation": ["I was helped once, and I want to pass that on."],
    "topics": ["negotiation", "safety"],
    "languages": ["nl", "fr"],
    "hours": ["4"],
    "capacity": ["2"],
    "mentored_before": ["no"],
    "informal": ["yes"],
    "channel": ["both"],
    "times": ["early", "lunch"],
    "style": ["direct", "doing"],
    "prefer": ["Somebody Dear"],
    "avoid": ["Somebody"],
    "conflicts": ["Somebody, Somebody Else"],
    "voluntary": ["yes"],
}
MENTEE = {
    "join": ["yes"],
    "motives": ["DEF-Q02", "DEF-Q05"],
    "goal": ["To lead a small team within two years."],
    "competences": ["delegating"],
    "languages": ["fr"],
    "channel": ["in_person"],
    "times": ["evening"],
    "style": ["coffee"],
    "prefer": ["Somebody Dear"],
    "avoid": ["Somebody"],
    "voluntary": ["yes"],
}


def test_reasons_and_motives_are_those_of_the_framework() -> None:
    assert [option.id for option in RELUCTANCE] == [f"RSK-R{number:02}" for number in range(1, 13)]
    assert [option.id for option in MOTIVES] == [f"DEF-Q{number:02}" for number in range(1, 11)]


def test_skills_and_languages_are_unique() -> None:
    assert len({option.id for option in SKILLS}) == len(SKILLS) == 24
    assert [option.id for option in LANGUAGES] == ["nl", "fr", "en", "de"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_ids_are_unique_and_a_no_is_asked_first(form: Questionnaire) -> None:
    ids = [question.id for question in form.questions]
    assert len(set(ids)) == len(ids)
    assert ids[0] == "join"
    assert ids[-1] == "voluntary"
    assert form.questions[-1].kind is Kind.CONFIRM
    assert {question.when.question for question in form.questions[1:] if question.when} == {"join"}
    assert all(question.when for question in form.questions[1:])


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_only_the_coordinator_reads_an_application(form: Questionnaire) -> None:
    classes = {
        Visibility.CONTENT: {"goal", "competences"},  # the mentor who is asked reads these two (MAT-M04)
        Visibility.PROFILE: {"topics", "field", "languages"},  # who may choose among people reads these (MAT-M03)
        Visibility.SPECIAL: {"decline_reason"},  # only ever counted (LEG-28)
        Visibility.REVIEW: {"avoid", "conflicts", "prefer"},  # never shown back through a link (CAP-105, CAP-107)
    }
    of = {name: reads for reads, names in classes.items() for name in names}
    for question in form.questions:
        assert question.reads is of.get(question.id, Visibility.APPLICATION)
    for reads in (Visibility.APPLICATION, Visibility.REVIEW):
        assert all(READERS[reads, track] == {Role.COORDINATOR} for track in Track)


def test_both_sides_may_name_whom_to_meet_and_whom_not_and_say_when_and_how() -> None:
    asked = [{q.id: q for q in form.questions} for form in FORMS]
    for name in ("avoid", "conflicts", "prefer", "times", "style"):
        assert asked[0][name] == asked[1][name]
        assert not asked[0][name].required


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_an_empty_application_is_refused(form: Questionnaire) -> None:
    assert [problem.question for problem in read(form, {}).problems] == ["join"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_bare_yes_is_refused_and_a_bare_no_is_enough(form: Questionnaire) -> None:
    required = {question.id for question in form.questions[1:] if question.required}
    assert {problem.question for problem in read(form, {"join": ["yes"]}).problems} == required
    assert read(form, {"join": ["no"]}).problems == []


@pytest.mark.parametrize(("form", "typed"), [(MENTOR_APPLICATION, MENTOR), (MENTEE_APPLICATION, MENTEE)])
def test_a_full_application_is_accepted(form: Questionnaire, typed: dict[str, list[str]]) -> None:
    reading = read(form, typed)
    assert reading.problems == []
    assert set(reading.answers) == set(typed)


def test_a_reason_is_kept_only_with_a_no() -> None:
    reason = {"decline_reason": ["RSK-R07"]}
    assert read(MENTOR_APPLICATION, {"join": ["no"], **reason}).answers["decline_reason"] == "RSK-R07"
    assert "decline_reason" not in read(MENTOR_APPLICATION, MENTOR | reason).answers


def test_a_yes_under_pressure_is_refused() -> None:
    typed = {key: value for key, value in MENTOR.items() if key != "voluntary"}
    assert [problem.question for problem in read(MENTOR_APPLICATION, typed).problems] == ["voluntary"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_the_ladder_reminds_and_never_escalates(form: Questionnaire) -> None:
    assert (form.ladder.remind, form.ladder.escalate, form.ladder.due) == ((7, 14), None, 21)


def test_a_manager_may_nominate_nobody() -> None:
    assert NOMINATION.by is Role.LINE_MANAGER
    assert read(NOMINATION, {"nominate": ["no"]}).answers == {"nominate": "no"}
    assert [problem.question for problem in read(NOMINATION, {"nominate": ["yes"]}).problems] == ["nominees"]


def test_a_nomination_says_whom_as_what_why_and_what_was_seen() -> None:
    typed = {
        "nominate": ["yes"],
        "nominees.1.person": ["An Peeters"],
        "nominees.1.role": ["mentor"],
        "nominees.1.why": ["Everybody asks her"],
        "nominees.1.informal": ["yes"],
        "nominees.3.person": ["tom@example.com"],
    }
    assert read(NOMINATION, typed).answers["nominees"] == [
        {"person": "An Peeters", "role": "mentor", "why": "Everybody asks her", "informal": "yes"},
        {"person": "tom@example.com"},
    ]
    assert all(
        READERS[question.reads, track] == {Role.COORDINATOR} for question in NOMINATION.questions for track in Track
    )
