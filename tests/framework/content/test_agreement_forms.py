"""The agreements hold every clause of the framework; what stays with the pair is kept from the line manager."""

import pytest

from framework.content.agreement import CONTRACT_SIGNATURE, FORMS, GROWTH_CONTRACT, MANAGER_CONSENT, NEW_HIRE_AGREEMENT
from framework.content.talks import TOPICS
from framework.people import Role
from framework.questions import Kind, Questionnaire
from framework.reading import read
from framework.visibility import Track, Visibility, may_read
from tests.framework.content.submissions import in_full, only_required


def test_forms_have_their_own_ids_and_writers() -> None:
    assert {form.id: form.by for form in FORMS} == {
        "growth_contract": Role.MENTEE,
        "new_hire_agreement": Role.MENTOR,
        "contract_signature": Role.MENTOR,
        "manager_consent": Role.LINE_MANAGER,
    }
    for form in FORMS:
        ids = [question.id for question in form.questions]
        assert len(ids) == len(set(ids))


def test_growth_contract_holds_the_15_clauses() -> None:
    sources = {source for question in GROWTH_CONTRACT.questions for source in question.source.split(", ")}
    assert sources == {f"REL-C{n:02}" for n in range(1, 16)} | {"LEG-19"}


def test_new_hire_agreement_holds_the_12_items_and_a_signature() -> None:
    sources = {question.source for question in NEW_HIRE_AGREEMENT.questions if question.id != "signature"}
    assert sources == {f"REL-N{n:02}" for n in range(1, 13)}


def test_line_manager_reads_neither_excluded_topics_nor_ways_to_reach_the_pair() -> None:
    hidden = {q.id for q in GROWTH_CONTRACT.questions if not may_read(Role.LINE_MANAGER, q.reads, Track.GROWTH)}
    assert hidden == {"rel_c04", "rel_c11"}


def test_line_manager_of_a_newcomer_reads_the_training_plan() -> None:
    plan = {q.id for q in NEW_HIRE_AGREEMENT.questions if q.reads is Visibility.CONTENT}
    assert plan == {"rel_n03"}
    assert may_read(Role.LINE_MANAGER, Visibility.CONTENT, Track.NEW_HIRE)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_an_empty_form_is_refused(form: Questionnaire) -> None:
    assert read(form, {}).problems


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_full_form_and_a_short_one_are_accepted(form: Questionnaire) -> None:
    assert read(form, in_full(form)).problems == []
    assert read(form, only_required(form)).problems == []


@pytest.mark.parametrize("form", [GROWTH_CONTRACT, NEW_HIRE_AGREEMENT], ids=lambda form: form.id)
def test_no_agreement_without_a_signature_and_every_promise(form: Questionnaire) -> None:
    for question in form.questions:
        if question.kind in {Kind.CONFIRM, Kind.SIGNATURE}:
            typed = in_full(form)
            del typed[question.id]
            assert [problem.question for problem in read(form, typed).problems] == [question.id]


def test_second_signatory_signs_or_says_what_should_change() -> None:
    assert [p.question for p in read(CONTRACT_SIGNATURE, {"agree": ["yes"]}).problems] == ["signature"]
    assert [p.question for p in read(CONTRACT_SIGNATURE, {"agree": ["no"]}).problems] == ["remark"]
    signed = read(CONTRACT_SIGNATURE, in_full(CONTRACT_SIGNATURE, agree="yes")).answers
    assert set(signed) == {"agree", "signature"}


def test_remark_of_the_second_signatory_stays_with_the_pair() -> None:
    remark = next(q for q in CONTRACT_SIGNATURE.questions if q.id == "remark")
    assert remark.reads is Visibility.PERSONAL


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_line_manager_consents_or_not_without_having_to_explain(answer: str) -> None:
    assert read(MANAGER_CONSENT, {"consent": [answer]}).problems == []


def test_ladders_are_those_of_the_phase() -> None:
    ladders = {form.id: (form.ladder.due, form.ladder.remind, form.ladder.escalate) for form in FORMS}
    assert ladders["growth_contract"] == ladders["new_hire_agreement"] == (14, (6, 10), 12)
    assert ladders["contract_signature"] == ladders["manager_consent"] == (7, (3, 5), 6)


def test_excluded_topics_are_those_of_the_meetings_and_own_lines() -> None:
    left_out = next(question for question in GROWTH_CONTRACT.questions if question.id == "rel_c04")
    assert left_out.options == TOPICS
    typed = in_full(GROWTH_CONTRACT, rel_c04="politics") | {"rel_c04.own": ["My former team"]}
    assert read(GROWTH_CONTRACT, typed).answers["rel_c04"] == ["politics", "own:My former team"]


def test_plans_are_kept_line_by_line() -> None:
    steps = {"rel_c02_plan.1.step": ["Lead the Monday meeting"], "rel_c02_plan.1.by": ["1 5 2027"]}
    assert read(GROWTH_CONTRACT, in_full(GROWTH_CONTRACT) | steps).answers["rel_c02_plan"] == [
        {"goal": "Some", "step": "Lead the Monday meeting", "by": "2027-05-01"}
    ]
    plan = {"rel_n03.2.skill": ["The press"], "rel_n03.2.how": ["With Tom"]}
    without = {name: typed for name, typed in in_full(NEW_HIRE_AGREEMENT).items() if not name.startswith("rel_n03")}
    assert [p.question for p in read(NEW_HIRE_AGREEMENT, without).problems] == ["rel_n03"]
    assert read(NEW_HIRE_AGREEMENT, without | plan).answers["rel_n03"] == [{"skill": "The press", "how": "With Tom"}]
