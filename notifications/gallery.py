"""A gallery of every e-mail in every language, to look at in a browser: nothing is sent."""

from pathlib import Path
from typing import NamedTuple

from framework.programme import PLAIN, Words
from notifications.email import Brand
from notifications.emails import EMAILS
from notifications.render import Rendered, environment, render
from notifications.words import languages

LINK = "https://mentoring.example.org/a/Xk3v9QpZ7tRw2LmN"


class Card(NamedTuple):
    """One e-mail as the index shows it: its key, the subject of its sample, and for whom it is."""

    name: str
    subject: str
    to: str
    phase: str


def sample_brand(language: str) -> Brand:
    """An invented company, with plain words for mentor and mentee."""
    return Brand(
        company="Van Aelst & Zonen",
        programme="Kompas 2027",
        colour="#0b5d66",
        coordinator_name="Els Peeters",
        coordinator_email="els.peeters@vanaelst.example",
        **PLAIN.get(language, Words()).model_dump(),
    )


def write_gallery(folder: Path) -> int:
    """Write every e-mail's sample as page and as text, and an `index.html`; how many messages were written."""
    for language in languages():
        (folder / language).mkdir(parents=True, exist_ok=True)
        cards = [_write(folder / language, name, language) for name in EMAILS]
        phases = {card.phase: [other for other in cards if other.phase == card.phase] for card in cards}
        index = environment(language, "html").get_template("_base/gallery.html")
        page = index.render(brand=sample_brand(language), language=language, languages=languages(), phases=phases)
        (folder / language / "index.html").write_text(page, encoding="utf-8")
    start = environment("en", "html").get_template("_base/gallery_start.html").render(languages=languages())
    (folder / "index.html").write_text(start, encoding="utf-8")
    return len(EMAILS) * len(languages())


def _write(folder: Path, name: str, language: str) -> Card:
    kind = EMAILS[name]
    shown: Rendered = render(kind.sample(), language, sample_brand(language), LINK)
    (folder / f"{name}.html").write_text(shown.html, encoding="utf-8")
    (folder / f"{name}.txt").write_text(f"{shown.subject}\n\n{shown.text}", encoding="utf-8")
    to = "everyone" if len(kind.to) > 4 else ", ".join(role.replace("_", " ") for role in kind.to)  # noqa: PLR2004
    return Card(name, shown.subject, to, kind.phase)
