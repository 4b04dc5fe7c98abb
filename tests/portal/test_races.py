"""Two at once: an answer beside the coordinator's word, two drafts, two words: one of them counts, and nothing breaks."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from framework.content import FORMS
from models import decision, delivery, draft, link, request, response
from models.base import reading, transaction
from models.event import Event
from tests.portal import stage as stages
from tests.portal.conftest import TestClient, create_app
from tests.portal.stage import SURE, deeds, mail, sensible

ROUNDS = 4
CALM = {200, 303, 409, 410, 422}


def together(*acts):
    """Do all of that in the same moment; what each gave. Whatever one raises is raised here."""
    gate = Barrier(len(acts))

    def begin(act):
        gate.wait(30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [one.result() for one in [pool.submit(begin, act) for act in acts]]


def post(path, typed):
    """A post from a browser of its own, to be done later; its status."""
    browser = TestClient(create_app(), follow_redirects=False)
    return lambda: browser.post(path, data=typed).status_code


def asked_by(token):
    """The question behind a link: its number."""
    with transaction() as session:
        return request.by_link(session, link.open_link(session, token, "form").id).id


def call_off(number):
    """The coordinator, or a phase that moves on, calls a question off."""

    def act():
        with transaction() as session:
            done = request.change_status(session, number, "open", "cancelled")
            if done:
                delivery.cancel_for_request(session, number)
            return 200 if done else 409

    return act


@pytest.mark.slow
def test_answer_beside_its_calling_off_is_one_of_the_two(database):
    stage = stages.build()
    for _ in range(ROUNDS):
        token = stage.ask("pairing_mentee")
        number = asked_by(token)
        sent, ended = together(post(f"/f/{token}", {"accept": "yes"}), call_off(number))
        assert {sent, ended} <= CALM
        with reading() as session:
            status = str(session.get(request.Request, number).status)
            given = response.of_request(session, number)
        assert (status, given is not None, sent) in {("answered", True, 303), ("cancelled", False, 410)}


@pytest.mark.slow
def test_drafts_of_two_browsers_are_kept_one_after_the_other(database):
    stage = stages.build()
    for _ in range(ROUNDS):
        token = stage.ask("mentor_application")
        one, two = ({"motivation": said, "go": "later"} for said in ("from the phone", "from the desk"))
        assert together(post(f"/f/{token}/part/2", one), post(f"/f/{token}/part/2", two)) == [303, 303]
        number = asked_by(token)
        with reading() as session:
            rows = session.scalars(sa.select(draft.Draft).where(draft.Draft.request_id == number)).all()
            assert [row.told["motivation"][0] in {"from the phone", "from the desk"} for row in rows] == [True]


@pytest.mark.slow
def test_form_sent_and_thrown_away_at_once_is_one_answer_at_most(database):
    stage, typed = stages.build(), sensible(FORMS["check_in_mentee"])
    token = stage.ask("check_in_mentee")
    assert post(f"/f/{token}", typed | {"go": "later"})() == 303
    statuses = together(
        post(f"/f/{token}", typed),
        post(f"/f/{token}", typed),
        post(f"/f/{token}/again", SURE),
        post(f"/f/{token}/check", SURE),
    )
    assert set(statuses) <= CALM
    with reading() as session:
        kept = session.scalar(sa.select(sa.func.count()).select_from(response.Response))
        assert kept <= 1  # none where it was thrown away before anybody said that it is the answer
        assert session.scalar(sa.select(sa.func.count()).where(Event.action == "answered")) == kept


@pytest.mark.slow
def test_contrary_words_on_one_mailing_are_one_word(database):
    stage = stages.build()
    mail(stage, "mentee_call", "zoe", state="draft")
    page = TestClient(create_app()).get(f"/desk/{stage.desk}/mails")
    digest = page.text.partition('name="digest" value="')[2].partition('"')[0]
    typed = {"mailing": "mentee_call", "digest": digest}
    desk = f"/desk/{stage.desk}/mails"
    words = [post(desk, typed | {"choice": choice}) for choice in ("release", "cancel", "release", "cancel")]
    statuses = together(*words)
    assert sorted(statuses) == [303, 303, 409, 409]
    assert deeds("released") + deeds("cancelled") == 1
    with reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(decision.Decision)) == 1
