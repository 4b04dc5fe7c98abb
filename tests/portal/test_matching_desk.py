"""The page of matching: each pair understood at a glance, each choice once, nothing lost, nothing private."""

import pytest
import sqlalchemy as sa
from lxml import html

from framework import desk
from framework.people import Role
from models import decision, pairing, participant, person
from models.base import transaction
from models.desk import solved
from notifications.words import languages
from tests.portal.crowd import AVOIDS, GIVEN, TOPICS, crowd, ids_of
from tests.portal.stage import TODAY, everything, fields

BENT = {"rules": ("other_department", "common_language"), "relax": ("other_department",)}


def _decisions():
    with transaction() as session:
        rows = session.scalars(sa.select(decision.Decision).order_by(decision.Decision.id)).all()
        return [(row.subject, row.choice, row.reason) for row in rows]


def _page(browser, stage, rest="", status=200):
    page = browser.get(f"/desk/{stage.desk}/matching{rest}")
    assert page.status_code == status
    return page.text


def _text(browser, stage, rest=""):
    return " ".join(html.fromstring(_page(browser, stage, rest)).text_content().split())


def _send(browser, stage, **changes):
    typed = fields(_page(browser, stage))[0] | {name.replace("_", ":", 1): value for name, value in changes.items()}
    return browser.post(f"/desk/{stage.desk}/matching", data=typed)


def _swaps(subject):
    with transaction() as session:
        found = session.get(pairing.Pairing, int(subject.split(":")[1]))
        return [f"swap:{one['mentor']}" for one in found.others]


def test_page_says_the_facts_behind_the_points(stage, browser):
    crowd(stage, [{"topics": TOPICS[1:3], "years": 9}], [{"competences": TOPICS[:3], "years": 1, "site": "Liège"}])
    told = _text(browser, stage)
    assert "Can teach 2 of 3 things on the wish list: giving feedback and managing projects" in told
    assert "8 years ahead" in told
    assert "Both speak Dutch" in told
    assert "In common: chess" in told
    assert "Different sites: Ghent and Liège weak spot" in told
    assert "Aafje Mentor" in told
    assert "Aafje Learner" in told


def test_page_speaks_every_language_without_a_gap(stage, browser):
    crowd(stage, [{}, {"department": "Sales", "topics": []}], [{}, {}, {"languages": ["fr"], "language": "fr"}], **BENT)
    subject = "pairing:1"
    for language in languages():
        for rest in ("", "/unmatched", "/what-if", "/what-if?try=1&goal=x", f"/pair/1?mentor={ids_of(subject)[0]}"):
            sign = "&" if "?" in rest else "?"
            page = browser.get(f"/desk/{stage.desk}/matching{rest}{sign}lang={language}")
            assert page.status_code == (422 if "goal=x" in rest else 200)
            assert "%(" not in page.text
            assert f'<html lang="{language}">' in page.text


def test_clear_pairs_stand_in_rows_and_doubtful_ones_first(stage, browser):
    clear, doubtful = crowd(stage, [{}, {"topics": TOPICS[5:6]}], [{}, {"competences": TOPICS[:4]}])
    page = html.fromstring(_page(browser, stage))
    first = page.xpath("//section[contains(@class, 'pairing')]/@id")
    assert first == [doubtful.replace(":", "-")]
    assert page.xpath("//li[starts-with(@class, 'row')]/@id") == [clear.replace(":", "-")]
    assert "Nothing of the wish list" in page.text_content()
    assert [int(one.text) for one in page.xpath("//ul[@class='big']//b")] == [2, 2, 0, 0, 1]


def test_free_alternative_that_fits_as_well_is_worth_a_second_look(stage, browser):
    (subject,) = crowd(stage, [{}, {"years": 14}], [{}])
    told = _text(browser, stage)
    assert "Somebody else fits about as well" in told
    assert "Has a free place." in told
    assert _swaps(subject)[0] in _page(browser, stage)


def test_each_choice_is_recorded_once(stage, browser):
    one, two, three = crowd(stage, [{}, {}, {}, {}], [{}, {}, {}])
    taken = {f"swap:{ids_of(subject)[0]}" for subject in (one, two, three)}
    (free,) = set(_swaps(two)) - taken
    typed = fields(_page(browser, stage))[0]
    typed |= {one: ["approve"], two: [free], three: ["strike"], f"{three}.reason": ["they share a desk"]}
    for _ in range(2):
        assert browser.post(f"/desk/{stage.desk}/matching", data=typed).status_code == 303
    assert _decisions() == [(one, "approve", ""), (two, free, ""), (three, "strike", "they share a desk")]
    told = _text(browser, stage)
    assert f"Choose this one instead: {GIVEN[int(free[5:]) - 1]} Mentor" in told
    assert "they share a desk" in told


def test_only_shown_alternatives_can_be_chosen(stage, browser):
    (subject,) = crowd(stage, [{}, {}], [{}])
    mentee = ids_of(subject)[1]
    assert _send(browser, stage, **{subject.replace(":", "_"): [f"swap:{mentee}"]}).status_code == 422
    assert _decisions() == []


def test_alternative_without_a_place_any_more_is_not_shown(stage, browser):
    one, two = crowd(stage, [{}, {}], [{}, {}])
    other = f"swap:{ids_of(two)[0]}"
    typed = fields(_page(browser, stage))[0] | {one: [other]}
    with transaction() as session:
        session.get(pairing.Pairing, int(two.split(":")[1])).status = "approved"
    assert browser.post(f"/desk/{stage.desk}/matching", data=typed).status_code == 422
    assert other not in _page(browser, stage)
    assert _decisions() == []


def test_leaver_is_no_alternative(stage, browser):
    (subject,) = crowd(stage, [{}, {}], [{}])
    (other,) = _swaps(subject)
    assert other in _page(browser, stage)
    with transaction() as session:
        who = session.get(participant.Participant, int(other[5:])).person_id
        session.get(person.Person, who).left_on = TODAY
    assert other not in _page(browser, stage)


def test_more_people_than_places_is_an_error_at_each_field(stage, browser):
    one, two, three = crowd(stage, [{}, {}, {}], [{}, {}, {}])
    mine = f"swap:{ids_of(one)[0]}"
    typed = fields(_page(browser, stage))[0]
    typed |= {one: ["approve"], two: [mine], f"{two}.reason": ["<i>they know each other</i>"], three: ["approve"]}
    page = browser.post(f"/desk/{stage.desk}/matching", data=typed)
    assert page.status_code == 422
    assert page.text.count("This person is chosen more often than there are places.") == 4  # at the top, at the field
    form = html.fromstring(page.text).forms[0]
    assert (form.fields[one], form.fields[two], form.fields[three]) == ("approve", mine, "approve")
    assert form.fields[f"{two}.reason"] == "<i>they know each other</i>"
    assert _decisions() == []


def test_place_given_away_leaves_the_other_pair_open(stage, browser):
    one, two = crowd(stage, [{}, {}], [{}, {}])
    mine = f"swap:{ids_of(one)[0]}"
    typed = fields(_page(browser, stage))[0] | {two: [mine], "all": ["approve"]}
    for _ in range(2):
        assert browser.post(f"/desk/{stage.desk}/matching", data=typed).status_code == 303
    assert _decisions() == [(two, mine, "")]


def _bent(stage):
    """Two pairs, of which the second works in one department: nobody else speaks that language."""
    far = {"languages": ["fr"], "language": "fr"}
    clear, bent = crowd(stage, [{}, {"department": "Sales", **far}], [{}, far], **BENT)
    return clear, bent


def test_bent_rule_is_said_and_needs_a_reason(stage, browser):
    _, bent = _bent(stage)
    told = _text(browser, stage)
    assert "Bends a rule: They work in the same department." in told
    assert "your name and your reason stand beside it" in told
    name = bent.replace(":", "_")
    page = _send(browser, stage, **{name: ["approve"]})
    assert page.status_code == 422
    assert "Please say why, in a few words." in page.text
    assert _decisions() == []
    sent = _send(browser, stage, **{name: ["approve"], f"{name}.reason": ["I know them both"]})
    assert sent.status_code == 303
    assert _decisions() == [(bent, "approve", "I know them both")]


def test_bulk_leaves_bent_pairs_open(stage, browser):
    clear, _ = _bent(stage)
    third = stage.pair()
    typed = fields(_page(browser, stage))[0] | {"all": ["approve"]}
    for _ in range(2):
        assert browser.post(f"/desk/{stage.desk}/matching", data=typed).status_code == 303
    assert sorted(_decisions()) == [(clear, "approve", ""), (third, "approve", "")]
    assert "nothing to decide" not in _text(browser, stage)


def test_bulk_is_not_offered_for_bent_pairs_alone(stage, browser):
    clear, _ = _bent(stage)
    assert 'name="all"' in _page(browser, stage)
    with transaction() as session:
        session.get(pairing.Pairing, int(clear.split(":")[1])).status = "struck"
    assert 'name="all"' not in _page(browser, stage)


@pytest.mark.parametrize(
    "change", [{"score": 1}, {"others": []}, {"relaxed": ["other_department"]}, {"language": "fr"}]
)
def test_digest_covers_all_that_is_shown(stage, browser, change):
    (subject,) = crowd(stage, [{}, {}], [{}])
    typed = fields(_page(browser, stage))[0] | {subject: ["approve"], f"{subject}.reason": ["so be it"]}
    with transaction() as session:
        found = session.get(pairing.Pairing, int(subject.split(":")[1]))
        for name, value in change.items():
            setattr(found, name, value)
    page = browser.post(f"/desk/{stage.desk}/matching", data=typed)
    assert page.status_code == 409
    assert "This has changed since you looked; please look again." in page.text
    assert _decisions() == []


def test_digest_covers_the_alternatives(stage, browser):
    (subject,) = crowd(stage, [{}, {}], [{}])
    typed = fields(_page(browser, stage))[0] | {subject: [_swaps(subject)[0]]}
    with transaction() as session:
        found = session.get(pairing.Pairing, int(subject.split(":")[1]))
        found.others = [{**found.others[0], "free": not found.others[0]["free"]}]
    assert browser.post(f"/desk/{stage.desk}/matching", data=typed).status_code == 409
    assert _decisions() == []


def test_looking_changes_nothing(stage, browser):
    subjects = crowd(stage, [{}, {}], [{}, {}, {}])
    before = everything()
    asked = f"/pair/{subjects[0][8:]}?mentor={ids_of(subjects[1])[0]}"
    for rest in ("", "/unmatched", "/what-if", "/what-if?try=1&goal=1000", asked, "/fairness"):
        for method in ("GET", "HEAD"):
            assert browser.request(method, f"/desk/{stage.desk}/matching{rest}").status_code in {200, 422}
    assert everything() == before


def test_what_was_asked_in_private_is_on_no_page(stage, browser):
    (subject,) = crowd(
        stage, [{"avoid": AVOIDS}, {"conflicts": (7,)}], [{"avoid": AVOIDS}], rules=("other_department",)
    )
    mentor = {1, 2} - {ids_of(subject)[0]}
    with transaction() as session:
        assert session.get(participant.Participant, ids_of(subject)[1]).person_id == 7
    told = _text(browser, stage, f"/pair/{subject[8:]}?mentor={mentor.pop()}")
    assert "These two are not available to each other." in told
    for rest in ("", "/unmatched", "/what-if", f"/pair/{subject[8:]}"):
        page = _page(browser, stage, rest)
        assert AVOIDS not in page
        assert "conflict of interest" not in page


def test_facts_rest_on_answers_that_the_reader_may_read():
    assert solved.hidden("growth") == solved.hidden("new-hire") == frozenset()
    assert {"goal", "ambitions", "channel", "availability", "style", "preference"} <= solved.hidden(
        "growth", Role.LINE_MANAGER
    )


def test_pair_of_before_runs_were_kept_is_still_decided(stage, browser):
    stage.open("matching")
    subject = stage.pair()
    told = _text(browser, stage)
    assert "What one wants to learn and the other can teach" in told
    assert "Who has nobody" not in told
    assert _send(browser, stage, **{subject.replace(":", "_"): ["approve"]}).status_code == 303
    assert _decisions() == [(subject, "approve", "")]


def test_choices_of_a_pair():
    assert [(c.id, c.reason) for c in desk.pair_choices([4, 9], bent=True)] == [
        ("approve", True),
        ("swap:4", False),
        ("swap:9", False),
        ("strike", True),
    ]
