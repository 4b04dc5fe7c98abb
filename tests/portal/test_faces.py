"""The company's face: its colour readable on every ground, its logo and its words on every page, errors too."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import link, programme
from models.base import transaction
from notifications.gallery import sample_logo
from notifications.logo import picture
from portal import colour
from portal.page import STYLE
from tests.portal.stage import everything

SHEET = STYLE.decode()
BOTH = {"light": colour.LIGHT, "dark": colour.DARK}


def faults(brand):
    """What cannot be read in that brand colour: text 4.5:1 on every ground, control edges and bars 3:1."""
    found = []
    for mode, grounds in BOTH.items():
        made, fixed = colour.tokens(brand, grounds), sheet_colours(mode)
        text, soft = made["brand"], made["brand-soft"]
        found += [(mode, "text") for ground in (*grounds, soft) if colour.contrast(text, ground) < 4.5]
        found += [(mode, "button")] * (colour.contrast(made["on-brand"], text) < 4.5)
        found += [(mode, name) for name in ("ink", "soft") if colour.contrast(fixed[name], soft) < 4.5]
        found += [(mode, "edge")] * (colour.contrast(fixed["edge"], soft) < 3)
        found += [(mode, "bar")] * (colour.contrast(text, fixed["line"]) < 3)
    return found


def sheet_colours(mode):
    """The fixed colours of the stylesheet in light or dark."""
    blocks = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)
    text = blocks[0] if mode == "light" else blocks[1]
    named = re.findall(r"--(\w[\w-]*): ?#([0-9a-f]{3,6})\b", text)
    return {name: rgb(code) for name, code in named}


def rgb(code):
    full = "".join(c * 2 for c in code) if len(code) == 3 else code
    return tuple(int(full[at : at + 2], 16) for at in (0, 2, 4))


def test_grounds_are_those_of_the_stylesheet():
    for mode, grounds in BOTH.items():
        named = sheet_colours(mode)
        assert (named["card"], named["page"], named["sunk"]) == grounds


def test_every_colour_of_the_cube_is_readable():
    cube = list(itertools.product((0, 17, 51, 85, 119, 153, 187, 221, 238, 255), repeat=3))
    assert len(cube) == 1000
    assert {one: wrong for one in cube if (wrong := faults(one))} == {}


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_any_colour_is_readable(one):
    assert faults(one) == []


def test_the_measure_finds_what_is_not_readable(monkeypatch):
    """The control: taken as it is, a pale colour is not readable in light, nor a deep one in dark."""
    monkeypatch.setattr(colour, "readable", lambda one, _: one)
    assert ("light", "text") in faults((255, 220, 100))
    assert ("dark", "text") in faults((10, 20, 80))


def test_a_readable_colour_is_kept():
    assert colour.readable((11, 93, 102), colour.LIGHT) == (11, 93, 102)


@pytest.fixture
def branded(stage):
    with transaction() as session:
        row = session.get(programme.Programme, stage.programme)
        row.settings = row.settings | {"colour": "#aa1155", "mail": row.settings["mail"] | {"logo": sample_logo()}}
    return stage


def wears(answer):
    text = answer.text
    return ("Acme" in text, "brand-aa1155.css" in text, 'class="logo"' in text)


def test_every_page_wears_the_face(branded, browser):
    token = branded.ask("pairing_mentor", "tom")
    with transaction() as session:
        out = link.opt_out_link(session, branded.programme, branded.people["tom"]).token
    desk = f"/desk/{branded.desk}"
    pages = [f"/f/{token}", f"/no/{out}", desk, f"{desk}/downloads", f"{desk}/mails", f"{desk}/mails/preview"]
    for path in (*pages, f"{desk}/programmes", f"{desk}/matching"):
        assert wears(browser.get(path)) == (True, True, True), path


def test_errors_wear_the_face_of_the_link_that_was_opened(branded, browser):
    token = branded.ask("pairing_mentor", "tom")
    before = everything()
    for answer in (
        browser.get(f"/desk/{branded.desk}/nothing/here"),
        browser.get(f"/desk/{branded.desk}/mails/99999"),
        browser.put(f"/f/{token}"),
        browser.post(f"/desk/{branded.desk}/mails", data={}, headers={"sec-fetch-site": "cross-site"}),
    ):
        assert answer.status_code in {403, 404, 405}
        assert wears(answer) == (True, True, True)
    assert everything() == before


def test_errors_speak_the_holders_language(branded, browser):
    from models.person import Person

    with transaction() as session:
        session.get(Person, branded.people["amira"]).language = "nl"
    assert '<html lang="nl">' in browser.get(f"/desk/{branded.desk}/nothing/here").text
    assert '<html lang="fr">' in browser.get(f"/desk/{branded.desk}/nothing/here?lang=fr").text


def test_a_link_that_is_not_ours_shows_no_company(branded, browser):
    forged = branded.desk[:-1] + ("A" if branded.desk[-1] != "A" else "B")
    for path in (f"/desk/{forged}/nothing", f"/f/{branded.desk}/nothing/at/all", "/nowhere"):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert wears(answer) == (False, False, False)


def test_an_error_has_a_page_even_without_a_database(branded, browser, monkeypatch, tmp_path):
    monkeypatch.setenv("BAKEN_HOME", str(tmp_path / "nowhere"))
    answer = browser.get(f"/desk/{branded.desk}/nothing/here")
    assert (answer.status_code, wears(answer)) == (404, (False, False, False))


def test_logo_is_a_file_that_browsers_may_keep(branded, browser):
    page = browser.get(f"/desk/{branded.desk}").text
    address = re.search(r'src="(/static/logo-[0-9a-f]{32})"', page)[1]
    answer = browser.get(address)
    assert answer.content == picture(sample_logo())
    assert answer.headers["content-type"] == "image/png"
    assert "max-age" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert browser.get("/static/logo-" + "0" * 32).status_code == 404


def test_no_logo_is_no_picture(stage, browser):
    assert wears(browser.get(f"/desk/{stage.desk}"))[2] is False
