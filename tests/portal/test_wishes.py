"""The page on which people put names in order: cards, selects without a script, and what must never stand there."""

import re

import pytest
from lxml import html

from framework.people import Role
from models import participant, person
from models.base import transaction
from notifications.words import Words, languages
from tests.portal.stage import TODAY, answer_of

PROFILES = {
    "tom": {"topics": ["coaching", "strategy"], "languages": ["nl", "fr"], "avoid": "Zoë Peeters", "hours": 4},
    "jan": {"topics": ["negotiation"], "languages": ["en"]},
    "zoe": {"competences": ["coaching"], "languages": ["nl"], "goal": "A secret ambition", "avoid": "Jan Maes"},
}


@pytest.fixture
def members(stage):
    """Two mentors and a mentee who take part; the ids of their participations."""
    with transaction() as session:
        found = {}
        for who, role in (("tom", Role.MENTOR), ("jan", Role.MENTOR), ("zoe", Role.MENTEE)):
            found[who] = stage.member(session, who, role)
            one = session.get_one(participant.Participant, found[who])
            one.profile = PROFILES[who]
            one.person.job_title, one.person.department = f"Chief of {who}", "Works & <b>more</b>"
        return found


def asked(stage, members, *others, form="mentor_wishes", who="zoe"):
    """The token of a question about these people, as the phase asks it: ids, and no names."""
    options = {"wishes": [[str(members[one]), ""] for one in others]}
    return stage.ask(form, who, about=f"participant:{members[who]}", options=options)


def test_mentee_sees_a_card_of_each_mentor_in_the_order_given(stage, browser, members):
    page = browser.get(f"/f/{asked(stage, members, 'jan', 'tom')}")
    tree = html.fromstring(page.text)
    cards = [" ".join(one.text_content().split()) for one in tree.xpath("//ul[@class='people']/li")]
    assert len(cards) == 2
    assert cards[0].startswith("Jan Maes Chief of jan · Works & <b>more</b> · Ghent")
    assert "Can help with: Coaching others and Thinking strategically" in cards[1]
    assert "Speaks: Nederlands and français" in cards[1]
    assert "<b>more" not in page.text
    selects = tree.xpath("//select")
    assert [one.get("name") for one in selects] == ["wishes.1", "wishes.2"]
    assert [o.text for o in selects[0]] == ["Nobody", "Jan Maes, Chief of jan", "Tom De Smet, Chief of tom"]
    assert [tree.xpath(f"string(//label[@for='{one.get('id')}'])") for one in selects] == ["Choice 1", "Choice 2"]


def test_cards_tell_nothing_that_is_not_for_partners(stage, browser, members):
    as_mentee = browser.get(f"/f/{asked(stage, members, 'tom', 'jan')}").text
    with transaction() as session:
        mentors_view = {"zoe": members["zoe"], "tom": members["tom"]}
        session.get_one(participant.Participant, members["zoe"]).person.interests = ["sea"]
    as_mentor = browser.get(f"/f/{asked(stage, mentors_view, 'zoe', form='mentee_wishes', who='tom')}").text
    assert "Wants to learn:" in as_mentor
    for page in (as_mentee, as_mentor):
        said = html.fromstring(page).xpath("string(//main)")
        assert not re.search(r"ambition|@|avoid|sea\b", said)
    assert as_mentee.count("Zoë Peeters") == 1  # "For Zoë Peeters": not as the one whom Tom would rather not meet


@pytest.mark.parametrize("language", languages())
def test_page_speaks_every_language(stage, browser, members, language):
    page = browser.get(f"/f/{asked(stage, members, 'tom')}?lang={language}").text
    assert Words(language).gettext("Can help with:") in html.fromstring(page).text_content()
    assert not re.search(r"%\(\w+\)s", page)


def test_order_is_kept_as_ids_and_gaps_close_up(stage, browser, members):
    token = asked(stage, members, "jan", "tom")
    sent = browser.post(f"/f/{token}", data={"wishes.1": "", "wishes.2": str(members["tom"])})
    assert sent.status_code == 303
    assert answer_of(token) == ({"wishes": [str(members["tom"])]}, "answered")
    done = browser.get(f"/f/{token}/done")
    assert "Tom" not in html.fromstring(done.text).xpath("string(//main)")


def test_one_name_twice_is_an_error_at_the_field_and_nothing_is_lost(stage, browser, members):
    token, tom = asked(stage, members, "jan", "tom"), str(members["tom"])
    page = browser.post(f"/f/{token}", data={"wishes.1": tom, "wishes.2": tom})
    tree = html.fromstring(page.text)
    assert (page.status_code, answer_of(token)) == (422, (None, "open"))
    assert "same name twice" in tree.get_element_by_id("e-wishes").text_content()
    assert tree.forms[0].fields["wishes.1"] == tree.forms[0].fields["wishes.2"] == tom
    assert {one.get("aria-invalid") for one in tree.xpath("//select")} == {"true"}
    assert tree.get_element_by_id("f-wishes").get("aria-describedby") == "h-wishes e-wishes"


def test_no_name_at_all_is_refused(stage, browser, members):
    page = browser.post(f"/f/{asked(stage, members, 'tom')}", data={"wishes.1": ""})
    assert page.status_code == 422
    assert "Choose at least one name." in page.text


def test_name_that_was_not_offered_is_refused(stage, browser, members):
    page = browser.post(f"/f/{asked(stage, members, 'tom')}", data={"wishes.1": str(members["jan"])})
    assert page.status_code == 422
    assert "Choose from the names shown." in page.text


@pytest.mark.parametrize("how", ["left", "withdrawn"])
def test_who_is_gone_is_no_longer_on_the_page(stage, browser, members, how):
    token = asked(stage, members, "jan", "tom")
    with transaction() as session:
        gone = session.get_one(participant.Participant, members["tom"])
        if how == "left":
            session.get_one(person.Person, gone.person_id).left_on = TODAY
        else:
            gone.status = "withdrawn"
    page = browser.get(f"/f/{token}").text
    assert "Tom De Smet" not in page
    assert "Jan Maes" in page
    assert browser.post(f"/f/{token}", data={"wishes.1": str(members["tom"])}).status_code == 422


def test_earlier_list_is_kept_and_not_shown_again(stage, browser, members):
    """A link in a mail shows no wishes back; left empty, the earlier list stays."""
    token, tom = asked(stage, members, "jan", "tom"), str(members["tom"])
    browser.post(f"/f/{token}", data={"wishes.1": tom})
    browser.cookies.clear()
    page = browser.get(f"/f/{token}?change=1")
    assert not html.fromstring(page.text).xpath("//option[@selected]")
    assert browser.post(f"/f/{token}", data={"wishes.1": "", "wishes.2": ""}).status_code == 303
    assert answer_of(token)[0] == {"wishes": [tom]}
    browser.post(f"/f/{token}", data={"wishes.1": str(members["jan"])})
    assert answer_of(token)[0] == {"wishes": [str(members["jan"])]}


def test_no_more_places_than_names_or_than_the_programme_allows(stage, browser, members):
    one = html.fromstring(browser.get(f"/f/{asked(stage, members, 'tom')}").text)
    assert len(one.xpath("//select")) == 1
    many = {"wishes": [[str(number), f"Name {number}"] for number in range(1, 12)]}
    page = html.fromstring(browser.get(f"/f/{stage.ask('mentor_wishes', options=many)}").text)
    assert len(page.xpath("//select")) == 5
    assert [len(one) for one in page.xpath("//select")] == [12] * 5
