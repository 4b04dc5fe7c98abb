"""A gallery of every e-mail in every language, to look at in a browser: nothing is sent, and nothing is fetched."""

from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from framework.mail import AdaptedText
from framework.programme import PLAIN, Words
from notifications.email import Brand, Email
from notifications.emails import EMAILS
from notifications.jinja import environment
from notifications.logo import data_uri
from notifications.render import Rendered, bundle, render
from notifications.words import languages

LINK = "https://mentoring.example.org/a/Xk3v9QpZ7tRw2LmN"
BUNDLED = ("agreement_active", "training_invitation", "meeting_preparation")
ADAPTED = "pairing_mentor"
OWN_WORDS = {
    "en": AdaptedText(
        subject="{{ partner }} would like to learn from you",
        body="We thought of you for {{ partner }}, from {{ partner_department }}.\n\nIs it a yes? Then tell us by "
        "{{ closes_on }}. Would you rather talk first? I am in the canteen every Tuesday at noon.",
    ),
    "nl": AdaptedText(
        subject="{{ partner }} wil graag van u leren",
        body="Voor {{ partner }} ({{ partner_department }}) dachten we aan u.\n\nIs het een ja? Laat het ons weten "
        "tegen {{ closes_on }}. Liever eerst even praten? Elke dinsdagmiddag zit ik in het bedrijfsrestaurant.",
    ),
    "fr": AdaptedText(
        subject="{{ partner }} aimerait apprendre avec vous",
        body="Nous avons pensé à vous pour {{ partner }} ({{ partner_department }}).\n\nSi oui, dites-le-nous "
        "au plus tard le {{ closes_on }}. Vous préférez en parler avant ? Je suis à la cantine chaque mardi midi.",
    ),
}


class Card(NamedTuple):
    """One message as the gallery shows it: its key, its subject, for whom it is, and how it behaves."""

    name: str
    subject: str
    to: str
    phase: str
    marks: tuple[str, ...]


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


def sample_logo() -> str:
    """The invented company's logo, as a data URI."""
    return data_uri(files("notifications").joinpath("templates/_base/sample_logo.png").read_bytes())


def write_gallery(folder: Path) -> int:
    """Write every e-mail's sample as page and as text, and an `index.html`; how many e-mails were written.

    Beside them stand three examples: several e-mails in one, a second language, and a programme's own words.
    """
    for language in languages():
        (folder / language).mkdir(parents=True, exist_ok=True)
        cards = [_write(folder / language, kind, language) for kind in EMAILS.values()]
        cards += _write_examples(folder / language, language)
        phases = {card.phase: [other for other in cards if other.phase == card.phase] for card in cards}
        _page(folder / language / "index.html", "gallery", language, phases=phases)
        for place, card in enumerate(cards):
            near = {"before": cards[place - 1].name, "after": cards[(place + 1) % len(cards)].name}
            _page(folder / language / f"{card.name}-look.html", "gallery_mail", language, card=card, **near)
    start = environment("en", "html").get_template("_base/gallery_start.html").render(languages=languages())
    (folder / "index.html").write_text(start, encoding="utf-8")
    return len(EMAILS) * len(languages())


def _page(path: Path, template: str, language: str, **given: object) -> None:
    page = environment(language, "html").get_template(f"_base/{template}.html")
    path.write_text(page.render(given, language=language, languages=languages()), encoding="utf-8")


def _face(language: str) -> Brand:
    return sample_brand(language).model_copy(update={"logo": sample_logo()})


def _write(folder: Path, kind: type[Email], language: str) -> Card:
    subject = _save(folder, kind.name, render(kind.sample(), language, _face(language), LINK))
    return Card(kind.name, subject, _readers(kind), kind.phase, _marks(kind))


def _write_examples(folder: Path, language: str) -> list[Card]:
    face, one = _face(language), EMAILS[ADAPTED].sample()
    other = "nl" if language != "nl" else "fr"
    said = [(EMAILS[name].sample().model_copy(update={"given_name": "Zoë"}), LINK) for name in BUNDLED]
    examples = {
        "example_bundle": (bundle(said, language, face), "Three mails of one day, sent as one"),
        "example_second_language": (
            render(one, language, face, LINK, also=other, also_brand=_face(other)),
            "With the language that the law of the site asks for below",
        ),
        "example_adapted": (
            render(one, language, face, LINK, texts={ADAPTED: OWN_WORDS}),
            "In the programme's own words; the facts, the quote and the button stay",
        ),
    }
    return [
        Card(name, _save(folder, name, shown), "one person", "examples", (mark,))
        for name, (shown, mark) in examples.items()
    ]


def _save(folder: Path, name: str, shown: Rendered) -> str:
    html = shown.html.replace("cid:logo@baken", sample_logo())  # a browser has no attachments to show
    (folder / f"{name}.html").write_text(html, encoding="utf-8")
    (folder / f"{name}.txt").write_text(f"{shown.subject}\n\n{shown.text}", encoding="utf-8")
    return shown.subject


def _readers(kind: type[Email]) -> str:
    return "everyone" if len(kind.to) > 4 else ", ".join(role.replace("_", " ") for role in kind.to)  # noqa: PLR2004


def _marks(kind: type[Email]) -> tuple[str, ...]:
    again = {
        "resend": "If nobody knows whether it arrived, it is sent once more",
        "hold": "If nobody knows whether it arrived, it waits until someone has looked",
    }
    marks = {
        "Readers may say that they want no more of these": kind.campaign,
        "Always travels alone, never with other mails of the day": kind.alone,
        "Of several about one thing, only the newest goes out": kind.latest_only,
        "Bound to its day: it does not wait for a quieter one": kind.pressing,
    }
    return (again[kind.twice], *(mark for mark, holds in marks.items() if holds))
