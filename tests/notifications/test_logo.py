"""The logo travels inside the mail, or not at all: a small PNG or JPEG, and nothing from outside."""

import base64
import re

import pytest

from notifications.emails import EMAILS
from notifications.gallery import LINK, sample_brand, sample_logo
from notifications.logo import LARGEST, BadLogo, data_uri, picture
from notifications.render import bundle, render

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40


@pytest.mark.parametrize(("raw", "kind"), [(PNG, "png"), (JPEG, "jpeg")])
def test_logo_is_kept_as_it_is(raw: bytes, kind: str) -> None:
    uri = data_uri(raw)
    assert uri.startswith(f"data:image/{kind};base64,")
    assert picture(uri) == raw


def test_no_logo_is_no_picture() -> None:
    assert picture("") is None


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "SVG, which mail programs do not show"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><svg/>', "SVG, which mail programs do not show"),
        (b"GIF89a" + b"\0" * 20, "neither a PNG nor a JPEG"),
        (b"", "neither a PNG nor a JPEG"),
        (PNG + b"\0" * LARGEST, "60 kB goes along"),
    ],
)
def test_what_mails_cannot_carry_is_refused_with_the_reason(raw: bytes, said: str) -> None:
    with pytest.raises(BadLogo, match=said):
        data_uri(raw)


def test_logo_of_just_the_largest_size_is_taken() -> None:
    assert data_uri(PNG.ljust(LARGEST, b"\0"))
    with pytest.raises(BadLogo):
        data_uri(PNG.ljust(LARGEST + 1, b"\0"))


@pytest.mark.parametrize(
    "uri",
    [
        "https://example.org/logo.png",
        "data:text/html;base64,AAAA",
        "data:image/png,AAAA",
        "data:image/png;base64,###",
        "data:image/png;base64," + base64.b64encode(b"<svg/>").decode(),
    ],
)
def test_damaged_or_remote_logo_is_refused(uri: str) -> None:
    with pytest.raises(BadLogo):
        picture(uri)


@pytest.mark.parametrize("name", EMAILS)
def test_every_mail_shows_the_logo_from_inside(name: str) -> None:
    brand = sample_brand("en").model_copy(update={"logo": sample_logo()})
    shown = render(EMAILS[name].sample(), "en", brand, LINK)
    assert shown.logo == picture(sample_logo())
    assert re.findall(r'src="([^"]*)"', shown.html) == ["cid:logo@baken"]
    assert 'alt="Van Aelst &amp; Zonen"' in shown.html
    assert "data:" not in shown.html


def test_bundle_shows_the_logo_once() -> None:
    brand = sample_brand("en").model_copy(update={"logo": sample_logo()})
    said = [(EMAILS[name].sample(), LINK) for name in ("reminder", "meeting_log")]
    assert bundle(said, "en", brand, also="nl").html.count("cid:logo@baken") == 1


@pytest.mark.parametrize("name", EMAILS)
def test_mail_without_a_logo_holds_no_picture_and_nothing_remote(name: str) -> None:
    shown = render(EMAILS[name].sample(), "en", sample_brand("en"), LINK)
    assert shown.logo is None
    assert not re.search(r"<img|src=|url\(|@import|<link|<script", shown.html)
