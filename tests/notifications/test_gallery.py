"""The gallery holds every e-mail in every language, and every link of its index leads somewhere."""

import re
from pathlib import Path

from lxml import html

from notifications.emails import EMAILS
from notifications.gallery import write_gallery
from notifications.words import languages

EXAMPLES = ("example_bundle", "example_second_language", "example_adapted")


def test_gallery_holds_every_email_in_every_language(tmp_path: Path) -> None:
    assert write_gallery(tmp_path) == len(EMAILS) * len(languages())
    for language in languages():
        index = html.fromstring((tmp_path / language / "index.html").read_bytes())
        links = [str(link.get("href")) for link in index.iter("a")]
        assert {f"{name}.{form}" for name in EMAILS for form in ("html", "txt")} <= set(links)
        assert all((tmp_path / language / link).resolve().is_file() for link in links)


def test_gallery_can_be_written_again(tmp_path: Path) -> None:
    write_gallery(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()}
    write_gallery(tmp_path)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()}


def test_gallery_start_leads_to_the_languages(tmp_path: Path) -> None:
    write_gallery(tmp_path)
    start = html.fromstring((tmp_path / "index.html").read_bytes())
    assert [link.get("href") for link in start.iter("a")] == [f"{code}/index.html" for code in languages()]


def test_gallery_shows_each_mail_on_a_phone_and_on_a_computer(tmp_path: Path) -> None:
    write_gallery(tmp_path)
    for language in languages():
        index = html.fromstring((tmp_path / language / "index.html").read_bytes())
        looks = {str(link.get("href")) for link in index.iter("a") if str(link.get("href")).endswith("-look.html")}
        assert {f"{name}-look.html" for name in (*EMAILS, *EXAMPLES)} <= looks
        for path in (tmp_path / language).glob("*-look.html"):
            page = html.fromstring(path.read_bytes())
            shown = path.name.replace("-look", "")
            assert [frame.get("src") for frame in page.iter("iframe")] == [shown, shown]
            assert all((path.parent / str(link.get("href"))).resolve().is_file() for link in page.iter("a"))


def test_gallery_tells_how_a_mail_behaves(tmp_path: Path) -> None:
    write_gallery(tmp_path)
    for name, kind in EMAILS.items():
        said = (tmp_path / "en" / f"{name}-look.html").read_text(encoding="utf-8")
        assert ("want no more" in said) is kind.campaign
        assert ("until someone has looked" in said) is (kind.twice == "hold")


def test_gallery_fetches_nothing(tmp_path: Path) -> None:
    write_gallery(tmp_path)
    for path in tmp_path.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "cid:" not in text
        assert not re.search(r'src="(?!data:image/png;base64,|[\w]+\.html")', text), path
        assert not re.search(r"<script|<link|@import|url\(http", text), path
