"""Where somebody works, from what a roster says: a country in any of many spellings, and the clock of that country.

Names, codes and zones come from Babel's data (CLDR). What nobody knows is an empty country, never a guess.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global
from babel.localedata import exists

from framework.working_time import Place

LANGUAGES = ("en", "nl", "fr", "de")
"""The languages in which every country's name is known; an own language is asked after these."""

ARTICLES = frozenset(
    ("the", "de", "het", "der", "die", "das", "den", "la", "le", "les", "l", "el", "il", "lo", "los", "las")
)
JOINS = frozenset(("and", "en", "et", "und"))
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "\N{LATIN SMALL LETTER DOTLESS I}": "i"})

ALSO = {
    "GB": "uk; great britain; britain; england; scotland; wales; northern ireland; groot brittannie; engeland; "
    "schotland; noord ierland; vk; grande bretagne; angleterre; ecosse; grossbritannien; england; schottland",
    "NL": "holland; nederlanden; hollande; niederlande; pays bas",
    "US": "united states of america; america; amerika; vs; verenigde staten van amerika; etats unis d "
    "amerique; vereinigte staaten von amerika",
    "AE": "uae; vae",
    "AT": "oesterreich",
    "CI": "ivory coast; cote ivoire",
    "CZ": "czech republic; tsjechische republiek; republique tcheque; tschechische republik",
    "GR": "el; hellas",
    "HK": "hong kong",
    "IE": "republic of ireland; eire",
    "KR": "korea; republic of korea",
    "MK": "macedonia",
    "MO": "macao; macau",
    "RU": "russian federation",
    "SZ": "swaziland",
    "TR": "turkey; turkiye",
    "TW": "republic of china",
    "VN": "viet nam",
    "XK": "kosovo",
}
"""Everyday names, and names of before, that CLDR leaves out."""

MAIN_ZONES = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "FM": "Pacific/Pohnpei",
    "GL": "America/Nuuk",
    "ID": "Asia/Jakarta",
    "KI": "Pacific/Tarawa",
    "KZ": "Asia/Almaty",
    "MH": "Pacific/Majuro",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Hebron",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
}
"""Where most people live in a country of several zones; Babel's data does not tell."""


@lru_cache(maxsize=4096)
def country_code(text: str) -> str:
    """The country (ISO 3166 alpha-2) that a roster means, whatever the language; empty where nobody can tell.

    `Brussels, Belgium` and `Belgium (BE)` are Belgium; `Georgia, US` is two countries, and so none.
    """
    if whole := _one(text):
        return whole
    outside = re.sub(r"\([^()]*\)", " ", text)
    if outside != text and (whole := _one(outside)):
        return whole
    parts = {code for part in re.split(r"[,;/|()]|\s[-\N{EN DASH}]\s", text) if (code := _one(part))}
    return parts.pop() if len(parts) == 1 else ""


@lru_cache(maxsize=4096)
def place_of(country_text: str, fallback_zone: str) -> Place:
    """The place of somebody in this country, by the programme's own zone where the country does not tell.

    A country of several zones has its main one, unless `fallback_zone` is one of its own.
    Raises ValueError when `fallback_zone` is not a time zone.
    """
    country = country_code(country_text)
    zones = get_global("territory_zones").get(country, ())
    aliases = get_global("zone_aliases")
    if not zones or aliases.get(fallback_zone, fallback_zone) in zones:
        return Place(country, fallback_zone)
    zone = zones[0] if len(zones) == 1 else MAIN_ZONES.get(country, fallback_zone)
    try:
        return Place(country, zone)
    except ValueError:  # this machine's list of zones is older than Babel's
        return Place(country, fallback_zone)


def _one(text: str) -> str:
    """The country of a text that is nothing but its code or its name."""
    said = _plain(text)
    if len(said) == 2 and said.isascii() and said.upper() in countries():  # noqa: PLR2004 - alpha-2
        return said.upper()
    return said and (_names().get(said) or _own_names().get(said, ""))


def _plain(text: str) -> str:
    """A name without what people write differently: accents, capitals, points, articles."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace(".", "").translate(LETTERS))
    letters = "".join(one for one in letters if not unicodedata.category(one).startswith("M"))
    words = re.sub(r"[\W_]+", " ", letters).split()
    words = ["saint" if word == "st" else word for word in words if word not in JOINS or len(words) == 1]
    return " ".join(words[1:] if len(words) > 1 and words[0] in ARTICLES else words)


@cache
def countries() -> frozenset[str]:
    """Every two-letter code that is a country's."""
    return frozenset(code for code in get_global("territory_zones") if len(code) == 2 and code != "ZZ") | {"XK"}  # noqa: PLR2004


@cache
def _names() -> dict[str, str]:
    """Every plain name in the house's languages, everyday name and longer code, with its country."""
    found = {name: code for code, names in ALSO.items() for name in names.split("; ")}
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if code in countries():
                for plain in _spellings(name):
                    found.setdefault(plain, code)
    for longer, codes in get_global("territory_aliases").items():
        if len(longer) == 3 and len(codes) == 1 and codes[0] in countries():  # noqa: PLR2004 - alpha-3 or a number
            found.setdefault(longer.casefold(), codes[0])
    return found


@cache
def _own_names() -> dict[str, str]:
    """Every country's name in its own official languages; a name that two countries bear is left out."""
    found: dict[str, set[str]] = {}
    for code in countries():
        for language, facts in get_global("territory_languages").get(code, {}).items():
            if "official" in (facts["official_status"] or "") and exists(language):
                for plain in _spellings(Locale.parse(language).territories.get(code, "")):
                    found.setdefault(plain, set()).add(code)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


def _spellings(name: str) -> Iterator[str]:
    """A name as written, and what stands outside and inside its brackets."""
    yield from filter(None, map(_plain, (name, *re.split(r"[()]", name))))
