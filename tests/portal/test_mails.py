"""The desk's e-mails: the word on what waits for one, and previews in which no personal link works."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from framework import programme as rules
from models import decision, delivery, link, person, programme, request
from models.base import transaction
from notifications.words import languages
from portal import mails
from portal.gate import HEADERS
from tasks.composing import word
from tests.portal.stage import TODAY, deeds, everything, mail

MASK = mails.MASK


def _states(*ids):
    with transaction() as session:
        return [str(row.state) for row in delivery.by_ids(session, ids)]


def _change(number, **values):
    with transaction() as session:
        row = session.get(delivery.Delivery, number)
        for name, value in values.items():
            setattr(row, name, value)


def _desk(stage):
    return f"/desk/{stage.desk}/mails"


def _form(browser, stage, **wanted):
    """What a browser would send for the one form of the page that holds these hidden fields."""
    for form in html.fromstring(browser.get(_desk(stage)).text).forms:
        values = dict(form.form_values())
        if wanted.items() <= values.items():
            return values
    raise LookupError(wanted)


def _letters_form(browser, stage):
    page = html.fromstring(browser.get(_desk(stage)).text)
    return dict(page.xpath("//section[@aria-labelledby='letters']//form")[0].form_values())


def _refuse(stage, who="zoe"):
    with transaction() as session:
        row = session.get(person.Person, stage.people[who])
        row.mail_refused_on, row.mail_refused_code = TODAY - timedelta(days=2), "5.1.1"


def _no_mailbox(stage, who="zoe"):
    with transaction() as session:
        session.get(person.Person, stage.people[who]).email = None


@pytest.fixture
def other_programme(stage):
    with transaction() as session:
        made = programme.keep(
            session,
            rules.Programme(
                slug="other",
                title="Another one",
                company="Acme",
                track="growth",
                starts_on=TODAY,
                coordinator="jan",
            ),
        )
        token = link.desk_link(session, made.id, stage.people["jan"]).token
        return made.id, token


def test_desk_says_what_needs_attention(stage, browser):
    mail(stage, "reminder", state="sent")
    page = browser.get(f"/desk/{stage.desk}").text
    assert "Needs your attention" not in page
    assert f"{_desk(stage)}" in page
    mail(stage, "mentee_call", state="draft")
    mail(stage, "mentor_call", state="draft")
    mail(stage, "reminder", "tom", state="dead")
    mail(stage, "reminder", "jan", state="held")
    mail(stage, "reminder", "zoe", state="refused")
    _refuse(stage)
    page = html.fromstring(browser.get(f"/desk/{stage.desk}").text)
    text = re.sub(r"\s+", " ", page.text_content())
    assert "2 large mailings wait for your word" in text
    for said in ("1 letter to print", "1 address that takes no mail", "1 e-mail that may not have arrived"):
        assert said in text


@pytest.mark.parametrize("language", languages())
def test_page_counts_and_lists_in_every_language(stage, browser, language):
    for who, state in (("zoe", "refused"), ("tom", "dead"), ("jan", "held"), ("amira", "unsure"), ("tom", "draft")):
        mail(stage, "reminder", who, state=state)
    for state in ("queued", "bundled", "leased", "sending", "printed", "cancelled"):
        mail(stage, "reminder", "jan", state=state)
    _refuse(stage)
    answer = browser.get(f"{_desk(stage)}?lang={language}")
    assert answer.status_code == 200
    assert not re.search(r"%\(\w+\)s", answer.text)
    page = html.fromstring(answer.text)
    tally = dict(
        zip(
            page.xpath("//section[@aria-labelledby='all']//rect[@rx]/@class"),
            page.xpath("//section[@aria-labelledby='all']//li/b/text()"),
            strict=True,
        )
    )
    assert tally == {
        "queued": "4",
        "draft": "1",
        "held": "1",
        "printed": "1",
        "unsure": "1",
        "refused": "1",
        "dead": "1",
        "cancelled": "1",
    }
    for part in ("held", "troubles", "refusing", "letters"):
        assert page.xpath(f"//h2[@id='{part}']"), part
    assert "zoe@example.org" in answer.text
    assert "5.1.1" in answer.text


def test_empty_outbox_is_calm(stage, browser):
    page = browser.get(_desk(stage)).text
    assert "Nothing here needs you." in page
    assert "No e-mail has gone out yet." in page


def test_looking_at_mails_changes_nothing(stage, browser):
    ids = [mail(stage, "mentee_call", state=state, behind="form") for state in ("draft", "dead", "held", "queued")]
    _no_mailbox(stage)
    digest = _letters_form(browser, stage)["digest"]
    before = everything()
    paths = [
        "",
        "?done=release",
        f"/letters.pdf?shown={digest}",
        *(f"/{n}" for n in ids),
        *(f"/{n}/sheet" for n in ids),
    ]
    for path in paths:
        for method in ("GET", "HEAD"):
            assert browser.request(method, f"{_desk(stage)}{path}").status_code == 200, path
    assert everything() == before


@pytest.mark.parametrize(
    ("choice", "state", "deed"), [("release", "queued", "released"), ("cancel", "cancelled", "cancelled")]
)
def test_mailing_is_let_go_or_called_off_once(stage, browser, choice, state, deed):
    ids = [mail(stage, "mentee_call", who, state="draft") for who in ("zoe", "tom", "jan")]
    other = mail(stage, "mentor_call", "tom", state="draft")
    assert "To 3 people" in browser.get(_desk(stage)).text
    typed = _form(browser, stage, mailing="mentee_call") | {"choice": choice}
    for _ in range(2):
        sent = browser.post(_desk(stage), data=typed)
        assert (sent.status_code, sent.headers["location"]) == (303, f"{_desk(stage)}?done={choice}")
    assert _states(*ids, other) == [state] * 3 + ["draft"]
    assert deeds(deed) == 1
    with transaction() as session:
        made = session.scalars(sa.select(decision.Decision)).one()
        assert (made.phase, made.choice, made.decided_by) == ("mail", choice, stage.people["amira"])
        assert all(row.released for row in delivery.by_ids(session, ids))
    contrary = typed | {"choice": "cancel" if choice == "release" else "release"}
    assert browser.post(_desk(stage), data=contrary).status_code == 409
    assert _states(*ids) == [state] * 3


@pytest.mark.parametrize("change", ["more", "fewer", "fields", "text", "digest"])
def test_mailing_that_changed_is_asked_again(stage, browser, change):
    ids = [mail(stage, "mentee_call", who, state="draft") for who in ("zoe", "tom")]
    typed = _form(browser, stage, mailing="mentee_call") | {"choice": "release"}
    match change:
        case "more":
            ids.append(mail(stage, "mentee_call", "jan", state="draft"))
        case "fewer":
            _change(ids.pop(), state="cancelled")
        case "fields":
            with transaction() as session:
                row = session.get(delivery.Delivery, ids[0])
                row.fields = row.fields | {"closes_on": "2028-01-01"}
        case "text":
            with transaction() as session:
                row = session.get(programme.Programme, stage.programme)
                own = {"mentee_call": {"en": {"subject": "Come and join"}}}
                row.settings = row.settings | {"mail": {"texts": own}}
        case "digest":
            typed["digest"] = "0" * 64
    page = browser.post(_desk(stage), data=typed)
    assert page.status_code == 409
    assert "This has changed since you looked; please look again." in page.text
    assert set(_states(*ids)) == {"draft"}
    again = _form(browser, stage, mailing="mentee_call") | {"choice": "release"}
    assert browser.post(_desk(stage), data=again).status_code == 303
    assert set(_states(*ids)) == {"queued"}


@pytest.mark.parametrize("state", ["dead", "unsure", "refused"])
def test_message_goes_again_or_is_laid_aside(stage, browser, state):
    one, two = mail(stage, "reminder", "tom", state=state), mail(stage, "reminder", "jan", state=state)
    for number, choice, end in ((one, "again", "queued"), (two, "leave", "cancelled")):
        typed = _form(browser, stage, message=str(number)) | {"choice": choice}
        for _ in range(2):
            assert browser.post(_desk(stage), data=typed).status_code == 303
        assert _states(number) == [end]
        assert deeds(f"mail {choice}") == 1


def test_bundle_goes_again_with_what_was_inside_and_nothing_twice(stage, browser):
    carrier = mail(stage, "reminder", "tom", state="dead")
    part = mail(stage, "decision_waiting", "tom", state="dead", carrier_id=carrier)
    kept = mail(stage, "reminder", "jan", state="unsure")
    inside = mail(stage, "decision_waiting", "jan", state="bundled", carrier_id=kept)
    assert f"/mails/{part}" not in browser.get(_desk(stage)).text
    for number in (carrier, kept):
        browser.post(_desk(stage), data={"message": number, "choice": "again"})
    assert _states(carrier, part, kept, inside) == ["queued", "queued", "queued", "bundled"]
    with transaction() as session:
        assert session.get(delivery.Delivery, part).carrier_id is None
        assert session.get(delivery.Delivery, inside).carrier_id == kept


def test_what_is_no_longer_needed_does_not_go_again(stage, browser):
    token = stage.ask("pairing_mentor", "tom")
    with transaction() as session:
        asked = request.by_link(session, link.open_link(session, token, "form").id)
        asked.status = "answered"
        number = asked.id
    stale = mail(stage, "reminder", "tom", state="dead", request_id=number)
    _refuse(stage)
    nowhere = mail(stage, "reminder", "zoe", state="dead")
    assert "Send again" not in browser.get(_desk(stage)).text
    for one in (stale, nowhere):
        assert browser.post(_desk(stage), data={"message": one, "choice": "again"}).status_code == 409
    assert _states(stale, nowhere) == ["dead", "dead"]
    with transaction() as session:
        session.get(request.Request, number).status = "open"
    assert browser.post(_desk(stage), data={"message": stale, "choice": "again"}).status_code == 303


@pytest.mark.parametrize("state", ["queued", "sent", "draft", "held"])
def test_only_what_waits_for_a_word_is_moved(stage, browser, state):
    one = mail(stage, "reminder", "tom", state=state)
    for choice in ("again", "leave"):
        browser.post(_desk(stage), data={"message": one, "choice": choice})
    assert _states(one) == [state]


def test_words_that_mean_nothing_are_refused(stage, browser):
    assert browser.post(_desk(stage), data={"choice": "burn"}).status_code == 400
    for number in ("", "x", "0", "999", "9" * 40, "-1"):
        assert browser.post(_desk(stage), data={"choice": "again", "message": number}).status_code == 404
    elsewhere = {"sec-fetch-site": "cross-site"}
    one = mail(stage, "reminder", "tom", state="dead")
    typed = {"message": one, "choice": "again"}
    assert browser.post(_desk(stage), data=typed, headers=elsewhere).status_code == 403
    assert _states(one) == ["dead"]


def test_other_programmes_messages_are_refused(stage, browser, other_programme):
    theirs, token = other_programme
    one = mail(stage, "reminder", "tom", state="dead", programme_id=theirs)
    held = mail(stage, "mentee_call", "tom", state="draft", programme_id=theirs)
    with transaction() as session:
        row = session.get(delivery.Delivery, held)
    assert browser.get(f"{_desk(stage)}/{one}").status_code == 404
    assert browser.get(f"{_desk(stage)}/{one}/sheet").status_code == 404
    assert browser.post(_desk(stage), data={"message": one, "choice": "again"}).status_code == 404
    page = html.fromstring(browser.get(f"/desk/{token}/mails").text)
    typed = next(dict(f.form_values()) for f in page.forms if "mailing" in f.fields) | {"choice": "release"}
    assert browser.post(_desk(stage), data=typed).status_code == 409
    assert _states(one, row.id) == ["dead", "draft"]
    assert browser.get(f"/desk/{token}/mails/{one}").status_code == 200
    assert browser.post(f"/desk/{token}/mails", data=typed).status_code == 303
    assert _states(row.id) == ["queued"]


def test_forged_and_other_tokens_open_no_mails(stage, browser):
    one = mail(stage, "reminder", "tom", state="dead")
    with transaction() as session:
        no = link.opt_out_link(session, stage.programme, stage.people["zoe"]).token
    forged = stage.desk[:-1] + ("A" if stage.desk[-1] != "A" else "B")
    for wrong in (forged, stage.desk[:22], no, stage.ask("pairing_mentor")):
        for rest in ("", f"/{one}", f"/{one}/sheet", "/letters.pdf"):
            assert browser.get(f"/desk/{wrong}/mails{rest}").status_code == 404
        assert browser.post(f"/desk/{wrong}/mails", data={"message": one, "choice": "again"}).status_code == 404
    assert _states(one) == ["dead"]


def _links_of(stage, number):
    """Every working address behind a message and in it."""
    with transaction() as session:
        row = session.get(delivery.Delivery, number)
        parts = delivery.parts_of(session, [number]).get(number, [])
        return [session.get(link.Link, one.link_id).token for one in (row, *parts) if one.link_id]


def test_preview_is_what_goes_with_masked_links(stage, browser):
    carrier = mail(stage, "reminder", "tom", behind="form")
    mail(stage, "decision_waiting", "tom", state="bundled", carrier_id=carrier, behind="desk")
    call = mail(stage, "mentee_call", "zoe", behind="form")
    for number in (carrier, call):
        page, sheet = browser.get(f"{_desk(stage)}/{number}"), browser.get(f"{_desk(stage)}/{number}/sheet")
        tokens = _links_of(stage, number)
        assert tokens
        with transaction() as session:
            row = session.get(delivery.Delivery, number)
            gone = word(session, row, delivery.parts_of(session, [number]).get(number, [])).rendered
        assert all(token in gone.html for token in tokens)  # the control: what goes does hold them
        wanted = mails.masked(gone.text)
        assert html.fromstring(page.text).xpath("//pre/text()")[0].strip() == wanted.strip()
        assert sheet.text.strip() == re.sub(r' href="[^"]*"', "", mails.masked(gone.html)).strip()
        assert gone.subject in html.fromstring(page.text).xpath("//h1/text()")[0]
        for text in (page.text.replace(stage.desk, ""), sheet.text):
            assert not any(token in text for token in tokens)
            assert not any(token[22:] in text for token in tokens)
            assert MASK in text
        assert "href" not in sheet.text
    links = html.fromstring(browser.get(f"{_desk(stage)}/{call}").text).xpath("//ul[@class='links']/li/text()")
    assert [one.rsplit("/", 2)[-2:] for one in links if "mailto" not in one] == [["f", MASK], ["no", MASK]]


def test_preview_stays_in_its_frame(stage, browser):
    one = mail(stage, "reminder", "tom", behind="form")
    page, sheet = browser.get(f"{_desk(stage)}/{one}"), browser.get(f"{_desk(stage)}/{one}/sheet")
    assert page.headers["content-security-policy"] == HEADERS["Content-Security-Policy"] + "; frame-src 'self'"
    policy = sheet.headers["content-security-policy"].split("; ")
    for rule in ("default-src 'none'", "style-src 'unsafe-inline'", "sandbox", "frame-ancestors 'self'"):
        assert rule in policy
    assert not any("script" in rule for rule in policy)
    for answer in (page, sheet):
        for name in ("Referrer-Policy", "Cache-Control", "X-Robots-Tag", "X-Content-Type-Options"):
            assert answer.headers[name] == HEADERS[name]
    frame = html.fromstring(page.text).xpath("//iframe")[0]
    assert (frame.get("sandbox"), frame.get("src")) == ("", f"{_desk(stage)}/{one}/sheet")
    assert " style=" not in page.text
    assert "<script" not in page.text + sheet.text


def test_what_people_wrote_stays_text_in_a_preview(stage, browser):
    one = mail(stage, "reminder", "tom", behind="form", fields={"given_name": "<img src=x onerror=alert(1)>"})
    sheet = browser.get(f"{_desk(stage)}/{one}/sheet").text
    assert "<img" not in sheet
    assert "&lt;img" in sheet


def test_logo_is_shown_from_inside(stage, browser):
    logo = "data:image/png;base64,iVBORw0KGgo="
    with transaction() as session:
        row = session.get(programme.Programme, stage.programme)
        row.settings = row.settings | {"mail": {"logo": logo}}
    sheet = browser.get(f"{_desk(stage)}/{mail(stage, 'reminder', 'tom', behind='form')}/sheet").text
    assert f'src="{logo}"' in sheet
    assert "cid:" not in sheet


def test_personal_words_are_for_their_reader_alone(stage, browser):
    words = {"partner": "Siobhán", "words": "canary"}
    one = mail(stage, "thanks_from_partner", "tom", state="dead", fields=words)
    carrier = mail(stage, "reminder", "tom", behind="form", state="dead")
    mail(stage, "thanks_from_partner", "tom", state="bundled", carrier_id=carrier, fields=words)
    pages = [browser.get(f"{_desk(stage)}{rest}") for rest in ("", f"/{one}", f"/{carrier}")]
    assert all(page.status_code == 200 for page in pages)
    assert not any("canary" in page.text for page in pages)
    assert "for its reader alone" in pages[1].text
    for number in (one, carrier):
        assert browser.get(f"{_desk(stage)}/{number}/sheet").status_code == 404
    with transaction() as session:  # the control: the message itself holds them
        assert "canary" in word(session, session.get(delivery.Delivery, one)).rendered.text


def test_message_that_cannot_be_worded_has_a_page(stage, browser):
    one = mail(stage, "reminder", "tom", state="dead", fields={"title": None})
    assert "cannot be put into words" in browser.get(f"{_desk(stage)}/{one}").text
    assert "could not be put into words" in browser.get(_desk(stage)).text


@pytest.mark.parametrize("number", ["x", "9" * 30, "-1", "0"])
def test_unknown_message_is_not_found(stage, browser, number):
    assert browser.get(f"{_desk(stage)}/{number}").status_code == 404
    assert browser.get(f"{_desk(stage)}/{number}/sheet").status_code == 404


def test_letters_are_printed_when_somebody_says_so(stage, browser):
    _no_mailbox(stage)
    ids = [mail(stage, "reminder", "zoe", state="held", behind="form") for _ in range(2)]
    later = mail(stage, "reminder", "zoe", state="held", due_on=TODAY + timedelta(days=3))
    typed = _letters_form(browser, stage)
    found = html.fromstring(browser.get(_desk(stage)).text).xpath("//a[contains(@href, 'letters.pdf')]/@href")
    pdf = browser.get(found[0])
    assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf")
    assert pdf.content.startswith(b"%PDF")
    assert f"letters-growth-{TODAY}.pdf" in pdf.headers["content-disposition"]
    assert pdf.headers["cache-control"] == "no-store"
    assert _states(*ids) == ["held", "held"]
    assert browser.post(_desk(stage), data=typed | {"choice": "printed"}).status_code == 303
    assert _states(*ids, later) == ["printed", "printed", "held"]
    assert deeds("printed") == 2


def test_letter_for_its_reader_alone_is_not_printed_at_the_desk(stage, browser):
    _no_mailbox(stage)
    open_, own = (
        mail(stage, "reminder", "zoe", state="held", behind="form"),
        mail(stage, "thanks_from_partner", "zoe", state="held", fields={"partner": "Siobhán", "words": "canary"}),
    )
    typed = _letters_form(browser, stage)
    assert browser.post(_desk(stage), data=typed | {"choice": "printed"}).status_code == 303
    assert _states(open_, own) == ["printed", "held"]
    typed = _letters_form(browser, stage)
    assert browser.get(f"{_desk(stage)}/letters.pdf?shown={typed['digest']}").status_code == 404


def test_letters_that_changed_are_asked_again(stage, browser):
    _no_mailbox(stage)
    ids = [mail(stage, "reminder", "zoe", state="held", behind="form")]
    typed = _letters_form(browser, stage)
    ids.append(mail(stage, "reminder", "zoe", state="held", behind="form"))
    assert browser.get(f"{_desk(stage)}/letters.pdf?shown={typed['digest']}").status_code == 409
    assert browser.post(_desk(stage), data=typed | {"choice": "printed"}).status_code == 409
    assert _states(*ids) == ["held", "held"]
    again = _letters_form(browser, stage) | {"choice": "printed"}
    assert browser.post(_desk(stage), data=again).status_code == 303


def test_letter_that_cannot_be_worded_waits_on(stage, browser):
    _no_mailbox(stage)
    good = mail(stage, "reminder", "zoe", state="held", behind="form")
    bad = mail(stage, "reminder", "zoe", state="held", fields={"title": None})
    typed = _letters_form(browser, stage)
    assert browser.get(f"{_desk(stage)}/letters.pdf?shown={typed['digest']}").content.startswith(b"%PDF")
    assert browser.post(_desk(stage), data=typed | {"choice": "printed"}).status_code == 303
    assert _states(good, bad) == ["printed", "held"]


def test_letter_behind_somebody_elses_link_is_not_printed(stage, browser):
    _no_mailbox(stage)
    wrong = mail(stage, "reminder", "zoe", state="held", behind="form")
    with transaction() as session:
        other = link.open_link(session, stage.ask("pairing_mentor", "tom"), "form").id
    _change(wrong, link_id=other)
    digest = _letters_form(browser, stage)["digest"]
    assert browser.get(f"{_desk(stage)}/letters.pdf?shown={digest}").status_code == 404
    assert browser.post(_desk(stage), data={"digest": digest, "choice": "printed"}).status_code == 303
    assert _states(wrong) == ["held"]


def test_deputy_writes_once_the_coordinator_has_left(stage, browser):
    with transaction() as session:
        row = session.get(programme.Programme, stage.programme)
        row.settings = row.settings | {"deputy": "jan"}
    one = mail(stage, "mentee_call", "zoe", behind="form")
    assert "Amira Benali" in browser.get(f"{_desk(stage)}/{one}/sheet").text
    with transaction() as session:
        session.get(person.Person, stage.people["amira"]).left_on = TODAY - timedelta(days=1)
        deputy = link.desk_link(session, stage.programme, stage.people["jan"]).token
    assert browser.get(f"{_desk(stage)}/{one}/sheet").status_code == 410
    sheet = browser.get(f"/desk/{deputy}/mails/{one}/sheet").text
    assert "Jan Maes" in sheet
    assert "Amira" not in sheet


def test_forms_of_the_page_do_nothing_untouched(stage, browser):
    _no_mailbox(stage)
    mail(stage, "mentee_call", "tom", state="draft")
    mail(stage, "reminder", "jan", state="dead")
    mail(stage, "reminder", "zoe", state="held", behind="form")
    before = everything()
    forms = html.fromstring(browser.get(_desk(stage)).text).forms
    assert len(forms) == 3
    for form in forms:
        answer = browser.post(_desk(stage), data=dict(form.form_values()))
        assert answer.status_code == 422
        page = html.fromstring(answer.text)
        assert page.xpath("//*[@role='alert']//a/@href")[0][1:] in page.xpath("//@id")
    assert everything() == before
    assert browser.post(_desk(stage), data={}).status_code == 422


def test_each_of_the_two_masks_suffices(stage, browser, monkeypatch):
    one = mail(stage, "reminder", "tom", behind="form")
    token = _links_of(stage, one)[0]
    assert mails.masked(f"see http://x/f/{token}, or ask") == f"see http://x/f/{MASK}, or ask"
    monkeypatch.setattr(mails, "TOKEN", re.compile("()(?!)"))
    assert token in mails.masked(f"http://x/f/{token}")  # the control: nothing masks afterwards now
    sheet = browser.get(f"{_desk(stage)}/{one}/sheet").text
    assert token not in sheet
    assert f"/f/{MASK}" in sheet


def test_law_of_a_site_adds_its_language_as_in_the_mail_itself(stage, browser):
    with transaction() as session:
        row = session.get(programme.Programme, stage.programme)
        own = {"en": {"mentor": "guide", "mentors": "guides"}, "nl": {"mentor": "peter", "mentors": "peters"}}
        row.settings = row.settings | {"mail": {"seats": {"Ghent": "nl"}}, "words": own}
    one = mail(stage, "mentor_call", "zoe", behind="form")
    sheet = browser.get(f"{_desk(stage)}/{one}/sheet").text
    assert 'lang="nl"' in sheet
    assert "peter" in sheet
    with transaction() as session:
        gone = word(session, session.get(delivery.Delivery, one)).rendered
    assert sheet.strip() == re.sub(r' href="[^"]*"', "", mails.masked(gone.html)).strip()
