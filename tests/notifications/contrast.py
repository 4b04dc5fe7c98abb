"""How well the texts of a page read, counted from its own styles: by day, and by night as its dark rules say."""

import re
from collections import Counter
from collections.abc import Iterator

from lxml import html
from lxml.html import HtmlElement

CONTRAST = 4.5  # to 1, for text of any size (WCAG 2.2, 1.4.3)
UNSEEN = frozenset({"head", "title", "style", "meta"})
LINK_COLOURS = {"light": "#0000ee", "dark": "#9e9eff"}  # a browser's own, where a style says nothing


def poor_contrast(page: str) -> list[str]:
    """The texts of a page that do not read well against what is behind them, by day or by night."""
    found, tree = Counter[str](), html.fromstring(page.encode())
    for scheme in ("light", "dark"):
        rules = _dark_rules(page) if scheme == "dark" else []
        for words, ink, paper in _painted(tree, rules, LINK_COLOURS[scheme]):
            if ratio(ink, paper) < CONTRAST:
                found[f"{scheme}: {ink} on {paper}: {words[:30]!r}"] += 1
    return sorted(found)


def ratio(ink: str, paper: str) -> float:
    """How well one colour (`#rgb` or `#rrggbb`) reads on another: from 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(ink), _luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    full = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(full[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


Rule = tuple[frozenset[str], dict[str, str]]


def _dark_rules(page: str) -> list[Rule]:
    block = re.search(r"@media \(prefers-color-scheme: dark\) \{((?:[^{}]*\{[^{}]*\})*)\s*\}", page)
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", block.group(1)) if block else []
    return [(frozenset(name.strip() for name in names.split(",")), _style(said)) for names, said in rules]


def _style(text: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in text.split(";") if ":" in part)
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs}


def _painted(page: HtmlElement, rules: list[Rule], links: str) -> Iterator[tuple[str, str, str]]:
    """Every text of the page, with its colour and the colour behind it."""

    def walk(tag: HtmlElement, ink: str, paper: str) -> Iterator[tuple[str, str, str]]:
        if not isinstance(tag.tag, str) or tag.tag in UNSEEN:
            return
        style = {"color": links} if tag.tag == "a" else {}
        style |= _style(tag.get("style", ""))
        names = {tag.tag, *(f".{name}" for name in tag.get("class", "").split())}
        for selectors, said in rules:
            style |= said if selectors & names else {}
        if style.get("display") == "none":
            return
        ink = ink if style.get("color", "inherit") == "inherit" else style["color"]
        paper = style.get("background-color", style.get("background", paper))
        words = [tag.text, *(child.tail for child in tag)]
        if tag.tag == "img":
            words.append(tag.get("alt"))
        yield from ((word.strip(), ink, paper) for word in words if word and word.strip())
        for child in tag:
            yield from walk(child, ink, paper)

    yield from walk(page, "#000000", "#ffffff")
