"""The pages behind the pairs: one pair in full, who has nobody, and what would come of other settings."""

import pytest
import sqlalchemy as sa
from lxml import html

from framework.matching.comparing import changed, figures
from framework.matching.settings import Weights
from models import decision, matching_run, pairing
from models.base import transaction
from tests.portal.crowd import TOPICS, crowd, ids_of
from tests.portal.stage import SURE, TODAY, deeds, everything, fields

OUTSIDE = "Or look for a guide from outside the company, whom nobody here knows or answers to."
FRENCH = {"languages": ["fr"], "language": "fr"}


def _get(browser, stage, rest, status=200):
    page = browser.get(f"/desk/{stage.desk}/matching{rest}")
    assert page.status_code == status
    return html.fromstring(page.text)


def _told(browser, stage, rest, status=200):
    return " ".join(_get(browser, stage, rest, status).text_content().split())


def _form(browser, stage, **changes):
    """The form of settings as a browser sends it."""
    form = _get(browser, stage, "/what-if").forms[-1]
    typed = {}
    for name, value in form.form_values():
        typed.setdefault(name, []).append(value)
    return typed | changes


def _try(browser, stage, status=200, **changes):
    page = browser.get(f"/desk/{stage.desk}/matching/what-if", params=_form(browser, stage, **changes))
    assert page.status_code == status
    return html.fromstring(page.text)


def _send_form(browser, stage, page, **changes):
    form = next(one for one in page.forms if one.method == "POST")
    typed = {}
    for name, value in form.form_values():
        typed.setdefault(name, []).append(value)
    return browser.post(f"/desk/{stage.desk}/matching/what-if", data=typed | SURE | changes)


def _adopted():
    with transaction() as session:
        rows = session.scalars(sa.select(decision.Decision).where(decision.Decision.choice == "adopt")).all()
        runs = session.scalars(sa.select(matching_run.MatchingRun).where(matching_run.MatchingRun.trial)).all()
        return [row.subject for row in rows], [f"run:{run.id}" for run in runs]


# One pair


def test_points_of_a_pair_add_up_beside_its_alternatives(stage, browser):
    (subject,) = crowd(stage, [{}, {"topics": TOPICS[:1], "site": "Liège"}], [{}])
    rows = _get(browser, stage, f"/pair/{subject[8:]}").xpath("//table//tbody/tr")
    points = [[int(cell.text) for cell in row.xpath("td/b")] for row in rows]
    total = next(row for row in rows if row.get("class") == "sum").xpath("td/b/text()")
    factors = points[: len(points) - 2]
    assert len(factors) == 5
    assert [sum(column) for column in zip(*factors, strict=True)] == [int(one) for one in total]


NEW = dict.fromkeys(("goal", "experience", "interests", "language", "site"), 0)
NEW |= {"availability": 400, "style": 400, "preference": 200}


def test_times_ways_of_working_and_wishes_are_told_in_words(stage, browser):
    mentor = {"times": ["early", "lunch", "evening"], "style": ["coffee"]}
    (subject,) = crowd(stage, [mentor], [{"times": ["lunch", "early"], "style": ["direct"]}], weights=NEW)
    told = _told(browser, stage, f"/pair/{subject[8:]}")
    assert "Both have time: early in the morning and over lunch" in told
    assert "They like to work in different ways, which can teach as well" in told
    assert "Neither asked for the other" in told
    dutch = _told(browser, stage, f"/pair/{subject[8:]}?lang=nl")
    assert "Beiden hebben tijd: vroeg in de ochtend en tijdens de lunch" in dutch


@pytest.mark.parametrize("sides", [((6,), ()), ((), (5,))], ids=["mentor", "mentee"])
def test_desk_says_one_of_the_two_asked_and_never_which(stage, browser, sides):
    """MAT-Q14: the same page, whoever of the two typed the other's name."""
    wish, other = sides
    (subject,) = crowd(stage, [{"prefers": wish}], [{"prefers": other}], weights=NEW)
    with transaction() as session:
        pair = session.get(pairing.Pairing, int(subject[8:]))
        assert (pair.mentor.person_id, pair.mentee.person_id) == (5, 6)
        assert pair.reasons["preference"] == 100
    for rest in ("", f"/pair/{subject[8:]}"):
        told = _told(browser, stage, rest)
        assert "One of the two asked for the other" in told
        assert told.count("asked for") == 1


def test_weights_that_need_a_word_have_one(stage, browser):
    crowd(stage, [{}], [{}])
    told = _told(browser, stage, "/what-if")
    assert "a difference can teach too: then leave it at 0" in told
    assert "nobody is told who asked for whom" in told


def test_why_not_another_one_names_rules_costs_and_moves(stage, browser):
    one, two = crowd(stage, [{}, {"topics": TOPICS[:1]}, {"department": "Sales"}], [{}, {"competences": TOPICS[:1]}])
    at = f"/pair/{one[8:]}?mentor="
    named = _get(browser, stage, at).xpath("//option")
    assert [option.text for option in named] == ["Aafje Mentor", "Bram Mentor", "Cato Mentor"]
    third = next(option.get("value") for option in named if option.text == "Cato Mentor")
    assert "They work in the same department." in _told(browser, stage, at + third)
    assert "This is the proposal." in _told(browser, stage, f"{at}{ids_of(one)[0]}")
    told = _told(browser, stage, f"{at}{ids_of(two)[0]}")
    assert "All pairs together would lose 200 points of" in told
    assert "Bram Learner" in told[told.index("Who would move:") :]


def test_unknown_names_and_pairs_are_met_kindly(stage, browser):
    (subject,) = crowd(stage, [{}], [{}])
    for asked in ("x", "99", "", str(ids_of(subject)[1]), "1" * 30):
        assert "The rules" not in _told(browser, stage, f"/pair/{subject[8:]}?mentor={asked}")
    assert browser.get(f"/desk/{stage.desk}/matching/pair/99").status_code == 404
    assert browser.get(f"/desk/nobody/matching/pair/{subject[8:]}").status_code == 404


def test_drawn_pair_has_no_price(stage, browser):
    (subject,) = crowd(stage, [{}, {}], [{}], mode="by_lot")
    other = ({1, 2} - {ids_of(subject)[0]}).pop()
    assert "another pair has no price" in _told(browser, stage, f"/pair/{subject[8:]}?mentor={other}")


# Who has nobody


def test_unmatched_hears_the_rule_and_what_would_help(stage, browser):
    crowd(stage, [{}, {}], [{}, {"department": "Works"}])
    told = _told(browser, stage, "/unmatched")
    assert "Bram Learner" in told
    assert "One rule leaves nobody: “They work in different departments”." in told
    assert "Set this rule aside for this person: “They work in different departments”." in told


@pytest.mark.parametrize("cause", ["rule", "told", "asked", "all"])
def test_mentor_from_outside_is_suggested_in_the_same_words_whatever_the_cause(stage, browser, cause):
    mentees = {
        "rule": {"department": "Works"},
        "told": {"conflicts": (5, 6)},
        "all": {"department": "Works", **FRENCH, "conflicts": (5, 6)},
    }
    mentors = [{"conflicts": (7,)} if cause == "asked" else {}] * 2
    crowd(stage, mentors, [mentees.get(cause, {})], rules=("other_department", "common_language"))
    told = _told(browser, stage, "/unmatched")
    assert OUTSIDE in told
    assert "avoid" not in told
    assert "conflict" not in told


def test_nobody_from_outside_is_needed_where_only_places_are_short(stage, browser):
    crowd(stage, [{}], [{}, {}])
    told = _told(browser, stage, "/unmatched")
    assert "There is one place for 2 people." in told
    assert OUTSIDE not in told


def test_unmatched_hears_of_a_language_and_of_places(stage, browser):
    crowd(stage, [{}, {"capacity": 2, **FRENCH}], [{"waited": 9}, {}, FRENCH, {"languages": ["de"], "waited": 30}])
    page = _get(browser, stage, "/unmatched")
    told = " ".join(page.text_content().split())
    names = page.xpath("//li[@class='alone']//b/text()")
    assert names == ["Daan Learner", "Bram Learner"]
    assert "Ask whether a talk in " in told
    assert "Has waited for 30 days" in told
    assert "There is one place for 2 people." in told
    assert "Ask Aafje Mentor whether there is room for one more." in told


def test_idle_mentors_are_listed(stage, browser):
    (subject,) = crowd(stage, [{}, {}], [{}])
    told = _told(browser, stage, "/unmatched")
    assert "Everybody has a proposal." in told
    idle = {1: "Bram Mentor", 2: "Aafje Mentor"}[ids_of(subject)[0]]
    assert f"{idle} Planner · Works · Ghent one place" in told


def test_struck_pair_gets_a_new_proposal(stage, browser):
    (subject,) = crowd(stage, [{}], [{}])
    with transaction() as session:
        session.get(pairing.Pairing, int(subject[8:])).status = "struck"
    assert "the next run of the matching makes a new proposal" in _told(browser, stage, "/unmatched")


def test_pages_without_a_round_say_so(stage, browser):
    for rest in ("/unmatched", "/what-if"):
        assert "There is no matching to look at at the moment." in _told(browser, stage, rest)


# What if


def test_what_if_shows_both_sides_and_records_nothing(stage, browser):
    crowd(stage, [{"capacity": 2}], [{}, {"department": "Works"}])
    before = everything()
    page = _try(browser, stage, rule=["common_language"])
    told = " ".join(page.text_content().split())
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in page.xpath("//tbody/tr")]
    assert rows[:2] == [["With a proposal", "1", "2 +1"], ["With nobody", "1", "0 \N{MINUS SIGN}1"]]
    assert rows[-1] == ["How the work is spread over the guides", "one with 1", "one with 2"]
    assert "One person would get somebody else." in told
    assert "Bram Learner nobody → Aafje Mentor" in told
    assert everything() == before


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"goal": ["300"]}, "The weights add up to 900. Together they must be 1000."),
        ({"goal": ["much"]}, "Give a whole number from 0 to 1000."),
        ({"goal": ["²"]}, "Give a whole number from 0 to 1000."),
        ({"capacity": ["0"]}, "Give a whole number from 1 to 20."),
        ({"low": ["40"]}, "The four numbers must rise from left to right."),
        ({"rule": ["same_department", "other_department"]}, "Two of these rules exclude each other"),
        ({"rule": ["common_language"], "relax": ["same_site"]}, "A rule can be bent only if it is ticked as a rule."),
    ],
)
def test_slip_in_the_settings_is_named_and_what_was_typed_stays(stage, browser, changes, told):
    crowd(stage, [{}], [{}])
    page = _try(browser, stage, 422, **changes)
    assert told in page.text_content()
    form = page.forms[-1]
    for name, values in changes.items():
        typed = [value for key, value in form.form_values() if key == name]
        assert sorted(typed) == sorted(values)


def test_using_settings_keeps_a_trial_and_one_decision(stage, browser):
    crowd(stage, [{"capacity": 2}], [{}, {"department": "Works"}])
    page = _try(browser, stage, rule=["common_language"], capacity=["2"])
    for _ in range(2):
        assert _send_form(browser, stage, page).status_code == 303
    decisions, trials = _adopted()
    assert decisions == trials
    assert len(trials) == deeds("decided") == 1
    with transaction() as session:
        run = session.scalars(sa.select(matching_run.MatchingRun).where(matching_run.MatchingRun.trial)).one()
        assert run.settings["rules"] == ["common_language"]
        assert run.counts["matched"] == 2
        assert (run.number, len(run.digest)) == (2, 64)
        assert matching_run.last(session, stage.programme, 1).number == 1
    assert "You chose other settings." in _told(browser, stage, "")
    assert "You chose other settings." in " ".join(_try(browser, stage).text_content().split())


def test_settings_stand_once_a_pair_is_approved(stage, browser):
    (subject,) = crowd(stage, [{}], [{}])
    page = _try(browser, stage)
    typed = fields(browser.get(f"/desk/{stage.desk}/matching").text)[0] | {subject: ["approve"]}
    assert browser.post(f"/desk/{stage.desk}/matching", data=typed).status_code == 303
    assert _send_form(browser, stage, page).status_code == 409
    assert "Pairs of this round are approved already" in _try(browser, stage).text_content()
    assert _adopted() == ([], [])


def test_stale_what_if_is_shown_again(stage, browser):
    crowd(stage, [{}, {}], [{}])
    page = _try(browser, stage)
    assert _send_form(browser, stage, page, digest="0" * 64).status_code == 409
    with transaction() as session:
        run = matching_run.last(session, stage.programme, 1)
        session.add(
            matching_run.MatchingRun(
                programme_id=stage.programme,
                round=1,
                number=2,
                made_on=TODAY,
                digest="1" * 64,
                settings=run.settings,
                people=run.people,
                result={"pairs": []},
            )
        )
    again = _send_form(browser, stage, page)
    assert again.status_code == 409
    assert "This has changed since you looked; please look again." in again.text
    assert _adopted() == ([], [])


def test_where_people_choose_there_is_nothing_to_try(stage, browser):
    crowd(stage, [{}], [{}], mode="mutual")
    assert "people choose each other" in _told(browser, stage, "/what-if")


def test_what_if_in_another_language_keeps_what_was_tried(stage, browser):
    crowd(stage, [{}], [{}])
    page = _try(browser, stage, rule=["common_language", "same_site"])
    french = next(one.get("href") for one in page.xpath("//nav[@class='languages']/a") if one.get("lang") == "fr")
    again = html.fromstring(browser.get(french).text)
    assert [v for k, v in again.forms[-1].form_values() if k == "rule"] == ["common_language", "same_site"]


def test_every_weight_can_be_set(stage, browser):
    crowd(stage, [{}], [{}])
    page = _get(browser, stage, "/what-if")
    assert {one.get("name") for one in page.forms[-1].inputs} >= {*Weights.model_fields, "capacity", "rule", "relax"}


def test_figures_count_people_once_and_load_from_nobody_up():
    pairs = [(1, 11, 500), (1, 12, 700), (2, 12, 601)]
    found = figures(pairs, mentors=4, mentees=3, bent=1)
    assert (found.matched, found.unmatched, found.average, found.lowest, found.bent) == (2, 1, 600, 500, 1)
    assert found.load == (2, 1, 1)
    assert figures([], mentors=1, mentees=1).load == (1,)
    moved = changed(pairs, [(1, 11, 400), (2, 12, 1), (2, 13, 5)])
    assert [(one.mentee, one.before, one.after) for one in moved] == [(12, (1, 2), (2,)), (13, (), (2,))]
