"""How cost grows with size, as one SVG picture on two logarithmic axes, and the power that fits it best."""

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape

Points = Sequence[tuple[float, float]]
WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM = 780, 430, 64, 170, 20, 46
COLOURS = {
    "attributes": "#0b5d66",
    "baken": "#3c9aa5",
    "baken_scipy": "#8fc1c7",
    "scipy": "#b5532a",
    "flow": "#8a6d00",
    "greedy": "#77828a",
    "mentor_match": "#7a3e9d",
}
NAMES = {
    "attributes": "Baken, from attributes",
    "baken": "Baken, ready scores",
    "baken_scipy": "Baken without OR-Tools",
    "scipy": "scipy, ready matrix",
    "flow": "OR-Tools, all pairs",
    "greedy": "greedy (not optimal)",
    "mentor_match": "mentor-match",
}
APART = 14  # between two names at the edge


def power(points: Points) -> float | None:
    """The exponent p of the curve cost = c * size ** p that lies nearest; None with fewer than two sizes."""
    logs = [(math.log(size), math.log(cost)) for size, cost in points if cost > 0]
    middle = sum(x for x, _ in logs) / max(1, len(logs))
    spread = sum((x - middle) ** 2 for x, _ in logs)
    return round(sum((x - middle) * y for x, y in logs) / spread, 2) if spread else None


def picture(curves: Mapping[str, Points]) -> str:
    """The chart of CPU seconds by mentees; a curve for each engine, named at its end."""
    every = [point for points in curves.values() for point in points]
    sizes = [size for size, _ in every]
    costs = [max(cost, 1e-4) for _, cost in every]
    x = _scale(min(sizes), max(sizes), LEFT, WIDE - RIGHT)
    low, high = 10 ** math.floor(math.log10(min(costs))), 10 ** math.ceil(math.log10(max(costs)))
    y = _scale(low, high, HIGH - BOTTOM, TOP)
    ticks = [(tick, y(tick)) for tick in _tens(low, high)]
    parts = [
        f'<path d="M{LEFT} {at:.1f}H{WIDE - RIGHT}" stroke="#e3e0da"/>' + _text(LEFT - 8, at + 4, f"{tick:g} s", "end")
        for tick, at in ticks
    ]
    parts += [_text(x(size), HIGH - BOTTOM + 20, f"{size:,.0f}", "middle") for size in sorted(set(sizes))]
    parts.append(_text((LEFT + WIDE - RIGHT) / 2, HIGH - 6, "mentees (six mentors for every ten)", "middle"))
    taken: list[float] = []
    for name, points in sorted(curves.items(), key=lambda curve: y(max(curve[1][-1][1], 1e-4))):
        colour = COLOURS.get(name, "#56626b")
        drawn = [(x(size), y(max(cost, 1e-4))) for size, cost in points]
        path = " ".join(f"{across:.1f},{down:.1f}" for across, down in drawn)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{across:.1f}" cy="{down:.1f}" r="3" fill="{colour}"/>' for across, down in drawn]
        taken.append(max(drawn[-1][1] + 4, taken[-1] + APART if taken else 0))
        parts.append(_text(WIDE - RIGHT + 10, taken[-1], NAMES.get(name, name), "start", colour))
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-family="sans-serif" font-size="12" '
        f'role="img" aria-label="CPU seconds by number of mentees">\n'
        f'<rect width="{WIDE}" height="{HIGH}" fill="#fff"/>\n'
        f"{inside}\n</svg>\n"
    )


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """From a number to its place, by its logarithm."""
    wide = math.log(high / low) or 1.0
    return lambda value: start + (end - start) * math.log(value / low) / wide


def _tens(low: float, high: float) -> list[float]:
    return [10.0**power_ for power_ in range(round(math.log10(low)), round(math.log10(high)) + 1)]


def _text(x: float, y: float, words: str, anchor: str, colour: str = "#1d2429") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'
