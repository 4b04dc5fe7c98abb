"""A desk and forms with everything on them at once: whatever a program that reads mail could press, it finds here."""

from datetime import timedelta

from framework.content import FORMS
from models import installation, link, person
from models.base import transaction
from portal import limits
from tests.portal import running
from tests.portal.crowd import crowd, ids_of
from tests.portal.stage import DATES, TODAY, mail, sensible
from tests.portal.test_programmes import another

ASKED = (
    "mentor_application",
    "pairing_mentee",
    "meeting_log",
    "readiness_survey",
    "contract_signature",
    "story_mentee",
    "mentor_reflection",
)
PHASES = ("readiness", "selection", "training", "review")


def fill(stage, browser, monkeypatch):
    """Put it all there; the addresses that stand in mails. No limit on posts stands in the way of a test."""
    monkeypatch.setattr(limits, "POSTS", dict.fromkeys(limits.POSTS, 1_000_000))
    running.colleague(stage, "kim", "Kim", "Claes", department="Planning", site="Ghent", years=11)
    running.colleague(stage, "els", "Els", "Wouters")
    with transaction() as session:
        session.get(person.Person, stage.people["els"]).email = None
        session.get(person.Person, stage.people["zoe"]).manager_id = stage.people["jan"]
    _desk(stage, browser)
    another()
    first, *others = crowd(stage, [{}] * 4, [{}] * 2)
    mentor = max(ids_of(one)[0] for one in (first, *others))
    return [
        *_forms(stage, browser),
        *_links(stage),
        f"{_at(stage)}/matching/pair/{first[8:]}?mentor={mentor}",
        *_tried(stage),
    ]


def _at(stage):
    return f"/desk/{stage.desk}"


def _tried(stage):
    """Settings that somebody tries out: the page then offers to use them."""
    weighed = "goal=0&experience=0&interests=1000&language=0&site=0&availability=0&style=0&preference=0"
    window = "low=0&right=3&until=15&high=30&capacity=1"
    return [_at(stage), f"{_at(stage)}/matching/what-if?try=1&{weighed}&{window}"]


def _desk(stage, browser):
    """What waits for the coordinator: decisions, calls for help, mails of every kind, pairs, signals, letters."""
    for phase in PHASES:
        stage.open(phase)
    stage.apply("jan", "mentor")
    pair = running.couple(stage, "tom", "zoe", held=(60, 30), missed=(5,), coming=(10,))
    running.review(stage, pair, "tom", "zoe", (2, 4))
    running.raised(stage, "RSK-11", f"pairing:{pair}", mentee=2)
    mail(stage, "mentee_call", "tom", state="draft", behind="form")
    for state in ("dead", "unsure", "refused"):
        mail(stage, "reminder", "jan", state=state, behind="form")
    mail(stage, "reminder", "els", state="held", behind="form")
    help_ = stage.ask("meeting_log", "tom", about=f"pairing:{pair}")
    answer = browser.post(f"/f/{help_}/help", data=sensible(FORMS["help_request"]))
    assert answer.status_code == 303


def _forms(stage, browser):
    """Forms untouched, with a draft begun, with a complete draft, answered, and prefilled by the link of a mail."""
    untouched = [stage.ask(form, options=DATES) for form in ASKED]
    begun, whole, short, sent = (
        stage.ask(form) for form in ("mentor_application", "mentor_application", "pairing_mentee", "check_in_mentee")
    )
    typed = sensible(FORMS["mentor_application"])
    some = dict(list(typed.items())[:2])
    answers = [
        browser.post(f"/f/{begun}/part/1", data=some | {"go": "later"}),
        browser.post(f"/f/{whole}", data=typed | {"go": "later"}),
        browser.post(f"/f/{short}", data={"accept": "yes", "go": "later"}),
        browser.post(f"/f/{sent}", data=sensible(FORMS["check_in_mentee"])),
    ]
    assert [one.status_code for one in answers] == [303] * 4
    browser.cookies.clear()
    prefilled = f"/f/{stage.ask('pairing_mentor', 'tom')}?q=accept&v=yes"
    return [*(f"/f/{token}" for token in (*untouched, begun, whole, short, sent)), prefilled]


def _links(stage):
    """The way out of calls, a fresh link of an answered and confided form, and one that has ended."""
    told = running.said(stage, "mentor_reflection", "zoe", "programme", {})
    with transaction() as session:
        away = link.opt_out_link(session, stage.programme, stage.people["zoe"]).token
        form = link.open_link(session, told, "form")
        fresh = link.fresh_link(session, form, installation.now()).token
    ended = stage.ask("meeting_log", due=TODAY - timedelta(days=20))
    return [f"/no/{away}", f"/r/{fresh}", f"/f/{ended}", f"/f/{ended}/renew", f"/f/{told}"]
