"""An attacker with one working link, or with a name to choose: no other person's page, no other programme's row."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html
from pydantic import ValidationError
from starlette.routing import Route

from framework import programme as rules
from framework.content import FORMS
from framework.questions import Kind
from models import decision, installation, link, person, programme, request
from models.base import transaction
from models.delivery import Delivery
from models.pairing import Pairing
from portal import limits
from portal.app import create_app
from tests.portal import busy, running
from tests.portal.stage import SURE, deeds, everything, mail, sensible
from tests.portal.test_programmes import another
from tests.portal.test_scanners import Crawler

FORM = "mentor_reflection"  # what it asks is confided
SECRET = "Something <b>sensible</b> & short"
FILE_NAME = re.compile(r'attachment; filename="[a-z0-9.-]+"')
EVIL = "evil.example"


def routes(start, method):
    """The addresses below `start` that take such a request."""
    return {
        one.path
        for one in create_app().routes
        if isinstance(one, Route) and one.path.startswith(start) and method in one.methods
    }


# One programme's desk, another one's rows


@pytest.fixture
def theirs(stage, browser, monkeypatch):
    """Another programme with a person, a pair, a call for help, a signal and an e-mail; their numbers by address."""
    monkeypatch.setattr(limits, "UNKNOWN", 1_000_000)
    other = another(coordinator="tom")
    running.colleague(stage, "kim", "Kim", "Claes", department="Sales")
    with transaction() as session:
        found = session.get(programme.Programme, stage.programme).rules.model_dump()
        programme.keep(session, rules.Programme.model_validate(found | {"target_group": {"departments": ["Planning"]}}))
    mine, stage.programme = stage.programme, other
    pair = running.couple(stage, "jan", "kim", held=(30,))
    signal = running.raised(stage, "RSK-11", f"pairing:{pair}", mentee=2)
    token = stage.ask("meeting_log", "kim", about=f"pairing:{pair}")
    assert browser.post(f"/f/{token}/help", data=sensible(FORMS["help_request"])).status_code == 303
    letter = mail(stage, "reminder", "kim", state="dead")
    with transaction() as session:
        call = request.standing(session, other, form="help_request")[-1].id
        milestone = programme.milestones(session, other)[-1].id
        asked = request.by_link(session, link.open_link(session, token, "form").id).id
        member = session.get(Pairing, pair).mentee_id
    stage.programme = mine
    numbers = {
        "/desk/{token}/mails/{number:int}": letter,
        "/desk/{token}/mails/{number:int}/sheet": letter,
        "/desk/{token}/asked/{number:int}": call,
        "/desk/{token}/dates/{number:int}": milestone,
        "/desk/{token}/matching/pair/{number:int}": pair,
        "/desk/{token}/pairs/{number:int}": pair,
        "/desk/{token}/people/{number:int}": stage.people["kim"],
    }
    subjects = {f"pairing:{pair}", f"signal:{signal}", f"request:{asked}", f"participant:{member}"}
    return numbers, subjects


def test_desk_opens_no_number_of_another_programme(stage, browser, theirs):
    numbers, subjects = theirs
    assert set(numbers) == {path for path in routes("/desk", "GET") | routes("/desk", "POST") if ":int}" in path}
    before = everything()
    posts = [SURE | {"outcome": "helped", "choice": "again"}]
    posts.append(SURE | {"do": "move", "on": "2028-01-10", "digest": "0" * 64})
    posts += [{name: "withdraw:own", f"{name}.digest": "0" * 64} for name in sorted(subjects)]
    for path, number in numbers.items():
        address = path.replace("{token}", stage.desk).replace("{number:int}", str(number))
        assert browser.get(address).status_code == 404, path
        for typed in posts if path in routes("/desk", "POST") else ():
            assert browser.post(address, data=typed).status_code == 404, (path, typed)
    for name in subjects:
        typed = {name: "settle", f"{name}.digest": "0" * 64, f"{name}.reason": "because"}
        for page in ("/risks", "/waiting/meeting_log"):
            assert browser.post(f"/desk/{stage.desk}{page}", data=typed).status_code == 404, (page, name)
    assert everything() == before


def test_desk_lists_nobody_of_another_programme(stage, browser, theirs):
    for page in (
        "",
        "/pairs",
        "/people",
        "/people?q=kim",
        "/risks",
        "/asked",
        "/waiting/meeting_log",
        "/mails",
        "/matching",
    ):
        said = browser.get(f"/desk/{stage.desk}{page}")
        assert said.status_code == 200
        assert "Claes" not in said.text, page
    assert "Claes" in browser.get(f"/desk/{other_desk(stage)}/people").text  # the control: at home they are there


def other_desk(stage):
    """The desk of the other programme, for its own coordinator."""
    with transaction() as session:
        row = programme.by_slug(session, "onboarding")
        return link.desk_link(session, row.id, stage.people["tom"]).token


# A token for one thing, tried for another


def test_no_token_opens_another_kind_of_page(stage, browser, monkeypatch):
    monkeypatch.setattr(limits, "UNKNOWN", 1_000_000)
    form, desk = stage.ask("meeting_log"), stage.desk
    with transaction() as session:
        away = link.opt_out_link(session, stage.programme, stage.people["zoe"]).token
        fresh = link.fresh_link(session, link.open_link(session, form, "form"), installation.now()).token
    rooms = {"/f/": form, "/desk/": desk, "/no/": away, "/r/": fresh}
    before = everything()
    for room, own in rooms.items():
        for path in sorted(routes(room, "GET")):
            for token in {*rooms.values()} - {own}:
                address = path.replace("{token}", token).replace("{number:int}", "1")
                assert browser.get(re.sub(r"\{\w+\}", "matching", address)).status_code == 404, (path, room)
    assert everything() == before


@pytest.mark.parametrize("how", ["revoked", "renewed", "cancelled", "left", "expired"])
def test_dead_link_tells_nothing_on_any_page(stage, browser, how):
    token = stage.ask(FORM)
    assert browser.post(f"/f/{token}", data=sensible(FORMS[FORM])).status_code == 303
    assert SECRET in html.fromstring(browser.get(f"/f/{token}/mine").text).text_content()  # the control
    with transaction() as session:
        row = link.open_link(session, token, "form")
        asked = request.by_link(session, row.id)
        match how:
            case "revoked":
                row.revoked = True
            case "renewed":
                link.revoke(session, row)
            case "cancelled":
                asked.status = "cancelled"
            case "left":
                asked.person.left_on = asked.opened_on - timedelta(days=1)
            case _:
                row.expires_on = asked.opened_on - timedelta(days=1)
    before = everything()
    for path in sorted(routes("/f/", "GET")):
        said = browser.get(path.replace("{token}", token).replace("{number:int}", "1"))
        assert said.status_code in {404, 410}, path
        assert not any(word in said.text for word in ("Zoë", "Peeters", "sensible")), path
    for path in sorted(routes("/f/", "POST") - {"/f/{token}/renew"}):
        said = browser.post(
            path.replace("{token}", token).replace("{number:int}", "1"), data=sensible(FORMS[FORM]) | SURE
        )
        assert said.status_code in {404, 410}, path
    assert everything() | {"attempt": None} == before | {"attempt": None}


# A sitting for one form, tried for another


@pytest.fixture
def confided(stage, browser):
    """Two people answered the same kind of form; the tokens. No browser holds a cookie any more, but one holds `kept`."""
    tokens = [stage.ask(FORM, who) for who in ("zoe", "tom")]
    for token in tokens:
        assert browser.post(f"/f/{token}", data=sensible(FORMS[FORM])).status_code == 303
    cookies = [one.value for token in tokens for one in browser.cookies.jar if token in one.path]
    browser.cookies.clear()
    return tokens, cookies


@pytest.mark.parametrize("page", ["/mine", "/part/1?change=1", "/all?change=1", "/check", "/done"])
def test_cookie_of_another_form_or_another_person_opens_nothing(stage, browser, confided, page):
    tokens, cookies = confided
    assert len(cookies) == 2
    forged = ["", "0.", "9" * 12 + ".x", cookies[1].partition(".")[0] + ".", "1." + cookies[0].partition(".")[2], "é.ü"]
    for value in (cookies[1], *forged):
        said = browser.get(f"/f/{tokens[0]}{page}", headers={"cookie": f"sitting={value}".encode()})
        assert said.status_code < 400
        assert "sensible" not in said.text, (page, value)
    own = browser.get(f"/f/{tokens[0]}/mine", headers={"cookie": f"sitting={cookies[0]}"})
    assert "sensible" in own.text  # the control


def test_who_and_standing_forms_of_one_link_are_its_holders_own(stage, browser):
    """A link of Zoë's writes in Zoë's name, whatever the post says of others."""
    token = stage.ask("meeting_log")
    typed = sensible(FORMS["help_request"]) | {"person": ["2"], "person_id": ["2"], "who": ["tom"], "programme": ["2"]}
    there = browser.post(f"/f/{token}/help", data=typed).headers["location"]
    with transaction() as session:
        asked = request.standing(session, stage.programme, form="help_request")[-1]
        assert asked.person_id == stage.people["zoe"]
        assert asked.link.token in there
    assert "Tom" not in browser.get(f"/f/{token}/who").text


# Redirects, headers, file names


def test_no_answer_leads_elsewhere(stage, browser, monkeypatch):
    start = busy.fill(stage, browser, monkeypatch)
    token = stage.ask("pairing_mentee", "tom")
    names = {"host": EVIL, "x-forwarded-host": EVIL, "forwarded": f"host={EVIL}", "x-original-url": f"//{EVIL}"}
    query = f"lang=//{EVIL}&next=//{EVIL}&to=//{EVIL}&done=//{EVIL}&change=//{EVIL}&q=//{EVIL}&v=%0d%0aX-Bad:1"
    found = []
    for path in (*start, f"/f/{token}/renew", f"//{EVIL}/%2e%2e", f"/f//{EVIL}", f"/f/{token}//{EVIL}"):
        address = f"{path}{'&' if '?' in path else '?'}{query}"
        found += [browser.get(address, headers=names), browser.post(address, data=SURE, headers=names)]
    found.append(browser.post(f"/f/{token}?{query}", data={"accept": "yes"}, headers=names))
    leads = [one.headers["location"] for one in found if "location" in one.headers]
    assert len(leads) > 5
    assert all(way.startswith("/") and not way.startswith("//") for way in leads)
    assert [way for way in leads if way.partition("?")[0].count(EVIL)] == []
    assert not any("x-bad" in one.headers or "\n" in way for one in found for way in one.headers.values())
    for page in (one.text for one in found if "html" in one.headers.get("content-type", "")):
        there = html.fromstring(page).xpath("//@href | //@action | //@src")
        assert [one for one in there if EVIL in one.partition("?")[0]] == []


@pytest.mark.parametrize("slug", ['a"b', "a\r\nX-Bad: 1", "../a", "a/b", "é", "a b", ""])
def test_programmes_short_name_holds_nothing_that_a_header_could_break_on(slug):
    with pytest.raises(ValidationError):
        rules.Programme.model_validate({"slug": slug, "title": "A title", "company": "C", "track": "growth"} | DATED)


DATED = {"starts_on": "2027-03-01", "coordinator": "amira"}


def test_file_names_are_plain_whatever_the_programme_is_called(stage, browser):
    poison(stage)
    with transaction() as session:
        session.get(person.Person, stage.people["zoe"]).email = None
    mail(stage, "reminder", "zoe", state="held", behind="form")
    letters = html.fromstring(browser.get(f"/desk/{stage.desk}/mails").text).xpath("//a[contains(@href, '.pdf')]/@href")
    found = [browser.get(letters[0]), browser.get(f"/desk/{stage.desk}/downloads/calendar.ics")]
    found += [
        browser.post(f"/desk/{stage.desk}/downloads", data={"what": what, "as": way})
        for what in ("participants", "pairings", "../../x", 'x"\r\nX-Bad: 1')
        for way in ("csv", "xlsx")
    ]
    named = [one.headers["content-disposition"] for one in found if one.status_code == 200]
    assert len(named) >= 4
    assert [name for name in named if not FILE_NAME.fullmatch(name)] == []
    assert deeds("downloaded") == len(named) - 2


# Markup in every name and every answer

TAG, QUOTE, CURLY = "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*191}}${7*191}%(company)s"
BAD = f"{TAG}{QUOTE}{CURLY}"


def poison(stage):
    """A roster and a programme in which every name is an attack."""
    with transaction() as session:
        for row in session.scalars(sa.select(person.Person)):
            row.given_name, row.family_name = TAG + CURLY, QUOTE
            row.department = row.site = row.job_title = BAD
        found = session.get(programme.Programme, stage.programme)
        words = {"en": {"mentor": QUOTE, "mentors": QUOTE, "mentee": QUOTE, "mentees": QUOTE}}
        changed = {"title": BAD[:60], "company": QUOTE + CURLY, "words": words}
        programme.keep(session, rules.Programme.model_validate(found.rules.model_dump() | changed))


def answered(stage, browser):
    """Every form answered with it, by somebody in this programme; where each can be looked at."""
    found = []
    for name in (one for one in sorted(FORMS) if FORMS[one].sections):
        token = stage.ask(
            name, "zoe", options={"session": [["1", BAD]], "wishes": [["1", BAD], ["2", "B"], ["3", "C"]]}
        )
        typed = sensible(FORMS[name])
        for q in FORMS[name].questions:
            if q.kind in {Kind.TEXT, Kind.LONG_TEXT, Kind.SIGNATURE, Kind.PERSON}:
                typed[q.id] = [BAD]
            elif q.own:
                typed[f"{q.id}.own"] = [BAD]
        assert browser.post(f"/f/{token}", data=typed).status_code in {303, 422}, name
        found += [f"/f/{token}{rest}" for rest in ("", "/all", "/part/1", "/check", "/mine", "/done", "/who")]
    return found


@pytest.mark.slow
def test_markup_stays_text_wherever_it_is_shown(stage, browser, monkeypatch):
    start = busy.fill(stage, browser, monkeypatch)
    poison(stage)
    with transaction() as session:
        for one in session.scalars(sa.select(decision.Decision)):
            one.reason = BAD
    start += answered(stage, browser)
    seen = Watcher(browser)
    seen.crawl(start, 900)
    assert len(seen.pages) > 25
    assert seen.shown > 100  # the control: it is there, as text
    assert seen.alive == []


class Watcher(Crawler):
    """A reader that looks whether anything came to life."""

    def __init__(self, browser):
        super().__init__(browser, presses=False)
        self.shown, self.alive = 0, []

    def _ask(self, way, where, **given):
        said = super()._ask(way, where, **given)
        text = said.text if "html" in said.headers.get("content-type", "") else ""
        self.shown += "&lt;script&gt;" in text
        if TAG in text or "<img src=x" in text or "1337" in text or (text and _handlers(text)):
            self.alive.append(where)
        return said


def _handlers(text):
    """Scripts, handlers of events, and addresses that run."""
    page = html.fromstring(text)
    return page.xpath(
        "//script | //@*[starts-with(name(), 'on')] | //@href[starts-with(., 'javascript:')] | //iframe/@srcdoc"
    )


def test_messages_in_the_outbox_hold_no_line_break_in_a_heading(stage, browser):
    """A name with line breaks becomes no further header of a mail."""
    with transaction() as session:
        session.get(person.Person, stage.people["tom"]).given_name = "Tom\r\nBcc: a@b.example"
    number = mail(stage, "reminder", "tom", behind="form")
    shown = browser.get(f"/desk/{stage.desk}/mails/{number}")
    assert shown.status_code == 200
    with transaction() as session:
        assert session.get(Delivery, number).person_id == stage.people["tom"]
