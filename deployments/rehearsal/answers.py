"""How people of a rehearsal fill in a form: as a willing person would, each in the own language."""

import random
from collections.abc import Mapping
from datetime import date

from deployments.rehearsal.page import Choice, Form
from deployments.rehearsal.phrases import PRIVATE, SENTENCES, SHORT

YES = {
    "join": 0.42,
    "accept": 0.93,
    "accept_first": 0.95,
    "accept_second": 0.95,
    "met": 0.97,
    "go_on": 0.93,
    "agree": 0.97,
    "consent": 0.98,
    "took_place": 0.9,
    "contact": 0.9,
    "rematch": 0.0,
    "credit": 0.0,
    "release": 0.95,
    "continue": 0.9,
    "again": 0.9,
    "mentored_before": 0.4,
    "become_mentor": 0.5,
}
"""How likely a yes is, by what is asked; one half where nothing is said."""
OFFERS = ("accept", "accept_first", "accept_second", "go_on")
"""The fields that say yes or no to a partner."""
Typed = dict[str, str | list[str]]
NUMBERS = {"minutes": (30, 90), "hours": (2, 4), "rel_c07_hours": (2, 4), "rel_c03_months": (9, 12)}
FIRST = {"recommend": "go", "q04": "yes", "changed": "same_job"}
ALWAYS = {"rel_c06_every": "monthly"}


def fill(
    form: Form, mood: random.Random, language: str, name: str, today: date, likely: Mapping[str, float] = YES
) -> Typed:
    """Fill in a whole form, as a willing person would; `likely` says how likely a yes is, by what is asked."""
    typed: Typed = {**form.hidden, **_in_order(form, mood)}
    for choice in form.choices.values():
        if choice.name not in typed and not in_a_later_line(choice.name) and (value := _choose(choice, mood, likely)):
            typed[choice.name] = value
    for field_name, kind in form.texts.items():
        typed[field_name] = _write(field_name, kind, mood, language, name, today)
    return {key: value for key, value in typed.items() if value}


def _in_order(form: Form, mood: random.Random) -> dict[str, str]:
    """Names put in order, first to last: those shown first are the likeliest, and nobody stands there twice."""
    places = sorted((c.name for c in form.choices.values() if is_place(c)), key=lambda name: (len(name), name))
    if not places:
        return {}
    names = [value for value in form.choices[places[0]].values if value]
    liked = sorted(names, key=lambda name: names.index(name) + mood.randint(0, 3))
    return dict.fromkeys(places, "") | dict(zip(places, liked[: mood.randint(2, 4)], strict=False))


def is_place(choice: Choice) -> bool:
    """Whether this list is a place in an order of names: `wishes.1` is the dearest, and may stay empty."""
    return choice.kind == "select" and choice.name.rpartition(".")[2].isdigit() and choice.values[:1] == [""]


def in_a_later_line(field_name: str) -> bool:
    """Whether a field stands in a table (`goals.2.what`) beyond its second line: two are enough."""
    row = field_name.split(".")[1:2]
    return bool(row) and row[0].isdigit() and int(row[0]) > 2  # noqa: PLR2004


def settle(form: Form, typed: Typed, language: str, number: int, *, refuse: bool) -> str:
    """Whoever says no to a partner gives a reason that nobody else ever wrote; who says yes gives none. The reason."""
    asked = [name for name in OFFERS if name in form.choices]
    if refuse:
        typed |= dict.fromkeys(asked, "no")
    typed.pop("reason", None)
    if all(typed[name] == "yes" for name in asked) or "reason" not in form.texts:
        return ""
    typed["reason"] = reason = PRIVATE.get(language, PRIVATE["en"]).format(number=number)
    return reason


def _choose(choice: Choice, mood: random.Random, likely: Mapping[str, float]) -> str | list[str]:
    values = [value for value in choice.values if value]
    name = choice.name
    if choice.kind == "select":
        return mood.choice(values) if mood.random() < 0.15 else ""  # noqa: PLR2004 - few things have priority
    if choice.kind == "checkbox":
        if len(values) == 1:
            return values[0]
        kept = [value for value in values if value != "none"]
        return mood.sample(kept, k=min(len(kept), mood.randint(2, 4)))
    if set(values) == {"yes", "no"}:
        return "yes" if mood.random() < likely.get(name, 0.5) else "no"
    if set(values) == {"1", "2", "3", "4", "5"}:
        return mood.choices(("2", "3", "4", "5"), weights=(1, 5, 60, 34))[0]
    if name in ALWAYS:
        return ALWAYS[name]
    return FIRST[name] if name in FIRST and mood.random() < 0.85 else mood.choice(values)  # noqa: PLR2004


def _write(field_name: str, kind: str, mood: random.Random, language: str, name: str, today: date) -> str:
    question, _, part = field_name.rpartition(".")
    if in_a_later_line(field_name):
        return ""
    if part in {"day", "month", "year"} and question:
        return str(getattr(today, part))
    if field_name.endswith(".own") or field_name in {"avoid", "conflicts", "prefer"}:
        return ""
    if "signature" in field_name or field_name == "rel_c14":
        return name or "A. Signatory"
    if field_name in NUMBERS or kind == "number":
        low, high = NUMBERS.get(field_name, (1, 12))
        return str(mood.randint(low, high))
    words = SENTENCES if kind == "textarea" else SHORT
    return mood.choice(words.get(language, words["en"]))
