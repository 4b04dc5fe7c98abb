"""What keeps people from taking part: numbers on the desk from ten answers on, and never one person's word (LEG-28)."""

import pytest

from framework.content import FORMS
from framework.visibility import ENOUGH, TABLE, Cell, Reader, Track, Visibility, Whose
from models import link, request, response
from models.base import transaction
from tests.portal.stage import TODAY

HEADING, LATE, SHY = "What keeps people from taking part", "RSK-R12", "RSK-R06"
WORDS = {option.id: option.label for q in FORMS["mentor_application"].questions for option in q.options}


def decline(stage, *reasons):
    for reason in reasons:
        token = stage.ask("mentor_application", "tom")
        with transaction() as session:
            asked = request.by_link(session, link.open_link(session, token, "form").id)
            told = {"form": "mentor_application", "version": 1, "language": "en", "answered_on": TODAY}
            response.keep(session, asked, answers={"join": "no", "decline_reason": reason}, **told)


def test_nine_answers_tell_nothing_and_ten_only_what_five_said(stage, browser):
    decline(stage, *[LATE] * 6, *[SHY] * (ENOUGH - 7))
    assert HEADING not in browser.get(f"/desk/{stage.desk}").text
    decline(stage, SHY)
    page = browser.get(f"/desk/{stage.desk}").text
    assert HEADING in page
    assert WORDS[LATE] in page
    assert WORDS[SHY] not in page


@pytest.mark.parametrize("closed", [Cell.NO, Cell.RELEASED])
def test_closed_cell_tells_nothing(stage, browser, monkeypatch, closed):
    """The control: the table alone opens it."""
    decline(stage, *[LATE] * ENOUGH)
    assert HEADING in browser.get(f"/desk/{stage.desk}").text
    key = (Visibility.SPECIAL, Track.GROWTH, Reader.COORDINATOR, Whose.ANOTHER)
    monkeypatch.setitem(TABLE, key, closed)
    assert HEADING not in browser.get(f"/desk/{stage.desk}").text
