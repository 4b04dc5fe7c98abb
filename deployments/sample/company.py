"""Noordzee Werken, an invented company: sites in four countries, a tree of managers, people of every rank.

The same people and seed give the same company, to the letter. Its mail domain is reserved: nothing can arrive there.
"""

import csv
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from faker import Faker

AS_OF = date(2026, 9, 1)  # the day for which the years of service are right
DOMAIN = "noordzee-werken.example"
DEFAULT_CSV = Path(__file__).with_name("noordzee.csv")  # 200 people, seed 1
COLUMNS = (
    "Employee number", "First name", "Last name", "E-mail", "Language", "Manager", "Department", "Site", "Country",
    "Job title", "Level", "Years", "Hire date", "Skills", "Interests", "External",
)  # fmt: skip
SITES = {  # site: country, language, names, share of the people
    "Oostende": ("Belgium", "nl", "nl_BE", 35),
    "Gent": ("Belgium", "nl", "nl_BE", 20),
    "Namur": ("Belgium", "fr", "fr_BE", 13),
    "Lille": ("France", "fr", "fr_FR", 12),
    "Hull": ("United Kingdom", "en", "en_GB", 11),
    "Vlissingen": ("Netherlands", "nl", "nl_NL", 9),
}
DEPARTMENTS = {  # department: share, the head, the team lead, the senior, the others; and what they know best
    "Offshore works": (
        24,
        "Head of Works",
        "Site Lead",
        "Senior Engineer",
        "Works Engineer",
        "project_management safety",
    ),
    "Maintenance": (18, "Head of Maintenance", "Shift Lead", "Senior Technician", "Technician", "quality safety"),
    "Fleet and logistics": (
        16,
        "Head of Logistics",
        "Fleet Lead",
        "Senior Planner",
        "Planner",
        "time_management safety",
    ),
    "Sales": (
        10,
        "Head of Sales",
        "Sales Lead",
        "Key Account Manager",
        "Account Manager",
        "negotiation customer_contact",
    ),
    "Quality and safety": (9, "Head of Safety", "Audit Lead", "Senior Adviser", "Safety Adviser", "quality conflict"),
    "Finance": (8, "Head of Finance", "Ledger Lead", "Senior Controller", "Controller", "finance_basics data_literacy"),
    "Digital": (8, "Head of Digital", "Product Lead", "Senior Developer", "Developer", "data_literacy innovation"),
    "People": (7, "Head of People", "HR Lead", "Senior HR Partner", "HR Officer", "coaching career_planning"),
}
SENIOR_SKILLS = ("people_leadership", "strategy", "delegating", "coaching", "giving_feedback", "networking")
TEAM = 8  # people to a team lead
STAFF, RETIRED = 3, 4  # ranks
SENIOR, LEADING = 3, 4  # levels from which the title, and the skills, are those of an old hand


@dataclass(slots=True)
class _Post:
    """A place in the tree, before anybody sits in it. `rank`: 0 director, 1 head, 2 lead, STAFF, RETIRED."""

    rank: int
    department: str
    site: str
    manager: str = ""
    number: str = ""


@dataclass(slots=True)
class _Registry:
    """Addresses and names given out so far, so that none is given twice."""

    fakers: dict[str, Faker]
    used: set[str] = field(default_factory=set)

    def name(self, locale: str) -> tuple[str, str, str]:
        """A given name, a family name and an address."""
        given, family = self.fakers[locale].first_name(), self.fakers[locale].last_name()
        stem = f"{ascii_only(given)}.{ascii_only(family)}"
        tries = (f"{stem}{number or ''}@{DOMAIN}" for number in range(len(self.used) + 2) if number != 1)
        address = next(address for address in tries if address not in self.used)
        self.used.add(address)
        return given, family, address


def ascii_only(name: str) -> str:
    """A name as an address spells it: lower case, without accents or spaces."""
    plain = name.lower().translate({ord("ß"): "ss", ord("ø"): "o", ord("æ"): "ae", ord("œ"): "oe", ord("ł"): "l"})
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if c.isascii() and (c.isalnum() or c == "-")).strip(
        "-"
    )


def make_company(people: int = 200, seed: int = 1) -> list[dict[str, str]]:
    """The rows of a company of so many people, director first. Raises ValueError for fewer than one."""
    if people < 1:
        raise ValueError("a company needs at least one person")
    from framework.content.skills import SKILLS

    random = Random(seed)
    fakers = {locale: Faker(locale) for locale in sorted({names for _, _, names, _ in SITES.values()})}
    for number, faker in enumerate(fakers.values()):
        faker.seed_instance(seed * 100 + number)
    registry = _Registry(fakers)
    posts = list(_posts(people, random))
    rows = [_row(post, registry, [option.id for option in SKILLS], random) for post in posts]
    without = [row for row, post in zip(rows, posts, strict=True) if post.rank == STAFF]
    for row in random.sample(without, min(round(people * 0.02), len(without))):
        row["E-mail"] = ""
    return rows


def write_csv(rows: Sequence[dict[str, str]], path: Path) -> None:
    """The rows as UTF-8 CSV, separated by commas."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _posts(people: int, random: Random) -> Iterator[_Post]:
    """The tree: a director, a head a department, a lead a team, and the staff; last the retired mentors."""
    retired = round(people * 0.02)
    heads = min(len(DEPARTMENTS), (people - retired - 1) // 3)
    rest = people - retired - 1 - heads
    numbers = (f"{number:05d}" for number in range(10_001, 10_001 + people))
    director = _Post(0, "Management", "Oostende", number=next(numbers))
    yield director
    above: dict[str, _Post] = {}
    for department in list(DEPARTMENTS)[:heads]:
        site = random.choice(("Oostende", "Oostende", "Gent", "Lille"))
        above[department] = _Post(1, department, site, director.number, next(numbers))
        yield above[department]
    leads = _leads(rest // (TEAM + 1), above or {next(iter(DEPARTMENTS)): director}, numbers, random)
    yield from leads
    for index in range(rest - len(leads)):
        lead = leads[index % len(leads)] if leads else random.choice(list(above.values()) or [director])
        department = lead.department if lead.department in DEPARTMENTS else random.choice(list(DEPARTMENTS))
        yield _Post(STAFF, department, lead.site, lead.number, next(numbers))
    places = zip(_spread(_shares(DEPARTMENTS), retired, random), _spread(_shares(SITES), retired, random), strict=True)
    for number, (department, site) in enumerate(places, 1):
        yield _Post(RETIRED, department, site, "", f"R{number:03d}")


def _leads(count: int, heads: dict[str, _Post], numbers: Iterator[str], random: Random) -> list[_Post]:
    departments = _spread(_shares({name: DEPARTMENTS[name] for name in heads}), count, random)
    places = zip(departments, _spread(_shares(SITES), count, random), strict=True)
    return [_Post(2, department, site, heads[department].number, next(numbers)) for department, site in places]


def _shares(places: Mapping[str, tuple[int | str, ...]]) -> dict[str, int]:
    return {name: next(part for part in parts if isinstance(part, int)) for name, parts in places.items()}


def _spread(shares: dict[str, int], count: int, random: Random) -> list[str]:
    """So many names, each as often as its share asks, in random order."""
    points = ((part + 0.5) / share for share in shares.values() for part in range(count))
    names = (name for name in shares for _ in range(count))
    chosen = [name for _, name in sorted(zip(points, names, strict=True))[:count]]
    random.shuffle(chosen)
    return chosen


def _row(post: _Post, registry: _Registry, skills: Sequence[str], random: Random) -> dict[str, str]:
    """Somebody in that place, with years, rank, skills and wishes that fit it."""
    country, language, locale, _ = SITES[post.site]
    given, family, address = registry.name(locale)
    years = random.randint(*((18, 30), (10, 28), (5, 24), (0, 20), (30, 35))[post.rank])
    level = (7, 6, random.choice((4, 5)), min(4, 1 + years // 5), random.choice((5, 6)))[post.rank]
    hired = AS_OF.replace(year=AS_OF.year - years) - timedelta(days=random.randint(0, 364))
    _, head, lead, senior, other, core = DEPARTMENTS.get(post.department, (0, "Director", "", "", "", "strategy"))
    titles = ("Managing Director", head, lead, senior if level >= SENIOR else other, f"{senior} (retired)")
    likely = [*core.split(), *(SENIOR_SKILLS if level >= LEADING else ())]
    known = random.sample(likely, min(len(likely), 1 + level // 2)) + random.sample(skills, level // 2)
    wanted = [skill for skill in random.sample(skills, 8) if skill not in known]
    return {
        "Employee number": post.number,
        "First name": given,
        "Last name": family,
        "E-mail": address,
        "Language": language,
        "Manager": post.manager,
        "Department": post.department,
        "Site": post.site,
        "Country": country,
        "Job title": titles[post.rank],
        "Level": str(level),
        "Years": str(years),
        "Hire date": hired.isoformat(),
        "Skills": "; ".join(dict.fromkeys(known)),
        "Interests": "; ".join(wanted[: max(1, 4 - level // 2)]) if post.rank != RETIRED else "",
        "External": "yes" if post.rank == RETIRED else "no",
    }
