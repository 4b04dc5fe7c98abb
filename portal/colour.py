"""The company's colour as a stylesheet: readable in light and dark, whatever colour it is (WCAG 2.2, 1.4.3, 1.4.11)."""

import re
from collections.abc import Sequence

HEX = re.compile(r"[0-9a-f]{6}")
Rgb = tuple[int, int, int]

ENOUGH, SOFT, LINE, STEPS = 4.5, 0.08, 0.3, 40
LIGHT: tuple[Rgb, ...] = ((0xFF, 0xFF, 0xFF), (0xF6, 0xF5, 0xF2), (0xFA, 0xF9, 0xF7))
DARK: tuple[Rgb, ...] = ((0x1C, 0x21, 0x25), (0x13, 0x17, 0x1A), (0x17, 0x1B, 0x1F))
"""What text stands on in light and in dark: the cards first, then the page and sunken fields, as in baken.css."""


def luminance(colour: Rgb) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (x / 255 for x in colour))  # noqa: PLR2004
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """`share` (0 to 1) of the first colour, the rest of the other."""
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def readable(colour: Rgb, grounds: Sequence[Rgb]) -> Rgb:
    """The nearest shade of `colour` that reads well as text on all of these, and on the first one tinted with it."""
    away = (0, 0, 0) if luminance(grounds[0]) > 0.5 else (255, 255, 255)  # noqa: PLR2004 - a light page
    for step in range(STEPS + 1):
        shade = mix(colour, away, 1 - step / STEPS)
        if all(contrast(shade, ground) >= ENOUGH for ground in (*grounds, mix(shade, grounds[0], SOFT))):
            return shade
    return away


def tokens(colour: Rgb, grounds: Sequence[Rgb]) -> dict[str, Rgb]:
    """The brand's colours on these grounds, by their names in baken.css."""
    brand = readable(colour, grounds)
    ink = max(((255, 255, 255), (0, 0, 0)), key=lambda c: contrast(c, brand))
    soft, line = mix(brand, grounds[0], SOFT), mix(brand, grounds[0], LINE)
    return {"brand": brand, "on-brand": ink, "brand-soft": soft, "brand-line": line}


def _written(colour: Rgb, grounds: Sequence[Rgb]) -> str:
    return "".join(f"--{name}:#{r:02x}{g:02x}{b:02x};" for name, (r, g, b) in tokens(colour, grounds).items())


def stylesheet(code: str) -> str:
    """The stylesheet of one brand colour, from its six hexadecimal digits. Raises ValueError for anything else."""
    if not HEX.fullmatch(code):
        raise ValueError("a colour is six hexadecimal digits")
    colour = (int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16))
    light, dark = _written(colour, LIGHT), _written(colour, DARK)
    plain = f":root{{{light}}}\n"
    return f"{plain}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n@media print{{{plain}}}\n"
