"""Help that was asked for, at the desk; messages without names; and the private hint beside a meeting's log."""

import pytest

from framework.content import FORMS
from framework.meetings import left_out
from framework.requests import RequestStatus
from models import link, meeting, programme, request, response
from models.base import transaction
from tests.portal.stage import TODAY, deeds, everything, sensible

TROUBLE = "Wij praten langs elkaar heen"


def ask_for_help(browser, stage, who="zoe", **changes):
    """Somebody opens the form that stands open, and sends it; the number of the call."""
    token = stage.ask("meeting_log", who)
    typed = sensible(FORMS["help_request"]) | {"what": [TROUBLE], "urgent": ["today"]} | changes
    assert browser.post(f"/f/{token}/help", data=typed).status_code == 303
    with transaction() as session:
        return request.standing(session, stage.programme, form="help_request")[-1].id


def desk(stage, rest=""):
    return f"/desk/{stage.desk}{rest}"


def test_call_for_help_stands_on_the_desk_at_once_before_all_else(browser, stage):
    assert "/asked" not in browser.get(desk(stage)).text
    number = ask_for_help(browser, stage)
    assert desk(stage, "/asked") in browser.get(desk(stage)).text
    page = browser.get(desk(stage, "/asked")).text
    assert desk(stage, f"/asked/{number}") in page
    assert TROUBLE not in page
    read = browser.get(desk(stage, f"/asked/{number}")).text
    assert TROUBLE in read
    assert "Zoë Peeters" in read


def test_looking_changes_nothing_and_an_untouched_form_is_not_valid(browser, stage):
    number = ask_for_help(browser, stage)
    before = everything()
    for rest in ("", "/asked", f"/asked/{number}", "/feedback"):
        assert browser.get(desk(stage, rest)).status_code == 200
    answer = browser.post(desk(stage, f"/asked/{number}"), data={"note": "x"})
    assert answer.status_code == 422
    assert TROUBLE in answer.text
    assert everything() == before


def test_what_was_done_is_recorded_once_and_sealed(browser, stage):
    number = ask_for_help(browser, stage)
    for note in ("Samen koffie gedronken", "Iets anders"):
        answer = browser.post(desk(stage, f"/asked/{number}"), data={"outcome": "helped", "note": note})
        assert answer.status_code == 303
    assert deeds("helped") == 1
    with transaction() as session:
        (item,) = request.standing(session, stage.programme, form="help_given")
        kept = response.of_request(session, item.id)
        assert item.status == RequestStatus.ANSWERED
        assert kept.answers == {"outcome": "helped", "note": "Samen koffie gedronken"}
        assert "koffie" not in str(kept.open) + kept.sealed
    page = browser.get(desk(stage, f"/asked/{number}")).text
    assert "Samen koffie gedronken" in page
    assert "<form" not in page.partition("<main")[2].partition("</main")[0]
    assert desk(stage, "/asked") not in browser.get(desk(stage)).text


def test_deputy_who_helps_takes_the_item_over(browser, stage):
    number = ask_for_help(browser, stage)
    with transaction() as session:
        rules = programme.by_slug(session, "growth").rules
        programme.keep(session, rules.model_copy(update={"deputy": "jan"}))
        token = link.desk_link(session, stage.programme, stage.people["amira"])
        deputy = link.desk_link(session, stage.programme, stage.people["jan"]).token
        session.add(
            request.Request(
                key="item",
                programme_id=stage.programme,
                phase="programme",
                round=request.STANDING,
                form="help_given",
                person_id=stage.people["amira"],
                link_id=token.id,
                about=f"request:{number}",
                opened_on=TODAY,
                due_on=TODAY,
            )
        )
    assert browser.post(f"/desk/{deputy}/asked/{number}", data={"outcome": "goes_on"}).status_code == 303
    with transaction() as session:
        items = request.standing(session, stage.programme, form="help_given")
        assert {(one.person_id, one.status) for one in items} == {
            (stage.people["amira"], RequestStatus.CANCELLED),
            (stage.people["jan"], RequestStatus.ANSWERED),
        }


@pytest.mark.parametrize("rest", ["/asked/999", "/asked/0"])
def test_call_that_is_not_there_is_not_found(browser, stage, rest):
    ask_for_help(browser, stage)
    assert browser.get(desk(stage, rest)).status_code == 404
    assert browser.post(desk(stage, rest), data={"outcome": "helped"}).status_code == 404


def test_other_answers_cannot_be_read_by_their_number_here(browser, stage):
    token = stage.ask("mentee_application")
    with transaction() as session:
        other = request.by_link(session, link.open_link(session, token, "form").id).id
    assert browser.get(desk(stage, f"/asked/{other}")).status_code == 404


def test_only_a_desk_opens_these_pages(browser, stage):
    number = ask_for_help(browser, stage)
    form = stage.ask("meeting_log")
    for rest in ("/asked", f"/asked/{number}", "/feedback"):
        assert browser.get(f"/desk/{form}{rest}").status_code == 404


# Messages about the programme


def say(browser, stage, number, named="no"):
    token = stage.ask("meeting_log", "zoe")
    typed = {"kind": ["idea"], "what": [f"Idee {number}"], "named": [named]}
    assert browser.post(f"/f/{token}/feedback", data=typed).status_code == 303


def test_messages_are_counted_until_there_are_five_and_then_read_without_a_name(browser, stage):
    for number in range(4):
        say(browser, stage, number)
    page = browser.get(desk(stage, "/feedback")).text
    assert "4 messages so far" in page
    assert "Idee" not in page
    say(browser, stage, 4)
    page = browser.get(desk(stage, "/feedback")).text
    assert all(f"Idee {number}" in page for number in range(5))
    assert "Peeters" not in page
    assert page == browser.get(desk(stage, "/feedback")).text


def test_name_stands_beside_a_message_only_where_its_writer_said_so(browser, stage):
    for number in range(4):
        say(browser, stage, number)
    say(browser, stage, 4, named="yes")
    assert browser.get(desk(stage, "/feedback")).text.count("Peeters") == 1


def test_order_of_the_messages_does_not_tell_whose_turn_it_was(browser, stage):
    for number in range(8):
        say(browser, stage, number)
    page = browser.get(desk(stage, "/feedback")).text
    order = sorted(range(8), key=lambda number: page.index(f"Idee {number}"))
    assert order not in (list(range(8)), list(range(8))[::-1])


# The private hint


def log(stage, agreed):
    """The log of a meeting of a pair that left something out; its token."""
    pair = int(stage.pair(status="active").partition(":")[2])
    contract = stage.ask("growth_contract", about=f"pairing:{pair}")
    with transaction() as session:
        asked = request.by_link(session, link.open_link(session, contract, "form").id)
        told = {"form": "growth_contract", "version": 1, "language": "en", "answered_on": TODAY}
        response.keep(session, asked, answers={"rel_c04": agreed}, **told)
        row = meeting.Meeting(programme_id=stage.programme, pairing_id=pair, number=1, planned_on=TODAY)
        session.add(row)
        session.flush()
        about = f"meeting:{row.id}"
    return stage.ask("meeting_log", about=about)


def part(browser, token, *own):
    """The second part of the log, after its first was saved with these subjects."""
    typed = sensible(FORMS["meeting_log"]) | {"topics": [], "topics.own": ["\n".join(own)], "go": ["next"]}
    answer = browser.post(f"/f/{token}/part/1", data=typed)
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["location"]).text


def test_subject_that_the_pair_left_out_is_hinted_at_beside_the_log_and_kept_nowhere(browser, stage):
    token = log(stage, "My salary, and the merger.")
    before = len(everything()["event"])
    page = part(browser, token, "Salary talks", "Planning")
    assert "agreed to leave out: Salary talks." in page
    assert "merger" not in page
    assert len(everything()["event"]) == before


def test_other_subjects_bring_no_hint(browser, stage):
    assert "agreed to leave out" not in part(browser, log(stage, "My salary"), "Planning")


def test_subjects_touch_by_a_word_of_some_length():
    assert left_out("Mijn privéleven; het salaris", ["Salaris", "Priveleven", "Het werk", "Loopbaan"]) == [
        "Salaris",
        "Priveleven",
    ]
    assert left_out("", ["Salaris"]) == []
