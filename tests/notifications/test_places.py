"""What a roster calls a country, and the clock that people there live by."""

from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.core import get_global

from framework.working_time import Place
from notifications import places
from notifications.places import MAIN_ZONES, countries, country_code, place_of

HOME = "Europe/Brussels"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("BE", "BE|be|BEL|056|Belgium|BELGIUM|België|Belgie|Belgique|la Belgique|Belgien| belgium |Belgium (BE)|BE - Belgium|Brussels, Belgium|B.E."),
        ("NL", "NL|NLD|Netherlands|The Netherlands|Netherlands (the)|Netherlands, The|Nederland|Pays-Bas|Les Pays-Bas|Niederlande|die Niederlande|Holland"),
        ("GB", "UK|U.K.|GB|GBR|United Kingdom|the united kingdom|Great Britain|England|Verenigd Koninkrijk|Royaume-Uni|Groot-Brittannië"),
        ("DE", "DE|Deutschland|Germany|Duitsland|Allemagne|l\N{RIGHT SINGLE QUOTATION MARK}Allemagne"),
        ("FR", "FR|France|la France|Frankrijk|Frankreich"),
        ("LU", "Luxembourg|Luxemburg|LUX|Lëtzebuerg"),
        ("US", "US|USA|U.S.A.|United States|the United States of America|États-Unis|Verenigde Staten|Vereinigte Staaten"),
        ("CH", "Switzerland|Zwitserland|Suisse|Schweiz|Svizzera"),
        ("ES", "España|Spain|Spanje|espana"),
        ("PL", "Polska|Poland|Polen|Pologne"),
        ("AT", "Österreich|Oesterreich|Osterreich|Oostenrijk"),
        ("GR", "Ελλάδα|Greece|EL|Griekenland"),
        ("UA", "Україна|Ukraine|Oekraïne"),
        ("JP", "日本|Japan"),
        ("TR", "Türkiye|Turkey|Turkije"),
        ("CZ", "Czechia|Czech Republic|Česko|Tsjechië"),
        ("CI", "Côte d'Ivoire|Côte d\N{RIGHT SINGLE QUOTATION MARK}Ivoire|Ivoorkust|Ivory Coast"),
        ("BA", "Bosnia and Herzegovina|Bosnia & Herzegovina|Bosnië en Herzegovina"),
        ("GW", "Guinea-Bissau"),
        ("MM", "Myanmar (Burma)|Myanmar|Burma"),
        ("CD", "Congo - Kinshasa|Congo-Kinshasa"),
        ("IE", "Ireland|Éire|Ierland|Irlande"),
        ("HK", "Hong Kong"),
        ("NO", "Norge|Norway|NO"),
        ("", "|-|?|n/a|unknown|Brussels|Atlantis|XX|ZZ|EU|Georgia, US|Belgium / France|Benelux|1|the|de Lille"),
    ],
)  # fmt: skip
def test_country_is_known_in_many_spellings(code: str, said: str) -> None:
    assert {one: country_code(one) for one in said.split("|")} == dict.fromkeys(said.split("|"), code)


@pytest.mark.parametrize("language", places.LANGUAGES)
def test_every_country_is_known_by_its_name(language: str) -> None:
    names = Locale.parse(language).territories
    known = {code: names[code] for code in countries() if code in names}
    assert len(known) > 240
    assert {name: country_code(name) for name in known.values()} == {name: code for code, name in known.items()}


def test_own_language_is_asked_only_after_the_four(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the countries' own languages, these are unknown."""
    names = {"Polska": "PL", "Україна": "UA", "日本": "JP"}
    assert {name: country_code(name) for name in names} == names
    monkeypatch.setattr(places, "_own_names", dict)
    assert {country_code.__wrapped__(name) for name in names} == {""}


@pytest.mark.parametrize(
    ("said", "zone", "expected"),
    [
        ("België", HOME, Place("BE", "Europe/Brussels")),
        ("Nederland", HOME, Place("NL", "Europe/Amsterdam")),
        ("UK", HOME, Place("GB", "Europe/London")),
        ("India", HOME, Place("IN", "Asia/Calcutta")),
        ("", HOME, Place("", HOME)),
        ("somewhere", HOME, Place("", HOME)),
        ("US", HOME, Place("US", "America/New_York")),
        ("US", "America/Denver", Place("US", "America/Denver")),
        ("Spain", "Atlantic/Canary", Place("ES", "Atlantic/Canary")),
        ("Germany", HOME, Place("DE", "Europe/Berlin")),
        ("Ukraine", "Europe/Kiev", Place("UA", "Europe/Kiev")),
        ("Kosovo", HOME, Place("XK", HOME)),
        ("Antarctica", HOME, Place("AQ", HOME)),
    ],
)
def test_place_has_the_clock_of_its_country(said: str, zone: str, expected: Place) -> None:
    found = place_of(said, zone)
    assert found.country == expected.country
    assert (get_global("zone_aliases").get(found.zone, found.zone)) == get_global("zone_aliases").get(expected.zone, expected.zone)  # fmt: skip


def test_main_zone_is_one_of_the_countrys_own() -> None:
    zones = get_global("territory_zones")
    assert {country for country, zone in MAIN_ZONES.items() if zone not in zones[country]} == set()
    several = {code for code in countries() if len(zones.get(code, ())) > 1}
    assert several - set(MAIN_ZONES) == {"AQ", "UM"}  # nobody lives there for long
    assert set(MAIN_ZONES) <= several


def test_every_country_has_a_place() -> None:
    for code in countries():
        assert ZoneInfo(place_of(code, HOME).zone)


def test_programme_without_a_known_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="not a time zone"):
        place_of("somewhere", "Europe/Nowhere")
