"""The company's colour as a stylesheet: readable in light and dark, whatever colour it is (WCAG 2.2, 1.4.3, 1.4.11)."""

import re

HEX = re.compile(r"[0-9a-f]{6}")
LIGHT_PAGE, DARK_PAGE = (0xFF, 0xFF, 0xFF), (0x1C, 0x21, 0x25)  # the cards in light and dark, as in baken.css
ENOUGH = 4.5

Rgb = tuple[int, int, int]


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


def readable(colour: Rgb, page: Rgb) -> Rgb:
    """The nearest shade of `colour` that reads well as text on `page`."""
    away = (0, 0, 0) if luminance(page) > 0.5 else (255, 255, 255)  # noqa: PLR2004 - a light page
    for step in range(21):
        shade = mix(colour, away, 1 - step / 20)
        if contrast(shade, page) >= ENOUGH:
            return shade
    return away


def _tokens(colour: Rgb, page: Rgb) -> str:
    brand = readable(colour, page)
    ink = max(((255, 255, 255), (0, 0, 0)), key=lambda c: contrast(c, brand))
    named = {"brand": brand, "on-brand": ink, "brand-soft": mix(brand, page, 0.08), "brand-line": mix(brand, page, 0.3)}
    return "".join(f"--{name}:#{r:02x}{g:02x}{b:02x};" for name, (r, g, b) in named.items())


def stylesheet(code: str) -> str:
    """The stylesheet of one brand colour, from its six hexadecimal digits. Raises ValueError for anything else."""
    if not HEX.fullmatch(code):
        raise ValueError("a colour is six hexadecimal digits")
    colour = (int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16))
    light, dark = _tokens(colour, LIGHT_PAGE), _tokens(colour, DARK_PAGE)
    plain = f":root{{{light}}}\n"
    return f"{plain}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n@media print{{{plain}}}\n"
