"""Pressed twice in one moment, from two browsers at once: on either database it is one answer, and no draft is lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from lxml import html
from starlette.testclient import TestClient

from framework.content import FORMS
from portal.app import create_app
from tests.portal import stage as stages
from tests.portal.stage import deeds, sensible
from tests.portal.test_standing import told

AT_ONCE = 4


def at_once(*posts):
    """Post all of them in the same moment, each from a browser of its own; the statuses."""

    def send(post):
        path, typed = post
        return TestClient(create_app(), follow_redirects=False).post(path, data=typed).status_code

    with ThreadPoolExecutor(len(posts)) as pool:
        return list(pool.map(send, posts))


@pytest.mark.slow
def test_what_is_posted_at_once_is_one_answer_and_no_part_is_lost(database):
    stage, form = stages.build(), "mentor_application"
    token = stage.ask(form)
    assert at_once(*[(f"/f/{token}/help", sensible(FORMS["help_request"]))] * AT_ONCE) == [303] * AT_ONCE
    assert len(told("help_request")) == 1
    typed = [("/part/1", {"join": "yes"}), ("/part/2", {"motivation": "this"}), ("/part/3", {"worries": "none"})]
    assert at_once(*[(f"/f/{token}{path}", values | {"go": "later"}) for path, values in typed]) == [303] * 3
    browser = TestClient(create_app())
    shown = html.fromstring(browser.get(f"/f/{token}/all").text).forms[0].fields
    assert (shown["join"], shown["motivation"], shown["worries"]) == ("yes", "this", "none")
    before = deeds("answered")
    assert at_once(*[(f"/f/{token}", sensible(FORMS[form]))] * AT_ONCE) == [303] * AT_ONCE
    assert deeds("answered") == before + 1
