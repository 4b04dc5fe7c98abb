"""The templates as they speak one language: strict, quick, and in the company's own words.

A name that does not exist raises. Templates and phrases are read once a process; what people wrote is escaped in pages.
"""

from collections.abc import Callable, MutableMapping
from datetime import date
from functools import cache, lru_cache
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.utils import Namespace
from markupsafe import Markup

from framework.people import Role
from notifications.dates import day, short
from notifications.email import Brand
from notifications.words import Words

COMPANY = ("company", "programme", "coordinator_name", "mentor", "mentors", "mentee", "mentees")
"""The words and names of the company that every phrase may use."""

Finder = Callable[[str], str]


def company_words(brand: Brand) -> dict[str, str]:
    """The company's words and names, for the places in a phrase that ask for them."""
    return {name: getattr(brand, name) for name in COMPANY}


@lru_cache(maxsize=64)
def shared(brand: Brand) -> dict[str, Any]:
    """What every template is given of a brand; `ink` is the colour of text on the company's own."""
    return {"brand": brand, "company_words": company_words(brand), "ink": on_colour(brand.colour)}


def on_colour(colour: str) -> str:
    """Black or white, whichever reads better on `colour` (`#rrggbb`); never less than 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)  # noqa: PLR2004
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (light + 0.05) / 0.05 > 1.05 / (light + 0.05) else "#ffffff"


class _Templates(Environment):
    """Templates share one dictionary of globals: nothing is added to it for one template."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return self.globals if d is None else super().make_globals(d)


@cache
def environment(language: str, form: str) -> Environment:
    """The templates as they speak `language`; `form` is txt or html, and html escapes what people wrote."""
    env = _Templates(
        loader=PackageLoader("notifications", "templates"),
        autoescape=form == "html",  # the plain text holds no markup
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    env.policies["ext.i18n.trimmed"] = True
    env.newstyle_gettext = True  # type: ignore[attr-defined]
    words = Words(language)
    single = _single(words.gettext, escaped=form == "html")
    env.globals.clear()  # a template gets what it is given, and these
    env.globals |= {"_": single, "gettext": single, "ngettext": _plural(words.ngettext, escaped=form == "html")}
    env.globals |= {"language": words.language, "namespace": Namespace}
    env.filters |= {"day": written(day, words.language), "short": written(short, words.language)}
    env.filters |= {"word": pass_context(lambda context, role: role_word(context["brand"], role)), "phrase": single}
    return env


@lru_cache(maxsize=128)
def parts(language: str, form: str, brand: Brand) -> TemplateModule:
    """The paragraphs, buttons and facts of a mail, in the company's colour."""
    return environment(language, form).get_template(f"_base/parts.{form}").make_module(shared(brand))


def spoken(language: str) -> str:
    """The language that is used for `language`: `nl` for `nl-BE`, English for one that nobody translated."""
    return str(environment(language, "txt").globals["language"])


def phrase(language: str, message: str, brand: Brand) -> str:
    """A phrase of the catalogues as plain text, in the company's words."""
    say: Callable[..., str] = cast("Any", environment(language, "txt").globals["_"])
    return say(shared(brand), message)


def written(way: Callable[[date, str], str], language: str) -> Callable[[date], str]:
    """A way to write a date in that language, which remembers the days that it wrote last."""

    @lru_cache(maxsize=512)
    def write(on: date) -> str:
        return way(on, language)

    return write


def _single(find: Finder, *, escaped: bool) -> Callable[..., str]:
    @lru_cache(maxsize=4096)
    def found(message: str) -> tuple[str, bool]:
        text = find(message)
        return Markup(text) if escaped else text, "%" in text  # noqa: S704 - catalogues hold no markup

    @pass_context
    def gettext(context: Context, message: str, /, **variables: Any) -> str:
        text, asks = found(message)
        filled: str = text % {**context["company_words"], **variables} if asks else text
        return filled

    return gettext


def _plural(find: Callable[[str, str, int], str], *, escaped: bool) -> Callable[..., str]:
    @pass_context
    def ngettext(context: Context, singular: str, plural: str, num: int, /, **variables: Any) -> str:
        known: dict[str, Any] = {**context["company_words"], "num": num, **variables}
        message = find(singular, plural, num)
        return Markup(message) % known if escaped else message % known  # noqa: S704 - catalogues hold no markup

    return ngettext


def role_word(brand: Brand, role: Role) -> str:
    """What the company calls a mentor or a mentee. Raises KeyError for other roles."""
    return {Role.MENTOR: brand.mentor, Role.MENTEE: brand.mentee}[Role(role)]
