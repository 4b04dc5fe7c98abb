"""The desk: every decision once, for exactly what was shown."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from framework.people import Role
from models import decision, link, pairing, person, programme, request, response, signal, training
from models.base import transaction
from notifications.words import languages
from tests.portal.stage import TODAY, deeds, everything, fields

COUNTS = {
    "asked": 8,
    "answered": 7,
    "needs": [["RDY-C1-b3", 15], ["RDY-C1-a7", 12]],
    "understood": {"yes": 4, "partly": 2, "no": 1},
    "recommend": {"go": 5, "inform_first": 2},
}


def _decisions():
    with transaction() as session:
        rows = session.scalars(sa.select(decision.Decision).order_by(decision.Decision.id)).all()
        return [(row.subject, row.choice, row.reason) for row in rows]


def _typed(browser, stage, phase):
    page = browser.get(f"/desk/{stage.desk}/{phase}")
    assert page.status_code == 200
    return fields(page.text)[0]


def _enrolled(stage, who, days):
    with transaction() as session:
        on = TODAY + timedelta(days=days)
        at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
        place = training.TrainingSession(
            programme_id=stage.programme, round=1, number=days + 9, on=on, starts_at=at, minutes=240, place="Ghent"
        )
        session.add(place)
        session.flush()
        member = stage.member(session, who, Role.MENTOR)
        row = training.Enrolment(
            programme_id=stage.programme, participant_id=member, session_id=place.id, status="enrolled"
        )
        session.add(row)
        session.flush()
        return f"enrolment:{row.id}"


def _signal(stage, about):
    with transaction() as session:
        signal.raise_signal(session, stage.programme, "RSK-09", about, 1, TODAY, satisfied_least=2, satisfied_gap=3)


def test_desk_shows_the_programme_in_every_language(stage, browser):
    stage.open("matching")
    stage.pair()
    stage.ask("training_enrolment_mentee")
    with transaction() as session:
        signal.raise_signal(session, stage.programme, "RSK-16", "programme", 1, TODAY, places=2)
    for language in languages():
        page = browser.get(f"/desk/{stage.desk}?lang={language}")
        assert page.status_code == 200
        assert not re.search(r"%\(\w+\)s", page.text)
        for phase in ("readiness", "selection", "matching", "training", "review"):
            below = browser.get(f"/desk/{stage.desk}/{phase}?lang={language}")
            assert below.status_code == 200
            assert not re.search(r"%\(\w+\)s", below.text)
    page = browser.get(f"/desk/{stage.desk}")
    assert "One proposed pair to approve" in page.text
    assert "There are too few guides" in page.text
    assert len(html.fromstring(page.text).xpath("//section[@aria-labelledby='timeline']//li")) > 10


def test_desk_counts_who_is_waited_for(stage, browser):
    stage.open("training")
    done = stage.ask("pairing_mentor", "tom")
    stage.open("matching")
    stage.ask("pairing_mentor", "jan", due=TODAY - timedelta(days=1))
    browser.post(f"/f/{done}", data={"accept": "yes"})
    page = html.fromstring(browser.get(f"/desk/{stage.desk}").text).text_content()
    assert "1 of 2 is still to answer" in page
    assert "was due on" in page


def test_looking_at_the_desk_changes_nothing(stage, browser):
    stage.open("matching")
    stage.pair()
    before = everything()
    for path in ("", "/matching", "/readiness", "?recorded=3", "?recorded=x"):
        for method in ("GET", "HEAD"):
            assert browser.request(method, f"/desk/{stage.desk}{path}").status_code == 200
    assert everything() == before


def test_unknown_phase_and_closed_round(stage, browser):
    assert browser.get(f"/desk/{stage.desk}/closure").status_code == 404
    stage.pair()
    assert "nothing to decide" in browser.get(f"/desk/{stage.desk}/matching").text
    stage.open("matching", finished_on=TODAY)
    assert "nothing to decide" in browser.get(f"/desk/{stage.desk}/matching").text


def test_pairs_are_decided_once_each(stage, browser):
    stage.open("matching")
    one, two = stage.pair(), stage.pair("jan", "amira")
    typed = _typed(browser, stage, "matching")
    assert not {one, two, "all"} & set(typed)
    typed |= {one: ["approve"], two: ["strike"], f"{two}.reason": ["same team soon"]}
    for _ in range(2):
        sent = browser.post(f"/desk/{stage.desk}/matching", data=typed)
        assert (sent.status_code, sent.headers["location"]) == (303, f"/desk/{stage.desk}?recorded=2")
    assert _decisions() == [(one, "approve", ""), (two, "strike", "same team soon")]
    assert deeds("decided") == 2
    assert "2 decisions have been recorded" in browser.get(sent.headers["location"]).text
    page = browser.get(f"/desk/{stage.desk}/matching").text
    assert "same team soon" in page
    assert f'name="{one}"' not in page
    assert "Look and decide" not in browser.get(f"/desk/{stage.desk}").text
    with transaction() as session:
        assert {str(row.status) for row in pairing.of_programme(session, stage.programme)} == {"proposed"}
        row = session.scalars(sa.select(decision.Decision)).first()
        assert (row.decided_by, row.decided_on, row.applied) == (stage.people["amira"], TODAY, False)
        assert len(row.digest) == 64


def test_what_changed_is_asked_again_and_the_rest_is_kept(stage, browser):
    stage.open("matching")
    one, two = stage.pair(), stage.pair("jan", "amira")
    typed = _typed(browser, stage, "matching") | {one: ["approve"], two: ["approve"]}
    with transaction() as session:
        session.get(pairing.Pairing, int(one.split(":")[1])).score = 10
    page = browser.post(f"/desk/{stage.desk}/matching", data=typed)
    assert page.status_code == 409
    assert "This has changed since you looked; please look again." in page.text
    assert "The other decision has been recorded." in page.text
    assert _decisions() == [(two, "approve", "")]
    again = fields(page.text)[0] | {one: ["approve"]}
    assert browser.post(f"/desk/{stage.desk}/matching", data=again).status_code == 303
    assert len(_decisions()) == 2


@pytest.mark.parametrize("broken", ["", "0" * 64])
def test_decision_without_the_right_digest_is_not_recorded(stage, browser, broken):
    stage.open("matching")
    one = stage.pair()
    typed = _typed(browser, stage, "matching") | {one: ["approve"], f"{one}.digest": [broken]}
    assert browser.post(f"/desk/{stage.desk}/matching", data=typed).status_code == 409
    assert _decisions() == []


def test_pair_that_is_gone_is_asked_again(stage, browser):
    stage.open("matching")
    one, two = stage.pair(), stage.pair("jan", "amira")
    typed = _typed(browser, stage, "matching") | {one: ["approve"]}
    with transaction() as session:
        session.get(pairing.Pairing, int(one.split(":")[1])).status = "struck"
    assert browser.post(f"/desk/{stage.desk}/matching", data=typed).status_code == 409
    assert _decisions() == []
    assert two in browser.get(f"/desk/{stage.desk}/matching").text


def test_second_coordinator_cannot_undo_the_first(stage, browser):
    stage.open("matching")
    one = stage.pair()
    typed = _typed(browser, stage, "matching")
    browser.post(f"/desk/{stage.desk}/matching", data=typed | {one: ["approve"]})
    other = typed | {one: ["strike"], f"{one}.reason": ["no"]}
    assert browser.post(f"/desk/{stage.desk}/matching", data=other).status_code == 409
    assert _decisions() == [(one, "approve", "")]


def test_all_the_rest_is_one_explicit_choice(stage, browser):
    stage.open("matching")
    one, two, three = stage.pair(), stage.pair("jan", "amira"), stage.pair("amira", "tom")
    typed = _typed(browser, stage, "matching")
    typed |= {two: ["strike"], f"{two}.reason": ["no"], "all": ["approve"]}
    for _ in range(2):
        assert browser.post(f"/desk/{stage.desk}/matching", data=typed).status_code == 303
    assert sorted(_decisions()) == sorted([(one, "approve", ""), (two, "strike", "no"), (three, "approve", "")])


def test_all_the_rest_is_refused_when_the_list_has_changed(stage, browser):
    stage.open("matching")
    stage.pair()
    stage.pair("jan", "amira")
    typed = _typed(browser, stage, "matching") | {"all": ["approve"]}
    stage.pair("tom", "amira")
    assert browser.post(f"/desk/{stage.desk}/matching", data=typed).status_code == 409
    assert _decisions() == []


def test_reason_is_asked_and_what_was_typed_stays(stage, browser):
    stage.open("matching")
    one, two = stage.pair(), stage.pair("jan", "amira")
    typed = _typed(browser, stage, "matching") | {one: ["strike"], two: ["approve"], f"{two}.reason": ["<i>fine</i>"]}
    page = browser.post(f"/desk/{stage.desk}/matching", data=typed)
    assert page.status_code == 422
    assert "Please say why, in a few words." in page.text
    form = html.fromstring(page.text).forms[0]
    assert (form.fields[one], form.fields[f"{two}.reason"]) == ("strike", "<i>fine</i>")
    assert _decisions() == []
    assert browser.post(f"/desk/{stage.desk}/matching", data=typed | {one: ["marry"]}).status_code == 422


def test_nothing_chosen_is_nothing_recorded(stage, browser):
    stage.open("matching")
    stage.pair()
    sent = browser.post(f"/desk/{stage.desk}/matching", data=_typed(browser, stage, "matching"))
    assert (sent.status_code, _decisions()) == (303, [])


def test_readiness_shows_the_count_and_takes_one_decision(stage, browser):
    stage.open("readiness", counts=COUNTS)
    page = browser.get(f"/desk/{stage.desk}/readiness").text
    assert "7 of 8 people answered." in page
    assert "RDY-C1" not in page
    typed = _typed(browser, stage, "readiness")
    assert browser.post(f"/desk/{stage.desk}/readiness", data=typed | {"readiness": ["not_needed"]}).status_code == 422
    assert browser.post(f"/desk/{stage.desk}/readiness", data=typed | {"readiness": ["go"]}).status_code == 303
    assert _decisions() == [("readiness", "go", "")]


def test_readiness_waits_for_the_count(stage, browser):
    stage.open("readiness", counts={"asked": 8, "answered": 2})
    assert "nothing to decide" in browser.get(f"/desk/{stage.desk}/readiness").text


def test_candidates_are_selected_with_what_they_wrote(stage, browser):
    stage.open("selection")
    one, two = stage.apply("tom", Role.MENTOR, score=81), stage.apply("zoe", Role.MENTEE)
    token = stage.ask("mentor_application", "tom")
    with transaction() as session:
        asked = request.by_link(session, link.open_link(session, token, "form").id)
        answers = {"join": "yes", "motivation": "glad to share <b>", "topics": ["coaching"], "voluntary": "yes"}
        told = {"form": "mentor_application", "version": 1, "language": "en", "answered_on": TODAY}
        response.keep(session, asked, answers=answers, **told)
    page = browser.get(f"/desk/{stage.desk}/selection").text
    assert "glad to share &lt;b&gt;" in page
    assert "Coaching others" in page
    assert "81" in page
    form = html.fromstring(page).forms[0]
    assert set(form.inputs[one].value_options) == {"select", "later", "not_selected"}
    assert set(form.inputs[two].value_options) == {"select", "not_selected"}
    typed = fields(page)[0] | {one: ["later"], f"{one}.reason": ["after the course"], "all": ["select"]}
    assert browser.post(f"/desk/{stage.desk}/selection", data=typed).status_code == 303
    assert sorted(_decisions()) == sorted([(one, "later", "after the course"), (two, "select", "")])


def test_training_is_ticked_off_from_its_day_on(stage, browser):
    stage.open("training")
    past, future = _enrolled(stage, "tom", -1), _enrolled(stage, "jan", 3)
    typed = _typed(browser, stage, "training")
    assert f"{past}.digest" in typed
    assert f"{future}.digest" not in typed
    assert browser.post(f"/desk/{stage.desk}/training", data=typed | {past: ["waived"]}).status_code == 422
    assert browser.post(f"/desk/{stage.desk}/training", data=typed | {past: ["absent"]}).status_code == 303
    assert _decisions() == [(past, "absent", "")]


def test_review_shows_numbers_in_words(stage, browser):
    stage.open("review")
    about = stage.pair(status="active")
    _signal(stage, about)
    page = html.fromstring(browser.get(f"/desk/{stage.desk}/review").text).text_content()
    assert "One of the two is not content with the relation (lowest score: 2 of 5)" in page
    assert "Tom De Smet" in page
    typed = _typed(browser, stage, "review")
    assert browser.post(f"/desk/{stage.desk}/review", data=typed | {about: ["rematch"]}).status_code == 422
    typed |= {about: ["rematch"], f"{about}.reason": ["they asked"]}
    assert browser.post(f"/desk/{stage.desk}/review", data=typed).status_code == 303
    assert _decisions() == [(about, "rematch", "they asked")]


def test_desk_never_shows_confidential_answers(stage, browser):
    for phase in ("selection", "matching", "training", "review"):
        stage.open(phase)
    about = stage.pair(status="active")
    _signal(stage, about)
    for form in ("meeting_log", "mentor_reflection", "check_in_mentee", "pair_review_mentor"):
        token = stage.ask(form, about=about)
        with transaction() as session:
            asked = request.by_link(session, link.open_link(session, token, "form").id)
            answers = {"ses_e3": "canary", "ses_g2": "canary", "help": "canary", "rev_p1": "canary"}
            told = {"form": form, "version": 1, "language": "en", "answered_on": TODAY}
            response.keep(session, asked, answers=answers, **told)
    for path in ("", "/readiness", "/selection", "/matching", "/training", "/review"):
        assert "canary" not in browser.get(f"/desk/{stage.desk}{path}").text


def test_acted_on_decisions_are_listed_below(stage, browser):
    stage.open("matching")
    one, _ = stage.pair(), stage.pair("jan", "amira")
    browser.post(f"/desk/{stage.desk}/matching", data=_typed(browser, stage, "matching") | {one: ["approve"]})
    with transaction() as session:
        session.get(pairing.Pairing, int(one.split(":")[1])).status = "approved"
    page = html.fromstring(browser.get(f"/desk/{stage.desk}/matching").text)
    assert "Decided before" in page.text_content()
    assert "Tom De Smet · Zoë Peeters" in page.text_content()


def test_latest_open_round_counts(stage, browser):
    stage.open("review", 1)
    stage.open("review", 2)
    with transaction() as session:
        rows = programme.milestones(session, stage.programme, "review")
        assert len(rows) >= 2
    about = stage.pair(status="active")
    _signal(stage, about)
    assert "nothing to decide" in browser.get(f"/desk/{stage.desk}/review").text


def test_desk_speaks_the_coordinators_language(stage, browser):
    with transaction() as session:
        session.get(person.Person, stage.people["amira"]).language = "fr"
    assert '<html lang="fr">' in browser.get(f"/desk/{stage.desk}").text
