"""What every e-mail must be, whatever it says: each check takes one mail and returns what is wrong with it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

import html5lib
from lxml import html
from lxml.html import HtmlElement

from notifications.email import Brand, Email
from notifications.render import Rendered
from notifications.words import Words
from tests.notifications.contrast import poor_contrast

LARGEST = 100_000  # bytes of a page: a well-known mail program cuts off what is longer
LONGEST = 70  # characters of a subject: what a list of mails still shows
BLOCKS = ("p", "li", "th", "td", "blockquote")
LOADING = ("src", "srcset", "background", "poster", "data", "action", "formaction")
LOADERS = ("link", "script", "iframe", "object", "embed", "form", "video", "audio", "base", "svg")


@dataclass(frozen=True)
class Mail:
    """One e-mail as somebody gets it; `link` is the one address that it may lead to."""

    email: Email
    language: str
    brand: Brand
    link: str
    shown: Rendered

    @property
    def page(self) -> HtmlElement:
        """The page as a tree."""
        return html.fromstring(self.shown.html.encode())


Check = Callable[[Mail], list[str]]


def whole(mail: Mail) -> list[str]:
    """Nothing of a template, or of a place to fill in, is left in the words."""
    words = (mail.shown.subject, mail.shown.text, mail.shown.html)
    return [left for text in words for left in re.findall(r"%\(\w*\)?s?|\{\{|\{%|\bNone\b|\bUndefined\b", text)]


def valid(mail: Mail) -> list[str]:
    """The page is HTML without errors, as the standard's own parser reads it."""
    parser = html5lib.HTMLParser()
    parser.parse(mail.shown.html)
    return [f"{place}: {code}" for place, code, _ in parser.errors]


def readable_aloud(mail: Mail) -> list[str]:
    """A screen reader knows the language, the pictures, the headings and what a table's labels stand for."""
    page, found = mail.page, []
    if page.get("lang") != mail.language:
        found.append(f"lang is {page.get('lang')}")
    if not (page.findtext(".//title") or "").strip():
        found.append("no title")
    found += ["a picture without alt" for picture in page.iter("img") if picture.get("alt") is None]
    found += ["a label without scope" for label in page.iter("th") if label.get("scope") not in {"row", "col"}]
    levels = [int(tag.tag[1]) for tag in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    before = [1, *levels]  # the mail program's own heading stands above
    found += [f"h{level} after h{last}" for last, level in zip(before, levels, strict=False) if level > last + 1]
    return found


def small(mail: Mail) -> list[str]:
    """The page is shown whole."""
    size = len(mail.shown.html.encode())
    return [f"{size} bytes"] if size >= LARGEST else []


def short_subject(mail: Mail) -> list[str]:
    """The subject fits in a list of mails."""
    length = len(mail.shown.subject)
    return [f"{length}: {mail.shown.subject}"] if not 0 < length < LONGEST else []


def safe_links(mail: Mail) -> list[str]:
    """Every link leads to the form or to the coordinator, and has words."""
    may = {mail.link, f"mailto:{mail.brand.coordinator_email}"}
    links = list(mail.page.iter("a"))
    found = [f"leads to {link.get('href')}" for link in links if link.get("href") not in may]
    return found + ["a link without words" for link in links if not link.text_content().strip()]


def nothing_remote(mail: Mail) -> list[str]:
    """Opening the mail loads nothing, runs nothing and tells nobody."""
    found = [f"<{tag.tag}>" for tag in mail.page.iter(*LOADERS)]
    for tag in mail.page.iter():
        for name, value in tag.items():
            if name.startswith("on") or (name in LOADING and not value.startswith(("cid:", "data:image/"))):
                found.append(f"{name}={value}")
    return found + re.findall(r"url\([^)]*\)|@import[^;]*|expression\(", mail.shown.html)


def same_links(mail: Mail) -> list[str]:
    """The plain text leads where the page leads."""
    on_page = {str(link.get("href")).removeprefix("mailto:") for link in mail.page.iter("a")}
    in_text = set(re.findall(r"https?://\S+|[\w.+-]+@[\w.-]+\w", mail.shown.text))
    missing = [f"only on the page: {link}" for link in sorted(on_page - in_text)]
    shown = mail.page.text_content()
    return missing + [f"only in the text: {link}" for link in sorted(in_text - on_page) if link not in shown]


def same_words(mail: Mail) -> list[str]:
    """The plain text says what the page says: each paragraph, fact, quote and point."""
    text = _plain(re.sub(r"(?m)^(> |- )", "", mail.shown.text))
    found = []
    for block in mail.page.iter(*BLOCKS):
        lines = [_plain(line) for line in _lines(block)]
        if _is_way_round(block, mail):
            continue
        found += [f"only on the page: {line}" for line in lines if line and line not in text]
    for row in mail.page.iter("tr"):
        label, value = (_plain(cell.text_content()) for cell in row)
        if not re.search(rf"{re.escape(label)} ?: {re.escape(value)}", text):
            found.append(f"not a fact in the text: {label}")
    return found


def says_why(mail: Mail) -> list[str]:
    """Both forms say why this person gets the mail, and who sends it."""
    named = {name: getattr(mail.brand, name) for name in Brand.model_fields}
    reason = _plain(Words(mail.language).gettext(mail.email.reason) % named)
    page, text = _plain(unescape(mail.page.text_content())), _plain(mail.shown.text)
    wanted = (reason, mail.brand.company, mail.brand.programme, mail.brand.coordinator_email, mail.email.given_name)
    return [
        f"{form} lacks {what}" for what in wanted for form, said in (("page", page), ("text", text)) if what not in said
    ]


def reads_well(mail: Mail) -> list[str]:
    """Every text reads well against what is behind it, by day and by night."""
    return poor_contrast(mail.shown.html)


CHECKS: tuple[Check, ...] = (
    whole,
    valid,
    readable_aloud,
    small,
    short_subject,
    safe_links,
    nothing_remote,
    same_links,
    same_words,
    says_why,
    reads_well,
)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _lines(block: HtmlElement) -> list[str]:
    """The lines of a block, where the page breaks them."""
    found, parts = [], [block.text or ""]
    for child in block:
        if child.tag == "br":
            found.append("".join(parts))
            parts = []
        else:
            parts.append(child.text_content())
        parts.append(child.tail or "")
    return [*found, "".join(parts)]


def _is_way_round(block: HtmlElement, mail: Mail) -> bool:
    """The line below a button repeats its address; in the plain text the button is that address."""
    return any(link.text == mail.link for link in block.iter("a"))
