"""Links that live and die: what ends one, how a new one is asked for, and what a fresh one opens."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from starlette.responses import Response

from framework.content import FORMS
from models import draft, installation, link, request
from models.attempt import Attempt
from models.base import transaction
from models.delivery import Delivery
from models.link import Link
from models.person import Person
from models.programme import Milestone, Programme
from models.request import Request
from portal import sitting
from tests.portal.stage import SURE, TODAY, everything, sensible

AT = datetime(2027, 4, 20, 9, tzinfo=UTC)
FORM = "mentor_reflection"  # what it asks is confided


def link_of(token):
    """The form's link."""
    with transaction() as session:
        return link.open_link(session, token, "form") or link.dead_link(session, token, "form")


def change(table, number, **values):
    """Set some columns of a row."""
    with transaction() as session:
        for name, value in values.items():
            setattr(session.get_one(table, number), name, value)


def mails(template):
    """The messages of that kind in the outbox: to whom, behind which link."""
    with transaction() as session:
        return list(session.scalars(sa.select(Delivery).where(Delivery.template == template)))


def expired(stage, days=20, who="zoe"):
    """A question whose link has ended; its token."""
    return stage.ask(FORM, who, due=TODAY - timedelta(days=days))


def current(token):
    """What stands now in the address of that link."""
    with transaction() as session:
        return session.get_one(Link, link_of(token).id).token


def cookie(browser):
    """The name and value of the sitting, as the last answer set it."""
    return {name: value for name, value in browser.cookies.items() if "sitting" in name}


# What ends a link


def cancel(token):
    with transaction() as session:
        asked = request.by_link(session, link_of(token).id)
        request.cancel_for_person(session, asked.person_id)


def leave(token):
    change(Person, link_of(token).person_id, left_on=TODAY)


def close(token):
    with transaction() as session:
        session.execute(sa.update(Milestone).values(finished_on=TODAY))


def expire(token):
    change(Link, link_of(token).id, expires_on=TODAY - timedelta(days=1))


def revoke(token):
    with transaction() as session:
        link.revoke(session, session.get_one(Link, link_of(token).id))


def move_house(token):
    with transaction() as session:
        link.revoke_for_person(session, link_of(token).person_id)


@pytest.mark.parametrize("end", [cancel, leave, close, expire, revoke, move_house])
def test_what_ends_a_link(stage, browser, end):
    token = stage.ask(FORM)
    assert browser.get(f"/f/{token}").status_code == 200
    end(token)
    page = browser.get(f"/f/{token}")
    assert page.status_code == 410
    assert "This link no longer works" in page.text
    assert browser.post(f"/f/{token}", data=sensible(FORMS[FORM])).status_code == 410
    assert browser.get(f"/f/{token}/done").status_code == 410


def test_somebody_who_leaves_tomorrow_may_still_answer(stage, browser):
    token = stage.ask(FORM)
    change(Person, link_of(token).person_id, left_on=TODAY + timedelta(days=1))
    assert browser.get(f"/f/{token}").status_code == 200


@pytest.mark.parametrize("values", [{"left_on": TODAY}, {"email": "other@example.org", "employee_number": "other"}])
def test_desk_is_closed_to_who_has_left_or_carries_the_programme_no_longer(stage, browser, values):
    assert browser.get(f"/desk/{stage.desk}").status_code == 200
    change(Person, stage.people["amira"], **values)
    assert browser.get(f"/desk/{stage.desk}").status_code == 410


def test_deputy_has_a_desk_too(stage, browser):
    with transaction() as session:
        desk = link.desk_link(session, stage.programme, stage.people["jan"])
    assert browser.get(f"/desk/{desk.token}").status_code == 410
    change(Programme, stage.programme, settings=_settings(stage) | {"deputy": "jan"})
    assert browser.get(f"/desk/{desk.token}").status_code == 200


def test_unknown_link_is_told_apart_from_one_that_ended(stage, browser):
    token = stage.ask(FORM)
    wrong = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    for path in (f"/f/{wrong}", f"/f/{wrong}/fresh", f"/f/{wrong}/renew", f"/r/{token}", "/f/" + "é" * 44, "/f/%00"):
        assert browser.get(path).status_code == 404


# A resent mail


def test_mail_that_is_sent_again_shows_the_same_address_until_it_is_revoked(stage):
    token = stage.ask(FORM)
    with transaction() as session:
        mine = session.get_one(Link, link_of(token).id)
        first, second = mine.url, session.get_one(Link, mine.id).url
        assert first == second
        link.revoke(session, mine)
        assert mine.url != first
        assert link.open_link(session, mine.token, "form").id == mine.id


# A new link for one that has ended


@pytest.mark.parametrize("end", [expire, revoke, move_house])
def test_new_link_goes_to_the_registered_mailbox_alone(stage, browser, end):
    token = stage.ask(FORM)
    end(token)
    page = browser.get(f"/f/{token}")
    assert "Mail me a new link" in page.text
    assert "zoe@" not in page.text
    sent = browser.post(f"/f/{token}/renew", data=SURE | {"email": "thief@example.com"})
    assert sent.status_code == 303
    (mail,) = mails("new_link")
    assert (mail.person_id, mail.link_id, mail.state) == (stage.people["zoe"], link_of(token).id, "queued")
    assert (mail.due_on, mail.domain) == (TODAY, "example.org")
    assert "thief" not in str(vars(mail))
    told = browser.get(sent.headers["location"])
    assert told.status_code == 200
    assert "zoe@" not in told.text
    assert token[:22] not in told.text.replace(f"/f/{token}", "")
    assert browser.get(f"/f/{token}").status_code == 410  # the old one stays dead
    assert browser.get(f"/f/{current(token)}").status_code == 200


def test_looking_at_the_page_asks_for_nothing(stage, browser):
    token = expired(stage)
    before = everything()
    for path in (f"/f/{token}", f"/f/{token}/renew", f"/f/{token}/renew?asked=1"):
        browser.get(path)
        browser.head(path)
    assert everything() == before


def test_same_words_whether_a_mail_goes_or_not(stage, browser):
    """Still open; called off; nobody's mailbox; somebody who left: nobody learns which it is."""
    tokens = {kind: expired(stage, who=who) for kind, who in (("open", "zoe"), ("off", "tom"), ("left", "jan"))}
    tokens["paper"] = expired(stage, who="amira")
    cancel(tokens["off"])
    leave(tokens["left"])
    change(Person, stage.people["amira"], email=None)
    change(Programme, stage.programme, settings=_settings(stage) | {"coordinator": "jan"})
    pages = {}
    for kind, token in tokens.items():
        answer = browser.post(f"/f/{token}/renew", data=SURE)
        assert answer.status_code == 303
        pages[kind] = browser.get(answer.headers["location"]).text.replace(token, "")
    assert len(set(pages.values())) == 1
    assert [mail.person_id for mail in mails("new_link")] == [stage.people["zoe"]]


def _settings(stage):
    with transaction() as session:
        return dict(session.get_one(Programme, stage.programme).settings)


def test_three_an_hour_and_then_the_same_page_without_a_mail(stage, browser):
    token = expired(stage)
    answers = [browser.post(f"/f/{token}/renew", data=SURE) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert len(mails("new_link")) == 3


def test_three_an_hour_hold_for_a_person_over_all_links(stage, browser):
    tokens = [expired(stage) for _ in range(4)]
    for token in tokens:
        browser.post(f"/f/{token}/renew", data=SURE)
    assert len(mails("new_link")) == 3
    other = expired(stage, who="tom")
    browser.post(f"/f/{other}/renew", data=SURE)
    assert len(mails("new_link")) == 4


@pytest.mark.parametrize(("days", "sent"), [(20, 1), (59, 1), (60, 0), (400, 0)])
def test_sixty_days_after_its_last_day_a_question_is_over(stage, browser, days, sent):
    token = expired(stage, days)
    browser.post(f"/f/{token}/renew", data=SURE)
    assert len(mails("new_link")) == sent
    if sent:
        with transaction() as session:
            until = session.get_one(Link, link_of(token).id).expires_on
        assert TODAY < until <= TODAY - timedelta(days=days) + timedelta(days=60)
        assert until <= TODAY + timedelta(days=14)


def test_question_of_a_round_that_is_finished_is_not_renewed_unless_it_was_answered(stage, browser):
    token = expired(stage)
    asked = link_of(token)
    with transaction() as session:
        one = request.by_link(session, asked.id)
        days = {"opens_on": TODAY, "closes_on": TODAY, "finished_on": TODAY}
        values = {"programme_id": stage.programme, "phase": "meetings", "round": one.round + 40, "kind": "meetings"}
        session.add(Milestone(**values, **days))
        one.phase, one.round = "meetings", one.round + 40
        number = one.id
    browser.post(f"/f/{token}/renew", data=SURE)
    assert mails("new_link") == []
    change(Request, number, status="settled")
    browser.post(f"/f/{token}/renew", data=SURE)
    assert len(mails("new_link")) == 1


def test_link_that_works_is_not_renewed(stage, browser):
    token = stage.ask(FORM)
    answer = browser.post(f"/f/{token}/renew", data=SURE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/f/{token}")
    assert mails("new_link") == []
    assert current(token) == token


# A fresh link, for half an hour


def ask_fresh(stage, browser, token):
    """Ask for a fresh link on the page; its token, as the mail will show it."""
    answer = browser.post(f"/f/{token}/fresh", data=SURE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/f/{token}/fresh?asked=1")
    assert "on its way" in browser.get(answer.headers["location"]).text
    with transaction() as session:
        return session.get_one(Link, mails("fresh_link")[-1].link_id).token


def test_fresh_link_opens_a_sitting_by_a_button_alone(stage, browser):
    token = stage.ask(FORM)
    fresh = ask_fresh(stage, browser, token)
    before = everything()
    for _ in range(3):
        page = browser.get(f"/r/{fresh}")
        browser.head(f"/r/{fresh}")
    assert page.status_code == 200
    assert not cookie(browser)
    assert everything() == before
    assert token not in page.text
    answer = browser.post(f"/r/{fresh}", data=SURE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/f/{token}")
    assert everything() == before
    given = answer.headers["set-cookie"]
    assert all(part in given for part in ("HttpOnly", "SameSite=strict", f"Path=/f/{token}", "Max-Age=7200"))
    assert "Secure" not in given


def test_fresh_link_goes_to_the_registered_mailbox_at_most_three_times(stage, browser):
    token = stage.ask(FORM)
    answers = {
        browser.post(f"/f/{token}/fresh", data=SURE | {"email": "thief@example.com"}).headers["location"]
        for _ in "12345"
    }
    assert answers == {f"/f/{token}/fresh?asked=1"}
    sent = mails("fresh_link")
    assert len(sent) == 3
    assert {mail.person_id for mail in sent} == {stage.people["zoe"]}
    assert "thief" not in str([vars(mail) for mail in sent])


def test_who_has_no_mailbox_gets_the_same_answer(stage, browser):
    token = stage.ask(FORM)
    change(Person, stage.people["zoe"], email=None)
    answer = browser.post(f"/f/{token}/fresh", data=SURE)
    assert answer.headers["location"] == f"/f/{token}/fresh?asked=1"
    page = browser.get(answer.headers["location"])
    assert "or no mailbox? Amira Benali can help you" in page.text
    assert mails("fresh_link") == []


def test_fresh_link_ends_after_half_an_hour_and_with_its_form(stage, browser, monkeypatch):
    token = stage.ask(FORM)
    fresh = ask_fresh(stage, browser, token)
    late = installation.now() + timedelta(minutes=31)
    with monkeypatch.context() as patch:
        patch.setattr(installation, "now", lambda: late)
        for answer in (browser.get(f"/r/{fresh}"), browser.post(f"/r/{fresh}", data=SURE)):
            assert answer.status_code == 410
            assert "set-cookie" not in answer.headers
            assert token not in answer.text
    assert browser.get(f"/r/{fresh}").status_code == 200  # the control: within its time
    cancel(token)
    assert browser.post(f"/r/{fresh}", data=SURE).status_code == 410


def test_address_that_changes_ends_fresh_links_on_their_way(stage, browser):
    token = stage.ask(FORM)
    fresh = ask_fresh(stage, browser, token)
    move_house(token)
    assert browser.post(f"/r/{fresh}", data=SURE).status_code == 410


# The sitting itself


def asking(response, change=lambda value: value):
    """A browser that comes back with the cookie that it was given."""
    name, _, rest = response.headers["set-cookie"].partition("=")
    return SimpleNamespace(cookies={name: change(rest.partition(";")[0])})


@pytest.fixture
def form(stage):
    return link_of(stage.ask(FORM))


@pytest.fixture
def given(form):
    answer = Response()
    sitting.begin(answer, form, at=AT)
    return answer


def test_sitting_holds_for_two_hours(form, given):
    http = asking(given)
    for minutes, holds in ((0, True), (119, True), (121, False), (-1, False)):
        assert sitting.holds(http, form, at=AT + timedelta(minutes=minutes)) is holds


@pytest.mark.parametrize(
    "spoil",
    [
        lambda v: "",
        lambda v: v[:-1],
        lambda v: v + "0",
        lambda v: str(int(v.split(".")[0]) + 60) + "." + v.split(".")[1],
        lambda v: "." + v.split(".")[1],
        lambda v: "٣" + v,
        lambda v: "9" * 5000 + "." + v.split(".")[1],
        lambda v: v.split(".")[0] + ".é\ud800",
    ],
)
def test_sitting_that_was_changed_does_not_hold(form, given, spoil):
    assert sitting.holds(asking(given), form, at=AT)  # the control
    assert not sitting.holds(asking(given, spoil), form, at=AT)


def test_sitting_of_another_link_or_of_a_revoked_one_does_not_hold(stage, form, given):
    other = link_of(stage.ask(FORM))
    assert not sitting.holds(asking(given), other, at=AT)
    with transaction() as session:
        mine = session.get_one(Link, form.id)
        link.revoke(session, mine)
    assert not sitting.holds(asking(given), mine, at=AT)


def test_sitting_under_another_key_does_not_hold(form, given, monkeypatch):
    monkeypatch.setenv("BAKEN_SECRET_KEY", "another")
    assert not sitting.holds(asking(given), form, at=AT)


def test_sitting_by_typing_holds_for_just_that(form):
    answer = Response()
    sitting.begin(answer, form, kept="mine", at=AT)
    assert sitting.holds(asking(answer), form, kept="mine", at=AT)
    assert not sitting.holds(asking(answer), form, kept="somebody else's", at=AT)
    assert not sitting.holds(asking(answer), form, at=AT)


def test_cookie_holds_an_instant_and_a_signature_and_nothing_else(form, given):
    (value,) = asking(given).cookies.values()
    instant, signature = value.split(".")
    assert int(instant) == AT.timestamp()
    assert len(signature) == 64
    assert int(signature, 16)


def test_cookie_behind_tls_goes_over_tls_alone(form, monkeypatch):
    monkeypatch.setenv("BAKEN_PORTAL_URL", "https://mentoring.example.org")
    answer = Response()
    sitting.begin(answer, form, at=AT)
    assert answer.headers["set-cookie"].startswith("__Secure-sitting=")
    assert "; Secure" in answer.headers["set-cookie"]
    assert sitting.holds(asking(answer), form, at=AT)


# Who has the mail alone


def mark_of(token):
    with transaction() as session:
        return draft.mark(session, request.by_link(session, link_of(token).id).id)


SECRET = "Something &lt;b&gt;sensible&lt;/b&gt; &amp; short"


def test_who_typed_may_read_it_back_and_who_has_the_mail_alone_may_not(stage, browser):
    token = stage.ask(FORM)
    assert browser.post(f"/f/{token}", data=sensible(FORMS[FORM])).status_code == 303
    assert mark_of(token)
    assert SECRET in browser.get(f"/f/{token}/mine").text  # the writer's own browser
    browser.cookies.clear()
    assert SECRET not in browser.get(f"/f/{token}/mine").text
    for path in (f"/f/{token}", f"/f/{token}/part/1", f"/f/{token}/check", f"/f/{token}/feedback", f"/f/{token}/renew"):
        browser.post(path, data={})
        assert SECRET not in browser.get(f"/f/{token}/mine").text, path
    fresh = ask_fresh(stage, browser, token)
    assert browser.post(f"/r/{fresh}", data=SURE).headers["location"] == f"/f/{token}/mine"
    assert SECRET in browser.get(f"/f/{token}/mine").text


def test_sitting_that_began_before_anything_was_written_reads_nothing_of_another_browser(stage, browser):
    token = stage.ask(FORM)
    browser.post(f"/f/{token}", data={})  # a thief was first
    thief = dict(browser.cookies)
    browser.cookies.clear()
    assert browser.post(f"/f/{token}", data=sensible(FORMS[FORM])).status_code == 303
    assert SECRET in browser.get(f"/f/{token}/mine").text
    browser.cookies.clear()
    for name, value in thief.items():
        browser.cookies.set(name, value)
    assert SECRET not in browser.get(f"/f/{token}/mine").text


def test_without_the_mark_a_post_alone_would_open_it(stage, browser, monkeypatch):
    """The control."""
    token = stage.ask(FORM)
    browser.post(f"/f/{token}", data=sensible(FORMS[FORM]))
    browser.cookies.clear()
    monkeypatch.setattr(draft, "mark", lambda session, number: "")
    browser.post(f"/f/{token}", data={})
    assert SECRET in browser.get(f"/f/{token}/mine").text


def test_limits_leave_no_address_behind(stage, browser):
    browser.post(f"/f/{expired(stage)}/renew", data=SURE)
    with transaction() as session:
        rows = [tuple(map(str, row)) for row in session.execute(sa.select(Attempt.__table__))]
    assert rows
    assert not any("zoe" in cell or "testclient" in cell for row in rows for cell in row)
