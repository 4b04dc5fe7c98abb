"""What somebody may send who means harm, or whose cat walks over the keys; and, between it, what people mean."""

from functools import cache
from urllib.parse import quote

from hypothesis import strategies as some

from framework.content import FORMS
from framework.questions import Kind, Question
from portal.fields import with_options
from tests.portal.stage import DATES

NASTY = (
    "",
    " ",
    "0",
    "-1",
    "4.5",
    "1e9",
    "٣",  # a digit, and not one of ours
    "²",
    "99999999999999999999",
    "yes ",
    "YES",
    "own:x",
    "\r\n\r\nBcc: a@b.example",
    "=HYPERLINK(1)",
    "<script>alert(1)</script>",
    "</textarea><b>",
    "{{ 7*7 }}{% raw %}",
    "%(company)s %s %n",
    "'; DROP TABLE response; --",
    "\u202eevil\u202c",
    "\ufeff\u200b",
    "a\u0301" * 300,
    "\U0001f9d1‍\U0001f33e" * 40,
    "x" * 5000,
    "29 2 2027",
    "31/12/9999",
    "0001-01-01",
    "../../etc/passwd",
)
DAYS = ("27 april 2027", "1 mars 2027", "3. März 2027", "27 4 2027", "2027-04-27", "27/04/27", "1er août 2027", "5 mei")
PARTS = (
    "",
    "own",
    "day",
    "month",
    "year",
    "1",
    "2",
    "0",
    "-1",
    "999999",
    "1.day",
    "01",
    "x",
    "1.x.y",
    "none",
    "a.b.c.d",
)
LATEST = {"april": "4", "avril": "4", "märz": "3", "4": "4", "13": "13"}

text = some.one_of(some.sampled_from(NASTY), some.text(some.characters(exclude_categories=["Cs"]), max_size=60))
plain = some.text(some.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=60)
Typed = some.SearchStrategy[dict[str, list[str]]]


def _of(q: Question) -> list[str]:
    """Every field that the question may know, and some that it should not."""
    options = [option.id for option in q.options]
    columns = [column.id for column in q.columns]
    rows = [f"{row}.{column}" for row in ("1", "2", "0", "99999", "x") for column in columns]
    return [q.id, *(f"{q.id}.{part}" for part in (*PARTS, *options, *rows, *(f"{row}.day" for row in rows)))]


def day(name: str) -> Typed:
    """A date as people type it: in one field, or in three with the month as a word or a number."""
    whole = some.sampled_from(DAYS).map(lambda said: {name: [said]})
    three = some.tuples(
        some.integers(0, 32), some.sampled_from(sorted(LATEST)), some.sampled_from(("2027", "27", "20270"))
    )
    parts = ("day", "month", "year")
    return whole | three.map(lambda said: {f"{name}.{part}": [str(one)] for part, one in zip(parts, said, strict=True)})


def _one(name: str, *values: str) -> Typed:
    return some.sampled_from(values or ("",)).map(lambda value: {name: [value]})


def _merged(*parts: Typed) -> Typed:
    return some.tuples(*parts).map(lambda given: {name: value for one in given for name, value in one.items()})


def _own(name: str) -> Typed:
    lines = some.lists(plain | some.just("x" * 300), min_size=1, max_size=3).map("\n".join)
    return lines.map(lambda said: {f"{name}.own": [said]})


def _rows(q: Question) -> Typed:
    cells = []
    for row in range(1, min(q.most, 3) + 1):
        for column in q.columns:
            name = f"{q.id}.{row}.{column.id}"
            match column.kind:
                case Kind.DATE:
                    cells.append(day(name))
                case Kind.CHOICE:
                    cells.append(_one(name, "", *(option.id for option in column.options)))
                case Kind.NUMBER:
                    cells.append(_one(name, "7", "1 200", "", "1.200", "many"))
                case _:
                    cells.append(plain.map(lambda said, name=name: {name: [said]}))
    return some.lists(some.sampled_from(cells), min_size=1, max_size=5).flatmap(lambda chosen: _merged(*chosen))


def _meant(q: Question) -> Typed:  # noqa: PLR0911 - one line a kind
    """What somebody would type there who means it; now and then a slip."""
    options = [option.id for option in q.options]
    match q.kind:
        case Kind.SCALE:
            return _one(q.id, "1", "2", "3", "4", "5", "6")
        case Kind.YES_NO | Kind.CONFIRM:
            return _one(q.id, "yes", "yes", "no", "no", "maybe")
        case Kind.NUMBER:
            return _one(q.id, "12", "0", "1 200", "1\u202f200", "1,5", "a dozen")
        case Kind.CHOICE:
            return _one(q.id, *options, "none of these")
        case Kind.CHOICES:
            picked = some.lists(some.sampled_from([*options, "x"]), max_size=4).map(lambda said: {q.id: said})
            return _merged(picked, _own(q.id)) if q.own else picked
        case Kind.PRIORITIES:
            each = [_one(f"{q.id}.{option}", "", "0", "1", "2", "3", "3", "4") for option in options[:6]]
            return _merged(*each, _own(q.id)) if q.own else _merged(*each)
        case Kind.RANKING:
            each = [_one(f"{q.id}.{place}", "", *options, "?") for place in (1, 2, 3)]
            return _merged(*each)
        case Kind.DATE:
            return day(q.id)
        case Kind.ROWS:
            return _rows(q)
        case _:
            return (plain | some.just("x" * 5000)).map(lambda said: {q.id: [said]})


@cache
def answers(form: str, place: int) -> Typed:
    """What may stand in the fields of one question: mostly meant, sometimes not."""
    q = OF[form].questions[place]
    nasty = some.dictionaries(some.sampled_from(_of(q)), some.lists(text, min_size=1, max_size=3), max_size=4)
    return some.one_of(_meant(q), _meant(q), nasty)


@some.composite
def typed(draw: some.DrawFn, name: str, first: int) -> dict[str, list[str]]:
    """Anything that could be posted to that form; a question under a condition is often asked for, too."""
    form, found = OF[name], dict[str, list[str]]()
    more = draw(some.lists(some.integers(0, len(form.questions) - 1), max_size=3, unique=True))
    for place in (*more, first):
        question = form.questions[place]
        if question.when and draw(some.integers(0, 3)):
            found[question.when.question] = [draw(some.sampled_from(sorted(question.when.values)))]
        found |= draw(answers(name, place))
    if not draw(some.integers(0, 3)):
        found |= draw(some.dictionaries(text, some.lists(text, min_size=1, max_size=3), max_size=4))
    return found


OF = {name: with_options(form, DATES) for name, form in FORMS.items()}
"""Every form, with the choices that are known only when it is asked."""
ASKED = sorted(name for name, form in FORMS.items() if form.sections)
_PLACES = [(name, place, q.kind) for name in ASKED for place, q in enumerate(OF[name].questions)]
_BY_KIND = {kind: [one[:2] for one in _PLACES if one[2] is kind] for kind in sorted({kind for *_, kind in _PLACES})}

posted = (
    some.sampled_from(sorted(_BY_KIND))
    .flatmap(lambda kind: some.sampled_from(_BY_KIND[kind]))
    .flatmap(lambda at: some.tuples(some.just(at[0]), typed(*at)))
)
"""A form's name with what is posted to it; every kind of question comes as often as any other."""


def segment() -> some.SearchStrategy[str]:
    """One piece of an address, written so that it stays one piece."""
    return text.map(lambda said: quote(said, safe="")[:400] or "-")
