"""Who can read what: the sentence at each field, and what stands beside the questions."""

import pytest
from starlette.datastructures import QueryParams

from framework.content import FORMS
from framework.people import Role
from framework.visibility import READERS
from models import link, request, response
from models.base import transaction
from portal.page import Page
from portal.readers import of_form, sentence
from tests.portal.stage import TODAY

NAMES = {
    Role.MENTOR: "your %(mentor)s",
    Role.MENTEE: "your %(mentee)s",
    Role.COORDINATOR: "coordinator",
    Role.TEAM: "project team",
    Role.LINE_MANAGER: "line manager",
}
PAIR = (NAMES[Role.MENTOR], NAMES[Role.MENTEE])
PARTNERS = "colleagues who may be paired with you"  # before there is a pair: either side of it


@pytest.mark.parametrize("writer", [Role.MENTOR, Role.MENTEE])
@pytest.mark.parametrize("cell", READERS)
def test_sentence_names_every_reader_and_no_other(writer, cell):
    told = sentence(Page(QueryParams()), writer, *cell).partition(".")[0]
    for role, name in NAMES.items():
        if role is not writer:
            said = told.replace("the line manager of your %(mentee)s", "line manager").replace(PARTNERS, "/".join(PAIR))
            assert (name in said) == (role in READERS[cell]), (told, role)


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda f: f.id)
def test_receipt_names_every_part_once(form):
    for track in {track for _, track in READERS}:
        parts = [part for group in of_form(Page(QueryParams()), form, form.by, track) for part in group.parts]
        assert len(parts) >= len(form.sections)
        assert len(parts) == len(set(parts))
        assert set(parts) <= {s.title for s in form.sections} | {q.ask for q in form.questions}


def _written(stage, form, about, answers):
    token = stage.ask(form, about=about)
    with transaction() as session:
        asked = request.by_link(session, link.open_link(session, token, "form").id)
        told = {"form": form, "version": 1, "language": "en", "answered_on": TODAY}
        response.keep(session, asked, answers=answers, **told)


def test_pair_reads_all_of_the_agreement_and_the_manager_not(stage, browser):
    about = stage.pair()
    _written(stage, "growth_contract", about, {"rel_c02": "learn to lead", "rel_c04": "a canary between us"})
    pair = browser.get(f"/f/{stage.ask('contract_signature', 'tom', about=about)}").text
    assert "learn to lead" in pair
    assert "a canary between us" in pair
    manager = browser.get(f"/f/{stage.ask('manager_consent', 'jan', about=about)}").text
    assert "learn to lead" in manager
    assert "canary" not in manager


def test_nothing_of_another_pair_is_shown(stage, browser):
    _written(stage, "growth_contract", stage.pair(), {"rel_c02": "a canary of others"})
    other = stage.pair("jan", "amira")
    assert "canary" not in browser.get(f"/f/{stage.ask('contract_signature', 'jan', about=other)}").text
    assert "canary" not in browser.get(f"/f/{stage.ask('manager_consent', 'jan')}").text


def test_preparation_stands_above_its_one_question(stage, browser):
    about = stage.pair()
    token = stage.ask("preparation_shared", "tom", about=about)
    _written(stage, "meeting_preparation", about, {"ses_f2": "my next step"})
    assert "my next step" in browser.get(f"/f/{token}").text
    assert browser.post(f"/f/{token}", data={"read": "yes"}).status_code == 303


def test_signer_is_told_about_the_right_partner(stage, browser):
    about = stage.pair()
    page = browser.get(f"/f/{stage.ask('contract_signature', 'zoe', about=about)}").text
    assert "your guide" in page
    assert "your mentee" not in page
