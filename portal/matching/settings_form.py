"""Other settings of matching, as a coordinator types them in: weights, rules, window and places (CAP-095, CAP-090)."""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from framework.matching.settings import BEST_SET, Matching, Rule, Weights
from framework.reading import Typed
from portal.page import Page

WEIGHTS = tuple(Weights.model_fields)
WINDOW = ("low", "right", "until", "high")
WHOLE = 1000
MOST_YEARS, MOST_PLACES = 60, 20
OPPOSITES = ({Rule.OTHER_DEPARTMENT, Rule.SAME_DEPARTMENT}, {Rule.OTHER_COUNTRY, Rule.SAME_COUNTRY})
NUMBER = "Give a whole number from %(least)s to %(most)s."


def offered(settings: Matching) -> tuple[Rule, ...]:
    """The rules that may be chosen; the one that always holds is no choice."""
    out = {Rule.UNAVAILABLE} | ({Rule.MORE_EXPERIENCED} if settings.reverse else set())
    return tuple(rule for rule in Rule if rule not in out)


def may_bend(settings: Matching) -> bool:
    """Whether rules may be bent in this way of matching."""
    return settings.mode in BEST_SET and settings.shape == "one_to_one"


def written(settings: Matching) -> dict[str, list[str]]:
    """Settings as the fields of the form hold them."""
    weights = {name: [str(value)] for name, value in settings.weights.model_dump().items()}
    window = {name: [str(value)] for name, value in zip(WINDOW, settings.window, strict=True)}
    rules = {"rule": [str(rule) for rule in settings.rules], "relax": [str(rule) for rule in settings.relax]}
    return {**weights, **window, **rules, "capacity": [str(settings.capacity)]}


def read(page: Page, typed: Typed, base: Matching) -> tuple[Matching | None, dict[str, str]]:
    """The settings that were typed in, or what is wrong with them by field; never raises for what a person typed."""
    wrong: dict[str, str] = {}
    weights = {name: _number(page, typed, name, 0, WHOLE, wrong) for name in WEIGHTS}
    years = [_number(page, typed, name, -MOST_YEARS, MOST_YEARS, wrong) for name in WINDOW]
    capacity = _number(page, typed, "capacity", 1, MOST_PLACES, wrong)
    rules = _rules(typed, "rule", base)
    relax = _rules(typed, "relax", base) if may_bend(base) else []
    if not wrong and (total := sum(weights.values())) != WHOLE:
        wrong["goal"] = page.say("The weights add up to %(total)s. Together they must be 1000.", total=total)
    if not wrong and years != sorted(years):
        wrong["low"] = page.say("The four numbers must rise from left to right.")
    if any(both <= set(rules) for both in OPPOSITES):
        wrong["rule"] = page.say("Two of these rules exclude each other, so nobody could be matched.")
    elif not set(relax) <= set(rules):
        wrong["rule"] = page.say("A rule can be bent only if it is ticked as a rule.")
    if wrong:
        return None, wrong
    changes = {"weights": weights, "window": years, "capacity": capacity, "rules": rules, "relax": relax}
    try:
        return Matching.model_validate(base.model_dump() | changes), {}
    except ValidationError:
        return None, {"rule": page.say("These settings do not go together.")}


def _rules(typed: Typed, name: str, base: Matching) -> list[Rule]:
    """The rules that were ticked, those of before in their order first; the one that always holds stays if listed."""
    ticked = {value for value in typed.get(name, ()) if value in {str(rule) for rule in offered(base)}}
    before: Sequence[Rule] = base.rules if name == "rule" else base.relax
    kept = [rule for rule in before if str(rule) in ticked or (rule is Rule.UNAVAILABLE and name == "rule")]
    return [*kept, *(rule for rule in offered(base) if str(rule) in ticked and rule not in kept)]


def _number(page: Page, typed: Typed, name: str, least: int, most: int, wrong: dict[str, str]) -> int:
    given = (typed.get(name) or ("",))[-1].strip()
    digits = given.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) <= len(str(WHOLE)) and least <= int(given) <= most:
        return int(given)
    wrong[name] = page.say(NUMBER, least=least, most=most)
    return 0


def listed(typed: Typed) -> Mapping[str, Sequence[str]]:
    """The fields of these settings and no others, to send them once more."""
    return {name: typed[name] for name in (*WEIGHTS, *WINDOW, "capacity", "rule", "relax") if name in typed}
