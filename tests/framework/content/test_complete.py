"""Every item of the framework's forms is asked, once in each form where it belongs, and carries its ID (section 1)."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from framework.content import FORMS, benefits
from framework.content.training import CURRICULUM_G, CURRICULUM_N
from framework.questions import Kind, Question, Questionnaire
from framework.visibility import TABLE, Reader, Track, Visibility, Whose


def numbered(prefix: str, last: int, first: int = 1, width: int = 2) -> list[str]:
    """IDs in a row: REL-N01 to REL-N12."""
    return [f"{prefix}{number:0{width}}" for number in range(first, last + 1)]


CHECKLIST_1 = [
    f"RDY-C1-{domain}{n}"
    for domain, last in zip("abcdef", (8, 14, 10, 7, 5, 5), strict=True)
    for n in range(1, last + 1)
]
CHECKLIST_2 = [*numbered("RDY-C2-", 28), *(f"RDY-C2-14{letter}" for letter in "abcd")]
REVIEWED = [f"REV-P{n}" for n in range(1, 7)]

ITEMS: dict[str, list[str]] = {
    "readiness_survey": [
        *(f"RDY-Q{n:02}" for n in range(1, 15) if n != 3),
        *(f"RDY-Q03{letter}" for letter in "abcd"),
        *CHECKLIST_1,
        *CHECKLIST_2,
        "RDY-D1..D5",
    ],
    "mentor_application": [
        *numbered("RSK-R", 12),
        *("SEL-A", "SEL-B", "SEL-C", "REC-02", "REC-04", "REC-10", "MAT-Q01", "MAT-Q02", "MAT-Q07", "MAT-Q08"),
        *("MAT-Q09", *numbered("MAT-Q", 16, 12), "MAT-19", "CAP-074", "CAP-081", "CAP-105"),
    ],
    "mentee_application": [
        *numbered("DEF-Q", 10),
        *("SEL-05", "REC-02", "REC-10", "MAT-Q03", "MAT-Q04", "MAT-Q07", "MAT-Q08", "MAT-Q09"),
        *(*numbered("MAT-Q", 16, 12), "CAP-081", "CAP-105"),
    ],
    "nomination": ["REC-03", "REC-04", "CAP-060", "CAP-061"],
    "mentor_profile_a": numbered("SEL-PA", 11),
    "mentor_profile_b": [*(f"SEL-PB01{part}" for part in "abcde"), *numbered("SEL-PB", 5, 2)],
    "mentor_profile_c": numbered("SEL-PC", 15),
    "mentee_profile": numbered("SEL-PM", 23),
    "mentor_invitation": ["SEL-10"],
    "training_enrolment_mentor": ["TRN-M01", "TRN-03", "TRN-08"],
    "training_enrolment_mentee": ["TRN-M01", "TRN-03", "TRN-08"],
    "training_evaluation_mentor": [*numbered("TRN-G", 14), "TRN-M07", "TRN-03", "TRN-04", "TRN-06"],
    "training_evaluation_mentee": [*numbered("TRN-G", 10), *numbered("TRN-G", 14, 12), "TRN-M07", "TRN-03"],
    "training_evaluation_mentor_new_hire": [*numbered("TRN-N", 11), "TRN-M07", "TRN-03", "TRN-04", "TRN-06"],
    "growth_contract": [*numbered("REL-C", 15), "LEG-19"],
    "new_hire_agreement": [*numbered("REL-N", 12), "LEG-21"],
    "contract_signature": ["REL-C14", "LEG-21", "REL-M03"],
    "manager_consent": ["REL-C13", "REL-M04"],
    "meeting_preparation": numbered("SES-F", 8, width=1),
    "mentor_reflection": numbered("SES-G", 8, width=1),
    "meeting_log": [*numbered("SES-E", 4, width=1), "SES-06", "SES-04", "CAP-137", "CAP-144", "CAP-147", "CAP-148"],
    "took_place_mentee": ["CAP-165", "SES-M06"],
    "help_request": ["CAP-153", "SUP-M04"],
    "programme_feedback": ["CAP-173", "REV-07"],
    "new_hire_review_mentor": [*numbered("REV-N", 7, width=1), "RSK-01"],
    "new_hire_review_mentee": [*numbered("REV-N", 7, width=1), "RSK-01"],
    "check_in_mentor": ["REV-P1", "REV-P3", "REV-P4", "REV-03", "REV-06"],
    "check_in_mentee": ["REV-P1", "REV-P3", "REV-P4", "REV-03", "REV-06", "RSK-07"],
    "pair_review_mentor": REVIEWED,
    "pair_review_mentee": [*REVIEWED, "RSK-07"],
    "early_check_mentor": ["MAT-M09", "REV-03"],
    "early_check_mentee": ["MAT-M09", "REV-03"],
    "facilitator_review": [*numbered("REV-F", 8, width=1), "REV-M09"],
    "relationship_end_mentor": [*numbered("FRE-Q", 5, width=1), "MET-07", "FRE-02"],
    "relationship_end_mentee": [*numbered("FRE-Q", 5, width=1), "MET-07", "FRE-02", "FRE-D1"],
    "story_mentor": ["CEL-03", "CEL-M03", "LEG-29", "CAP-184"],
    "story_mentee": ["CEL-03", "CEL-M03", "LEG-29", "CAP-184"],
    "exit_interview": ["CAP-183", "CAP-196", "FRE-04", "MET-36"],
    "programme_evaluation_mentor": numbered("PFE-Q", 9, width=1),
    "programme_evaluation_mentee": numbered("PFE-Q", 9, width=1),
    "programme_evaluation_line_manager": [*numbered("PFE-Q", 9, width=1), *numbered("BEN-", 52, 48)],
    "programme_evaluation_team": [*numbered("PFE-Q", 9, width=1), *numbered("BEN-", 79, 59)],
    "programme_evaluation_team_new_hire": [*numbered("PFE-Q", 9, width=1), *numbered("BEN-", 58, 53)],
    "follow_up_mentee": [*numbered("BEN-", 23, 10), "FUP-02", "FUP-03", "FUP-04", "MET-03"],
    "follow_up_mentee_new_hire": [*numbered("BEN-", 9), "FUP-02", "FUP-03", "FUP-04", "MET-03"],
    "follow_up_mentor": [*numbered("BEN-", 47, 36), "FUP-02", "FUP-03", "FUP-04"],
    "follow_up_mentor_new_hire": [*numbered("BEN-", 35, 24), "FUP-02", "FUP-03", "FUP-04"],
    "meet_and_greet_mentor": ["CAP-096", "MAT-M06"],
    "meet_and_greet_mentee": ["CAP-096", "MAT-M06"],
    "pairing_mentor": ["MAT-D1", "MAT-M06"],
    "pairing_mentee": ["MAT-D1", "MAT-M06"],
    "mentor_wishes": ["MAT-Q14"],
    "mentee_wishes": ["MAT-Q14"],
}
"""By form: the items that it has to ask, as a question or as something to choose."""

TOTALS = {
    "readiness_survey": (("RDY-C1-", 49), ("RDY-C2-", 32), ("RDY-Q", 17)),
    "mentor_profile_a": (("SEL-PA", 11),),
    "mentor_profile_b": (("SEL-PB", 9),),
    "mentor_profile_c": (("SEL-PC", 15),),
    "mentee_profile": (("SEL-PM", 23),),
    "new_hire_agreement": (("REL-N", 12),),
    "growth_contract": (("REL-C", 15),),
    "meeting_preparation": (("SES-F", 8),),
    "mentor_reflection": (("SES-G", 8),),
    "meeting_log": (("SES-E", 4),),
    "new_hire_review_mentee": (("REV-N", 7),),
    "pair_review_mentee": (("REV-P", 6),),
    "facilitator_review": (("REV-F", 8),),
    "relationship_end_mentee": (("FRE-Q", 5),),
    "programme_evaluation_mentee": (("PFE-Q", 9),),
}
"""How many different items of a kind a form holds, as the framework numbers them."""

ID = re.compile(r"[A-Z]{2,4}-[A-Za-z0-9]+(-[a-z0-9]+)?(\.\.[A-Z0-9-]+)?|framework 1\.\d+")


def items(form: Questionnaire) -> Iterator[str]:
    """The IDs that a form carries: of its questions, and of what can be chosen."""
    for question in form.questions:
        yield from question.source.split(", ")
        yield from (option.id for option in question.options if "-" in option.id)


def missing(form: Questionnaire) -> list[str]:
    """The items that a form should ask and does not."""
    return sorted(set(ITEMS.get(form.id, ())) - set(items(form)))


ASKING = [form for form in FORMS.values() if form.questions]
OTHERS = {"preparation_shared", "help_given", *(name for name in FORMS if name.startswith(("pairing_", "peer_")))}
"""Forms of one yes or no, or of the desk, that stand for no list of the framework."""


def test_every_form_stands_in_the_table_or_has_no_list_of_its_own() -> None:
    assert {form.id for form in ASKING} - set(ITEMS) <= OTHERS
    assert set(ITEMS) <= {form.id for form in ASKING}


@pytest.mark.parametrize("form", ASKING, ids=lambda form: form.id)
def test_nothing_that_the_framework_asks_is_missing(form: Questionnaire) -> None:
    assert missing(form) == []


@pytest.mark.parametrize("name", TOTALS)
def test_a_list_has_as_many_items_as_in_the_framework(name: str) -> None:
    found = set(items(FORMS[name]))
    for prefix, many in TOTALS[name]:
        assert len({one for one in found if re.fullmatch(rf"{prefix}[a-f]?\d+[a-e]?", one)}) == many, prefix


@pytest.mark.parametrize("form", ASKING, ids=lambda form: form.id)
def test_no_question_and_nothing_to_choose_is_there_twice(form: Questionnaire) -> None:
    assert [one for one, times in Counter(question.id for question in form.questions).items() if times > 1] == []
    options = [option.id for question in form.questions for option in question.options if "-" in option.id]
    assert len(options) == len(set(options))
    for question in form.questions:
        assert len({option.id for option in question.options}) == len(question.options)
        assert len({option.label for option in question.options}) == len(question.options)
        assert len({column.id for column in question.columns}) == len(question.columns)


@pytest.mark.parametrize("form", ASKING, ids=lambda form: form.id)
def test_every_question_says_where_it_comes_from(form: Questionnaire) -> None:
    assert [q.id for q in form.questions if not q.source or not all(map(ID.fullmatch, q.source.split(", ")))] == []
    assert form.source


def test_a_missing_item_is_found() -> None:
    """The control: a form without its last part lacks what stood there."""
    form = FORMS["meeting_log"]
    less = replace(form, sections=form.sections[:1])
    assert {"SES-E1", "SES-E4", "CAP-147"} <= set(missing(less))


def test_the_catalogue_and_the_curricula_are_whole() -> None:
    lists = (benefits.MENTEE_NEW, benefits.MENTEE, benefits.MENTOR_NEW, benefits.MENTOR, benefits.LINE_MANAGER)
    every = [option.id for options in (*lists, benefits.COMPANY_NEW, benefits.COMPANY) for option in options]
    assert every == numbered("BEN-", 79)
    assert [len(CURRICULUM_N), len(CURRICULUM_G)] == [11, 14]


KNOWN = ("years", "department", "site", "country", "job_title", "manager", "interests", "employee_number", "email")
"""What the roster tells of everybody, and is not asked again (WCAG 3.3.7)."""


@pytest.mark.parametrize("form", ASKING, ids=lambda form: form.id)
def test_nothing_is_asked_that_the_roster_knows(form: Questionnaire) -> None:
    assert {question.id for question in form.questions} & set(KNOWN) == set()
    asked = " ".join(question.ask.lower() for question in form.questions if question.kind is not Kind.SCALE)
    assert (
        re.findall(r"years of experience|which department|which site|who is your (line )?manager|job title", asked)
        == []
    )


@pytest.mark.parametrize("form", ASKING, ids=lambda form: form.id)
def test_every_class_is_in_the_table_for_both_tracks_and_every_reader(form: Questionnaire) -> None:
    for reads in {question.reads for question in form.questions}:
        assert isinstance(reads, Visibility)
        for track in Track:
            assert {(reads, track, reader, whose) for reader in Reader for whose in Whose} <= set(TABLE)


def others(question: Question) -> set[str]:
    """Who reads an answer beside its writer, on any track."""
    return {
        str(reader)
        for (reads, _, reader, whose), cell in TABLE.items()
        if reads is question.reads and whose is Whose.ANOTHER and cell.value == "yes"
    }


PROMISES: tuple[tuple[str, frozenset[str]], ...] = (
    ("only the coordinator reads your answers, except", frozenset({"coordinator", "mentor", "mentee", "line_manager"})),
    (
        "the coordinator reads your answers; only the part",
        frozenset({"coordinator", "mentor", "mentee", "line_manager"}),
    ),
    ("only the coordinator reads", frozenset({"coordinator"})),
    ("only coordinators read your answers, except", frozenset({"coordinator", "mentor", "mentee", "team"})),
    ("the coordinator and the project team read", frozenset({"coordinator", "team"})),
    ("nobody else can read them", frozenset()),
    ("nobody else reads them", frozenset({"mentor", "mentee"})),
    ("only you and your %(mentor)s read", frozenset({"mentor", "mentee"})),
)
"""What an intro says of its readers, the narrowest that fits first, and who may read then at the most."""


def promised(intro: str) -> frozenset[str] | None:
    """The readers that an intro allows; None where it says nothing of them."""
    return next((readers for said, readers in PROMISES if said in intro.lower()), None)


@pytest.mark.parametrize("form", ASKING, ids=lambda form: form.id)
def test_no_answer_goes_further_than_the_intro_says(form: Questionnaire) -> None:
    allowed = promised(form.intro)
    if allowed is not None:
        assert {q.id: others(q) for q in form.questions if not others(q) <= allowed} == {}
    for section in form.sections:
        part = promised(section.intro)
        if part is not None:
            assert {q.id: others(q) for q in section.questions if not others(q) <= part} == {}


def test_promises_are_really_read() -> None:
    """The control: most forms that people confide in say who reads them, and each kind of promise is found."""
    said = {promise for promise, _ in PROMISES for form in ASKING if promise in form.intro.lower()}
    assert said == {promise for promise, _ in PROMISES}
    assert promised("Only the coordinator reads your answers; nobody else.") == {"coordinator"}
    assert promised("It takes 2 minutes.") is None
