"""What can be wrong with a page that a person looks at: measured in the browser itself.

Beside axe-core (WCAG 2.2 A and AA) what axe does not check: borders of controls with 3:1 against what is round them
(WCAG 1.4.11), targets of 24 px and more (2.5.8), no scrolling sideways (1.4.10), one first heading and no level
left out, links to a language that say which; and a page that asks nobody else for anything, and tells no console.
"""

from collections.abc import Iterable
from importlib import resources
from itertools import product
from typing import Any
from zlib import crc32

from playwright.sync_api import ConsoleMessage, Page, Request

LOOKS = tuple(product((320, 768, 1280), ("light", "dark")))
"""Widths in CSS pixels, and themes."""

AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

MEASURE = """
() => {
  const colour = (text) => {
    const found = text.match(/[\\d.]+/g).map(Number);
    return found.length < 4 ? [...found, 1] : found;
  };
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (one, two) => {
    const [dark, bright] = [light(one), light(two)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const behind = (node) => {
    for (let at = node.parentElement; at; at = at.parentElement) {
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found[3] === 1) return found;
    }
    return [255, 255, 255, 1];
  };
  const name = (node) => node.tagName.toLowerCase() + (node.type ? ':' + node.type : '') +
    (node.name ? '[' + node.name + ']' : '') + (node.className ? '.' + node.className : '');
  const seen = (node) => {
    const box = node.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && getComputedStyle(node).visibility !== 'hidden';
  };
  const wrong = [];
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth + 1) {
    const wide = [...document.querySelectorAll('body *')]
      .filter((n) => n.getBoundingClientRect().right > page.clientWidth + 1).map(name).slice(0, 3);
    wrong.push(`scrolls sideways: ${page.scrollWidth} px in ${page.clientWidth} px (${wide.join(', ')})`);
  }
  const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((n) => Number(n.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) wrong.push(`first headings: ${levels.join(' ')}`);
  if (levels.some((level, i) => level > (levels[i - 1] ?? 0) + 1)) wrong.push(`a level left out: ${levels.join(' ')}`);
  if (!document.title.trim() || document.title.startsWith('Baken')) wrong.push(`title: ${document.title}`);
  for (const node of document.querySelectorAll('a[hreflang]')) {
    if (node.lang !== node.hreflang) wrong.push(`language of ${name(node)}`);
  }
  for (const node of document.querySelectorAll('input, select, textarea, button, a.button')) {
    if (!seen(node) || node.type === 'hidden') continue;
    const style = getComputedStyle(node), box = node.getBoundingClientRect();
    const round = behind(node), fill = colour(style.backgroundColor);
    const line = colour(style.borderTopColor);
    const edge = parseFloat(style.borderTopWidth) > 0 && line[3] === 1 ? ratio(line, round) : 0;
    const likeLink = edge === 0 && fill[3] === 0 && style.textDecorationLine === 'underline';
    const body = fill[3] === 1 ? ratio(fill, round) : 0;
    const native = ['radio', 'checkbox'].includes(node.type) && style.appearance !== 'none';
    if (!native && !likeLink && Math.max(edge, body) < 3) wrong.push(`border ${Math.max(edge, body).toFixed(2)}:1 ${name(node)}`);
    const label = node.closest('label') || (node.id && document.querySelector(`label[for="${CSS.escape(node.id)}"]`));
    const target = ['radio', 'checkbox'].includes(node.type) && label ? label.getBoundingClientRect() : box;
    if (Math.min(target.width, target.height) < 24) {
      wrong.push(`target ${target.width.toFixed(0)} x ${target.height.toFixed(0)} px ${name(node)}`);
    }
  }
  return wrong;
}
"""


def wrong_with(page: Page) -> list[str]:
    """Everything that is wrong with the page as it stands, one line each; empty when all is well."""
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(
        "levels => axe.run(document, {runOnly: {type: 'tag', values: levels}, resultTypes: ['violations']})"
        ".then(told => told.violations)",
        LEVELS,
    )
    told = [f"{one['id']}: {', '.join(str(node['target']) for node in one['nodes'][:3])}" for one in found]
    return told + list(page.evaluate(MEASURE))


def looks(name: str, *, every: bool) -> tuple[tuple[int, str], ...]:
    """All widths and themes, or the one that falls to that page."""
    return LOOKS if every else (LOOKS[crc32(name.encode()) % len(LOOKS)],)


def seen(page: Page, at: Iterable[tuple[int, str]]) -> list[str]:
    """What is wrong with the page in these widths and themes."""
    found = []
    for width, theme in at:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        found += [f"{width} {theme}: {line}" for line in wrong_with(page)]
    return found


def listen(page: Page, portal: str) -> list[str]:
    """A list that fills, from now on, with what a quiet page never does: ask elsewhere, fail, or tell the console."""
    heard: list[str] = []

    def asked(one: Request) -> None:
        if not one.url.startswith((portal, "data:", "about:")):
            heard.append(f"asks elsewhere: {one.url}")

    def told(one: ConsoleMessage) -> None:
        if not (one.text.startswith("Failed to load") and one.location.get("url") == page.url):  # a page meant as a 404
            heard.append(f"console: {one.text}")

    page.on("request", asked)
    page.on("console", told)
    page.on("requestfailed", lambda one: heard.append(f"failed: {one.url} {one.failure}"))
    page.on("pageerror", lambda one: heard.append(f"error: {one}"))
    return heard
