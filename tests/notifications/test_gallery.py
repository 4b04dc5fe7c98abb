"""The gallery holds every e-mail in every language, and every link of its index leads somewhere."""

from pathlib import Path

from lxml import html

from notifications.emails import EMAILS
from notifications.gallery import write_gallery
from notifications.words import languages


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
