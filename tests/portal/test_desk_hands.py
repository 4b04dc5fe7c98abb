"""A word by hand on the desk: recorded once, for exactly what was shown, by whoever was first; nothing else is done."""

import pytest
import sqlalchemy as sa
from lxml import html

from models import decision, link, pairing, participant, programme, request, signal
from models.base import transaction
from models.decision import Decision
from portal.running import hands
from tests.portal import running
from tests.portal import stage as stages
from tests.portal.stage import TODAY, deeds, everything


@pytest.fixture
def stage(database):
    return stages.build()


def form(page, subject):
    """What a browser would send for the form about that subject, untouched."""
    for one in html.fromstring(page).forms:
        fields = dict(one.form_values())
        if f"{subject}.digest" in fields:
            return fields
    raise LookupError(subject)


def made(subject):
    """The decisions about a subject, in the order taken."""
    with transaction() as session:
        rows = session.scalars(sa.select(Decision).where(Decision.subject == subject).order_by(Decision.id)).all()
        return [(one.phase, one.round, one.choice, one.reason, one.applied) for one in rows]


def word(browser, path, subject, choice, reason=""):
    """Look at a page and send one word about a subject that it shows."""
    fields = form(browser.get(path).text, subject)
    return browser.post(path, data={**fields, subject: choice, f"{subject}.reason": reason})


def subjects(stage):
    """One of each kind: the page that shows it, its subject, a choice, and a reason where one is needed."""
    pair = running.couple(stage, "tom", "zoe", held=(8,), coming=(20,))
    number = running.raised(stage, "RSK-09", f"pairing:{pair}", satisfied_gap=2)
    stage.ask("check_in_mentee", "zoe", about=f"pairing:{pair}")
    with transaction() as session:
        asked = session.scalars(sa.select(request.Request)).one().id
        part = participant.of_person(session, stage.programme, stage.people["zoe"], "mentee").id
    desk = f"/desk/{stage.desk}"
    return {
        "pair": (f"{desk}/pairs/{pair}", f"pairing:{pair}", "rematch", "They asked for it"),
        "signal on the board": (f"{desk}/risks", f"signal:{number}", "settle", "Called them"),
        "signal of a pair": (f"{desk}/pairs/{pair}", f"signal:{number}", "settle", "Called them"),
        "person": (f"{desk}/people/{stage.people['zoe']}", f"participant:{part}", "withdraw:company", "Reorganised"),
        "own wish": (f"{desk}/people/{stage.people['zoe']}", f"participant:{part}", "withdraw:own", ""),
        "resend": (f"{desk}/waiting/check_in_mentee", f"request:{asked}", "resend", ""),
        "new link": (f"{desk}/people/{stage.people['zoe']}", f"request:{asked}", "new_link", ""),
        "more days": (f"{desk}/pairs/{pair}", f"request:{asked}", "extend:7", ""),
    }


EACH = ("pair", "signal on the board", "signal of a pair", "person", "own wish", "resend", "new link", "more days")


@pytest.mark.parametrize("name", EACH)
def test_each_word_is_recorded_once_however_often_it_is_sent(stage, browser, name):
    path, subject, choice, reason = subjects(stage)[name]
    fields = form(browser.get(path).text, subject)
    sent = {**fields, subject: choice, f"{subject}.reason": reason}
    for _ in range(2):
        answer = browser.post(path, data=sent)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"{path}?")
    assert made(subject) == [("by_hand", 1, choice, reason, False)]
    assert deeds("decided") == 1
    page = browser.get(answer.headers["location"]).text
    assert "carried out with the next run" in page
    with pytest.raises(LookupError):  # until it is carried out nothing else can be said about it
        form(page, subject)


@pytest.mark.parametrize("name", EACH)
def test_the_portal_records_and_does_nothing_else(stage, browser, name):
    path, subject, choice, reason = subjects(stage)[name]
    before = everything()
    word(browser, path, subject, choice, reason)
    after = everything()
    changed = {table for table in after if before[table] != after[table]}
    assert changed - {"person_key"} == {"decision", "event", "event_mark"}, "a reason's key may be new"


@pytest.mark.parametrize("name", ["pair", "signal on the board", "person"])
def test_a_reason_that_is_missing_is_asked_for_and_nothing_is_recorded(stage, browser, name):
    path, subject, choice, _ = subjects(stage)[name]
    answer = word(browser, path, subject, choice, "  ")
    assert answer.status_code == 422
    assert "Please say why, in a few words." in answer.text
    assert html.fromstring(answer.text).cssselect("[role=alert] a")[0].get("href") == f"#{subject.replace(':', '-')}"
    assert made(subject) == []


def test_what_was_typed_stays_when_the_choice_is_missing(stage, browser):
    path, subject, _, _ = subjects(stage)["pair"]
    answer = word(browser, path, subject, "", "a long story")
    assert answer.status_code == 422
    assert "Choose one of the answers." in answer.text
    assert "a long story" in answer.text
    assert made(subject) == []


@pytest.mark.parametrize("choice", ["pause", "close:not_agreed", "withdraw:own", "extend:90", "swap:3", "settle"])
def test_a_choice_that_was_not_offered_is_refused(stage, browser, choice):
    path, subject, _, _ = subjects(stage)["pair"]
    assert word(browser, path, subject, choice, "because").status_code == 422
    assert made(subject) == []


def test_an_own_wish_keeps_no_reason_even_when_one_is_typed(stage, browser):
    path, subject, choice, _ = subjects(stage)["own wish"]
    assert word(browser, path, subject, choice, "is often ill").status_code == 303
    assert made(subject)[0][3] == ""


def changes(stage, subject):
    """Something about the subject changes."""
    kind, number = subject.split(":")
    with transaction() as session:
        if kind == "pairing":
            session.get(pairing.Pairing, int(number)).close("ended_early", TODAY)
        elif kind == "signal":
            session.get(signal.Signal, int(number)).settled_on = TODAY
        elif kind == "participant":
            session.get(participant.Participant, int(number)).status = "waiting"
        else:
            session.get(request.Request, int(number)).due_on = TODAY


@pytest.mark.parametrize("name", EACH)
def test_what_has_changed_since_it_was_shown_is_shown_again(stage, browser, name):
    path, subject, choice, reason = subjects(stage)[name]
    fields = form(browser.get(path).text, subject)
    changes(stage, subject)
    answer = browser.post(path, data={**fields, subject: choice, f"{subject}.reason": reason})
    assert answer.status_code == 409
    assert "This has changed since you looked" in answer.text
    assert made(subject) == []


def test_second_coordinator_hears_that_the_first_was_there(stage, browser):
    path, subject, _, _ = subjects(stage)["pair"]
    with transaction() as session:
        row = session.get(programme.Programme, stage.programme)
        programme.keep(session, row.rules.model_copy(update={"deputy": "jan"}))
        second = link.desk_link(session, stage.programme, stage.people["jan"]).token
    other = path.replace(stage.desk, second)
    mine, theirs = form(browser.get(path).text, subject), form(browser.get(other).text, subject)
    assert browser.post(path, data={**mine, subject: "rematch", f"{subject}.reason": "one"}).status_code == 303
    answer = browser.post(other, data={**theirs, subject: "close:ended_early", f"{subject}.reason": "two"})
    assert answer.status_code == 409
    assert "Another partner is looked for" in answer.text
    assert [one[2] for one in made(subject)] == ["rematch"]


def test_two_at_the_same_moment_make_one_decision(stage, browser, monkeypatch):
    """The second one looked before the first one wrote: the table itself says who was first."""
    path, subject, choice, _ = subjects(stage)["pair"]
    fields = form(browser.get(path).text, subject)
    real, waiting = hands.books, []

    def late(session, visit):
        found = real(session, visit)
        if not waiting:
            waiting.append(1)
            decision.decide(
                session,
                programme_id=stage.programme,
                phase="by_hand",
                round=1,
                subject=subject,
                choice="close:ended_early",
                reason="first",
                digest=fields[f"{subject}.digest"],
                decided_by=stage.people["jan"],
                decided_on=TODAY,
            )
        return found

    monkeypatch.setattr(hands, "books", late)
    answer = browser.post(path, data={**fields, subject: choice, f"{subject}.reason": "second"})
    assert answer.status_code == 409
    assert [one[2:4] for one in made(subject)] == [("close:ended_early", "first")]


def test_it_can_be_said_again_once_it_was_carried_out(stage, browser):
    path, subject, choice, _ = subjects(stage)["resend"]
    word(browser, path, subject, choice)
    with transaction() as session:
        session.execute(sa.update(Decision).values(applied=True))
    assert word(browser, path, subject, choice).status_code == 303
    assert [one[1] for one in made(subject)] == [1, 2]


@pytest.fixture
def strangers(stage):
    """A pair, a signal, a part and a question of another programme."""
    with transaction() as session:
        rules = session.get(programme.Programme, stage.programme).rules
        theirs = programme.keep(session, rules.model_copy(update={"slug": "other", "coordinator": "jan"})).id
    mine, stage.programme = stage.programme, theirs
    found = [
        one[1] for name, one in subjects(stage).items() if name in {"pair", "signal on the board", "person", "resend"}
    ]
    stage.programme = mine
    return found


def test_subjects_of_another_programme_are_refused(stage, browser, strangers):
    own = running.couple(stage, "jan", "amira")
    for subject in strangers:
        for path in (f"/pairs/{own}", "/risks", f"/people/{stage.people['jan']}", "/waiting/check_in_mentee"):
            fields = {subject: "rematch", f"{subject}.digest": "0" * 64, f"{subject}.reason": "x"}
            answer = browser.post(f"/desk/{stage.desk}{path}", data=fields)
            assert answer.status_code == 404, (subject, path)
        assert made(subject) == []


@pytest.mark.parametrize(
    "subject", ["run:1", "pairing:0", "pairing:x", "pairing:1:2", "pairing:٣", "pairing:99999999999", "", "readiness"]
)
def test_subjects_that_cannot_be_are_refused(stage, browser, subject):
    answer = browser.post(f"/desk/{stage.desk}/risks", data={f"{subject}.digest": "0" * 64, subject or "a": "settle"})
    assert answer.status_code == 404


def test_a_form_about_nothing_or_about_two_things_is_refused(stage, browser):
    path, subject, choice, reason = subjects(stage)["pair"]
    fields = form(browser.get(path).text, subject)
    assert browser.post(path, data={}).status_code == 400
    both = {**fields, subject: choice, f"{subject}.reason": reason, "signal:1.digest": "0" * 64}
    assert browser.post(path, data=both).status_code == 400
    assert made(subject) == []


def test_a_post_from_elsewhere_is_refused(stage, browser):
    path, subject, choice, reason = subjects(stage)["pair"]
    fields = form(browser.get(path).text, subject)
    sent = {**fields, subject: choice, f"{subject}.reason": reason}
    answer = browser.post(path, data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert made(subject) == []
    assert browser.post(path, data=sent).status_code == 303
