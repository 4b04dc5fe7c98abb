"""Who can see this: the page says of every class what the table says, for each role on each track."""

import pytest
from starlette.datastructures import QueryParams

from framework.people import Role
from framework.visibility import TABLE, Cell, Reader, Track, Visibility, Whose, cell
from portal import who
from portal.page import Page

ASKED = (Role.MENTOR, Role.MENTEE, Role.LINE_MANAGER, Role.COORDINATOR, Role.TEAM)


@pytest.mark.parametrize("role", ASKED)
@pytest.mark.parametrize("track", Track)
def test_others_words_stand_under_what_the_table_says(role, track):
    page = Page(QueryParams())
    told = {part: group.who for group in who.others(page, role, track) for part in group.parts}
    assert told == {who.WRITTEN[what]: who.GETS[cell(role, what, track)] for what in Visibility}


@pytest.mark.parametrize("role", ASKED)
@pytest.mark.parametrize("track", Track)
def test_every_class_that_one_writes_stands_there_once(role, track):
    parts = [part for group in who.own(Page(QueryParams()), role, track) for part in group.parts]
    assert parts
    assert sorted(parts) == sorted(who.WRITTEN[what] for what in who.writes(role))


def test_patched_cell_changes_the_page(stage, browser, monkeypatch):
    """The control."""
    where = f"/f/{stage.ask('meeting_log', about=stage.pair())}/who"
    before = browser.get(where).text
    assert "your guide" in before
    assert "Only you can read this." not in before
    monkeypatch.setitem(TABLE, (Visibility.PERSONAL, Track.GROWTH, Reader.MENTOR, Whose.ANOTHER), Cell.NO)
    assert "Only you can read this." in browser.get(where).text


def test_receipt_and_form_lead_there(stage, browser):
    token = stage.ask("programme_evaluation_mentee")
    assert f"/f/{token}/who" in browser.get(f"/f/{token}").text


def test_forged_link_shows_no_rules(stage, browser):
    assert browser.get("/f/nobody/who").status_code == 404
