"""A new hire hands one personal answer to the line manager: by own wish, with a copy, and nobody else ever (LEG-11)."""

import pytest
import sqlalchemy as sa

from framework import programme as rules
from framework.content import FORMS
from framework.questions import Kind
from framework.visibility import TABLE, Cell, Reader, Track, Visibility, Whose
from models import programme
from models.base import transaction
from models.delivery import Delivery
from models.event import Event
from models.pairing import Pairing
from models.person import Person
from tests.portal.stage import sensible

FORM = "meeting_log"
ASKED = next(q.id for q in FORMS[FORM].questions if q.kind is Kind.LONG_TEXT)
WORDS = "a canary for my manager"


@pytest.fixture
def hired(stage):
    """The programme is for new hires, and Jan leads Zoë."""
    with transaction() as session:
        given = session.get_one(programme.Programme, stage.programme).rules.model_dump(mode="json")
        programme.keep(session, rules.Programme.model_validate(given | {"track": "new-hire"}))
        session.get_one(Person, stage.people["zoe"]).manager_id = stage.people["jan"]
    return stage


def pair_of(stage):
    """The one pair of the tests."""
    with transaction() as session:
        found = session.scalars(sa.select(Pairing.id)).first()
    return f"pairing:{found}" if found else stage.pair()


def sent(stage, browser, who="zoe", form=FORM):
    """Somebody answers a form about a pair; where it can be read back."""
    token = stage.ask(form, who, about=pair_of(stage))
    typed = sensible(FORMS[form])
    if form == FORM:
        typed[ASKED] = [WORDS]
    assert browser.post(f"/f/{token}", data=typed).status_code == 303
    return f"/f/{token}"


def mails():
    with transaction() as session:
        rows = session.scalars(sa.select(Delivery).where(Delivery.template == "answer_shared").order_by(Delivery.id))
        return [(one.person_id, str(one.state), one.fields) for one in rows]


def deeds():
    with transaction() as session:
        found = session.scalars(sa.select(Event).where(Event.action.contains("answer")).order_by(Event.id))
        return [(one.action, one.detail) for one in found if one.action != "answered"]


def share(browser, where, question=ASKED, yes="yes"):
    return browser.post(f"{where}/share", data={"question": question, "share": yes})


def test_both_get_the_one_answer_once_and_the_trail_does_not_say_it(hired, browser):
    where = sent(hired, browser)
    assert "Share this with my line manager" in browser.get(f"{where}/mine").text
    for _ in range(2):
        assert share(browser, where).status_code == 303
    told = mails()
    assert [who for who, _, _ in told] == [hired.people["jan"], hired.people["zoe"]]
    assert {fields["answer"] for _, _, fields in told} == {WORDS}
    assert all(
        set(fields) == {"given_name", "report", "manager", "question", "answer", "appointment"} for *_, fields in told
    )
    assert deeds() == [("shared an answer", {"question": ASKED})]
    assert WORDS not in str(deeds())
    assert "Do not share it any more" in browser.get(f"{where}/mine").text


def test_what_still_waits_is_called_back_and_may_be_shared_again(hired, browser):
    where = sent(hired, browser)
    share(browser, where)
    assert share(browser, where, yes="no").status_code == 303
    assert {state for _, state, _ in mails()} == {"cancelled"}
    assert [deed for deed, _ in deeds()] == ["shared an answer", "called an answer back"]
    share(browser, where)
    assert [state for _, state, _ in mails()] == ["cancelled", "cancelled", "queued", "queued"]


def test_never_on_the_growth_track(stage, browser):
    with transaction() as session:
        session.get_one(Person, stage.people["zoe"]).manager_id = stage.people["jan"]
    where = sent(stage, browser)
    assert "Share this with my line manager" not in browser.get(f"{where}/mine").text
    assert share(browser, where).status_code == 404
    assert mails() == []


def test_never_by_the_mentor_nor_of_another_class(hired, browser):
    with transaction() as session:
        session.get_one(Person, hired.people["tom"]).manager_id = hired.people["jan"]
    reflection = sent(hired, browser, "tom", "mentor_reflection")
    assert share(browser, reflection, "ses_g1").status_code == 404
    signature = sent(hired, browser, "tom", FORM)  # in a pair, Tom is the mentor
    assert share(browser, signature).status_code == 404
    review = sent(hired, browser, "zoe", "check_in_mentee")
    assert share(browser, review, "satisfied").status_code == 404
    assert mails() == []


def test_never_without_a_fresh_sitting_nor_before_it_was_sent(hired, browser):
    where = sent(hired, browser)
    browser.cookies.clear()
    assert "Share this with my line manager" not in browser.get(f"{where}/mine").text
    assert share(browser, where).headers["location"].endswith("/fresh")
    token = hired.ask(FORM, "zoe", about=pair_of(hired))
    assert share(browser, f"/f/{token}").status_code in {303, 404}
    assert mails() == []


def test_closed_cell_closes_the_way(hired, browser, monkeypatch):
    """The control: the table alone lets it through."""
    where = sent(hired, browser)
    cell = (Visibility.PERSONAL, Track.NEW_HIRE, Reader.LINE_MANAGER, Whose.ANOTHER)
    monkeypatch.setitem(TABLE, cell, Cell.NO)
    assert share(browser, where).status_code == 404
    assert mails() == []
