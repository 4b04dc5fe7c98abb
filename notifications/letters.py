"""Letters on paper for people without a mailbox (CAP-042): what a mail says, on A4, for an envelope with a window.

typst lays the page out: PDF/UA-1 (tagged, with its language), with fonts of its own that know every name of Europe, and
the same bytes for the same input. It gets everything as data, so that no text is ever read as code.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

import segno
import typst

from notifications.dates import day
from notifications.email import Brand
from notifications.jinja import environment, shared
from notifications.logo import picture
from notifications.render import Rendered
from notifications.words import languages

PAGE = Path(__file__).parent / "templates" / "_base" / "letter.typ"
UNPRINTED = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ufe0f]|[\U0001f000-\U0001faff]"
)
SPACES = re.compile(r"[ \t\n]+")
FACT = re.compile(r"(?P<label>[^:.?!]{1,45}?)[\u00a0\u202f ]?: (?P<value>\S.*)")
PERSONAL = re.compile(r"https?://\S+/(?:f|desk)/[\w-]{30,}")
ADDRESS = 60  # characters of an address on a line, so that it can be typed over
Block = dict[str, Any]


class Unprintable(ValueError):
    """A letter that may not be printed, or whose letters no font on this machine knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to one person. `link` is that person's own address; `reach` says where the coordinator is."""

    rendered: Rendered
    brand: Brand
    language: str
    name: str
    on: date
    department: str = ""
    site: str = ""
    link: str = ""
    reach: tuple[str, ...] = ()


def letters(pages: Sequence[Letter], *, window: Literal["right", "left"] = "right") -> bytes:
    """One PDF of all these letters, each on a page of its own; `window` is the side of the envelope's window.

    Names in scripts that the fonts inside do not know are set with those of this machine. Raises ValueError for no
    letters at all, and Unprintable for a personal link that is not the reader's own and for a script without a font.
    """
    if not pages:
        raise ValueError("there is no letter to print")
    logos: dict[str, list[int]] = {}
    data = {
        "title": _clean(f"{pages[0].brand.company} · {pages[0].brand.programme}"),
        "window": window,
        "letters": [_page(letter, logos) for letter in pages],
        "logos": logos,
    }
    told = json.dumps(data, ensure_ascii=False)
    try:
        return _set(told, own_fonts=True)
    except typst.TypstError:
        pass
    try:
        return _set(told, own_fonts=False)
    except typst.TypstError as error:
        raise Unprintable(f"the letters cannot be set: {error.message.partition(':')[0]}") from None


def _set(told: str, *, own_fonts: bool) -> bytes:
    pdf = typst.compile(
        PAGE,
        format="pdf",
        ignore_system_fonts=own_fonts,
        sys_inputs={"letters": told},
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    return bytes(pdf)


def _page(letter: Letter, logos: dict[str, list[int]]) -> Block:
    words = _own_words(letter.language, letter.brand)
    blocks, reason = _blocks(letter, words)
    return {
        "language": letter.language,
        "colour": letter.brand.colour,
        "company": _clean(letter.brand.company),
        "programme": _clean(letter.brand.programme),
        "logo": _logo(letter.brand.logo, logos),
        "address": [line for line in map(_clean, (letter.name, letter.department, letter.site)) if line],
        "date": day(letter.on, letter.language),
        "subject": _clean(letter.rendered.subject),
        "blocks": blocks,
        "reason": reason,
        "foot": _clean(f"{letter.name} · {letter.brand.programme}"),
        "page": words["page"],
    }


def _logo(uri: str, logos: dict[str, list[int]]) -> str:
    raw = picture(uri)
    if raw is None:
        return ""
    name = blake2b(raw, digest_size=8).hexdigest()
    logos.setdefault(name, list(raw))
    return name


@lru_cache(maxsize=64)
def _own_words(language: str, brand: Brand) -> dict[str, Any]:
    """What only paper says, and what it says in other words than a mail."""
    return dict(json.loads(environment(language, "txt").get_template("_base/paper.txt").render(shared(brand))))


@lru_cache(maxsize=64)
def _spoken(brand: Brand) -> list[dict[str, Any]]:
    return [_own_words(language, brand) for language in languages()]


def _blocks(letter: Letter, words: dict[str, Any]) -> tuple[list[Block], list[str]]:
    """The mail's plain text in blocks, and why the reader gets it. A second language may follow a first one's end."""
    text = letter.rendered.text
    if any(found.rstrip(".,;)") != letter.link for found in PERSONAL.findall(text)):
        raise Unprintable("a letter holds a personal link that is not the reader's own")
    blocks: list[Block] = []
    reason: list[str] = []
    foot = f"{letter.brand.company} · {letter.brand.programme}"
    for part in re.split(r"\n[ \t]*\n", text.strip()):
        lines = [_clean(line) for line in part.splitlines() if line.strip()]
        if lines and lines[0] == "--":
            reason += [line for line in _on_paper(lines[1:], letter.brand) if not line.startswith(foot)]
        elif lines and not lines[0].strip("-"):
            blocks += [{"kind": "rule"}, {"kind": "paragraph", "lines": lines[1:]}]
        elif lines:
            blocks.append(_block(lines, letter, words))
    if blocks and blocks[-1]["kind"] == "signature":  # on one page with it
        blocks[-1]["reason"], reason = reason, []
    return blocks, reason


def _block(lines: list[str], letter: Letter, words: dict[str, Any]) -> Block:
    if all(line.startswith(">") for line in lines):
        return {"kind": "quote", "lines": [line[1:].strip() for line in lines]}
    if letter.link and len(lines) > 1 and lines[-1] == letter.link:
        return _action(lines[0], letter.link, words)
    if all(line.startswith("- ") for line in lines):
        return {"kind": "bullets", "lines": [line[2:] for line in lines]}
    rows = [match.group("label", "value") for line in lines if (match := FACT.fullmatch(line))]
    if len(rows) == len(lines) and (len(rows) > 1 or not re.search(r"[.?!:]$", rows[0][1])):
        return {"kind": "facts", "rows": rows}
    said = _on_paper(lines, letter.brand)
    if len(lines) > 1 and lines[0] in {one["regards"] for one in _spoken(letter.brand)}:
        reach = [line for line in map(_clean, letter.reach) if line]
        return {"kind": "signature", "lines": said, "reach": reach, "reason": []}
    return {"kind": "paragraph", "lines": said}


def _action(label: str, link: str, words: dict[str, Any]) -> Block:
    code = segno.make(link, error="m", micro=False).svg_inline(border=0, dark="#000000", omitsize=True)
    return {
        "kind": "action",
        "label": label,
        "code": code,
        "alt": words["code"],
        "scan": words["scan"],
        "address": _typed_over(link),
        "care": words["care"],
    }


def _typed_over(link: str) -> list[str]:
    """The address in short lines: its beginning, and what is random in it apart."""
    start, slash, token = link.rpartition("/")
    halves = (start + slash, token) if len(link) > ADDRESS and not start.endswith("/") else (link,)
    return [half[at : at + ADDRESS] for half in halves for at in range(0, len(half), ADDRESS)]


def _on_paper(lines: Iterable[str], brand: Brand) -> list[str]:
    """These lines as they read on paper: nobody replies to a letter with a button."""
    said = []
    for line in lines:
        for words in _spoken(brand):
            for mailed, printed in words["swaps"]:
                line = line.replace(mailed, printed)  # noqa: PLW2901 - one line, said in other words
        said.append(line)
    return said


def _clean(text: str) -> str:
    """Without what cannot be printed: control characters, marks that turn the direction of reading, and pictograms."""
    return SPACES.sub(" ", UNPRINTED.sub("", text)).strip(" ")
