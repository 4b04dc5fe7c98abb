"""The cells of a list of people, as HR systems export them: each is read with care or refused with a reason.

Also which column means what, in English, Dutch and French. Pure: text in, values out. Source: CAP-190, CAP-067.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from email.errors import MessageError
from email.headerregistry import Address

from framework.content.skills import SKILLS

# Field -> headings, best first, folded: lower case, no accents, letters and digits only.
HEADINGS: dict[str, str] = {
    "employee_number": "employeenumber employeeno employeenr employeeid employeecode empno empid businessentityid"
    " staffnumber personnelnumber personnelno personnelid payrollnumber staffno staffid workerid personid"
    " personeelsnummer personeelsnr personeelsid stamnummer stamnr werknemersnummer werknemernummer"
    " medewerkersnummer medewerkernummer matricule nummatricule numeromatricule nmatricule ndematricule"
    " numerodematricule numeroemploye numerodepersonnel numeropersonnel idemploye numerosalarie number nummer"
    " numero id",
    "email": "email emailaddress workemail businessemail companyemail emailwork mail mailaddress emailadres"
    " mailadres werkmail emailwerk emailprofessionnel emailpro adresseemail adressemail adresseelectronique"
    " courriel adressecourriel userprincipalname",
    "given_name": "firstname givenname forename voornaam roepnaam prenom first given",
    "family_name": "lastname familyname surname achternaam familienaam nomdefamille nomusuel nomdusage last family",
    "name": "fullname displayname employeename employee volledigenaam naammedewerker medewerker werknemer"
    " nomcomplet collaborateur salarie",
    "last_first": "naamvoornaam naamenvoornaam familienaamvoornaam nomprenom nometprenom lastnamefirstname",
    "language": "language languagecode preferredlanguage correspondencelanguage taal taalcode voertaal"
    " correspondentietaal langue codelangue languedecorrespondance lang",
    "manager_email": "manageremail manageremailaddress linemanageremail supervisoremail manageremailadres"
    " emailmanager leidinggevendeemail emailleidinggevende emaildumanager emailresponsable emailduresponsable"
    " mailmanager",
    "manager": "managernumber manageremployeenumber managerid managerno linemanagernumber supervisorid"
    " supervisornumber reportstoid managernummer leidinggevendenummer nummerleidinggevende"
    " personeelsnummerleidinggevende matriculemanager matriculedumanager matriculeresponsable"
    " matriculeduresponsable manager linemanager supervisor reportsto leidinggevende verantwoordelijke chef"
    " responsable superieur superieurhierarchique n1",
    "department": "department departmentname dept afdeling afdelingsnaam dienst departement service direction"
    " businessunit organisationunit organizationunit division divisie entite eenheid team",
    "site": "site sitename worklocation location locationname vestiging werklocatie standplaats locatie werkplek"
    " plant office etablissement lieudetravail localisation lieu city town stad gemeente plaats ville",
    "country": "country countryname countryregionname countryregion countrycode land landnaam landcode pays codepays",
    "job_title": "jobtitle positiontitle position jobname job role functie functietitel functienaam functiebenaming"
    " fonction intituledefonction intituledeposte intitule poste emploi title",
    "level": "level joblevel organizationlevel grade jobgrade niveau functieniveau band echelon rang",
    "years": "years yearsofservice yearsofexperience serviceyears seniority tenure experience ancienniteit"
    " dienstjaren jarendienst aantaljarendienst jarenervaring ervaring anciennete anneesdeservice"
    " anneesdexperience annees jaren",
    "hired_on": "hiredate hiredon datehired dateofhire startdate employmentstartdate joiningdate datejoined"
    " indienst datumindienst datuminstap indienstsinds indienstdatum datumindiensttreding indiensttreding"
    " startdatum begindatum datedentree dateentree datedembauche dateembauche datedengagement dateengagement"
    " entreeenservice datedebut",
    "skills": "skills competencies strengths expertise vaardigheden competenties sterktes talenten competences"
    " aptitudes",
    "interests": "interests wishes learninggoals interesses leerwensen leerdoelen interets centresdinteret souhaits",
    "left_on": "leavedate leavingdate lefton leftdate enddate employmentenddate terminationdate dateleft exitdate"
    " uitdienst datumuitdienst uitdienstdatum uitdiensttreding datumuitdiensttreding einddatum datedesortie"
    " datesortie datededepart datedepart datefin datedefin",
    "external": "external isexternal extern externe outside exterieur",
}
ASKED_FOR = ("gender",)  # never guessed: read only where a mapping names the column (LEG-28)
BARE_NAMES = ("name", "naam", "nom")  # the family name beside a column with given names, else the whole name
LIMIT, LIST_LIMIT, ITEM_LIMIT, HINT = 200, 1000, 60, 24  # characters
MONTHS, DAYS = range(1, 13), range(13, 32)  # numbers that can be a month, and those that can only be a day
FIRST_YEAR, NEVER, MOST_YEARS = 1900, 2100, 80  # a leave date from the year 2100 on means "not planned"
LIMITS = {  # what the tables hold
    "employee_number": 60, "email": 254, "given_name": 100, "family_name": 100, "department": 120, "site": 120,
    "country": 60, "job_title": 120, "manager_email": 254, "skills": LIST_LIMIT, "interests": LIST_LIMIT, "gender": 40,
}  # fmt: skip
NOTHING = frozenset({"-", "--", "/", "null", "none", "nan", "n/a", "#n/a", "nvt", "n.v.t.", "n.a."})
LANGUAGES = {  # as fold() leaves them
    "nl": "nl nld dut n dutch nederlands neerlandais flemish vlaams flamand",
    "fr": "fr fra fre f french frans francais",
    "en": "en eng e english engels anglais",
}
COUNTRIES = {
    "nl": "be bel belgium belgie belgique nl nld netherlands thenetherlands nederland paysbas",
    "fr": "fr fra france frankrijk lu lux luxembourg luxemburg",
}
BELGIUM = frozenset({"be", "bel", "belgium", "belgie", "belgique"})
FRENCH_SITES = frozenset({
    "namur", "liege", "charleroi", "mons", "tournai", "wavre", "nivelles", "verviers", "arlon", "dinant", "huy",
    "mouscron", "seraing", "gosselies", "herstal", "binche", "ottignies", "louvain", "bastogne", "waterloo",
    "gembloux", "soignies", "bruxelles",
})  # fmt: skip
YES = frozenset({"yes", "y", "true", "1", "x", "ja", "j", "waar", "oui", "o", "vrai", "extern", "external", "externe"})
NO = frozenset({"no", "n", "false", "0", "nee", "neen", "onwaar", "non", "faux", "intern", "internal", "interne"})
ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[ T][0-9:.+Z]+)?")
NUMERIC = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})(?: [0-9:.]+(?: ?[AaPp][Mm])?)?")
PLAIN_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:(?!-)[A-Za-z0-9-]{1,63}(?<!-)\.)+[A-Za-z0-9-]{2,63}"
)
NUMBER = re.compile(r"([0-9]{1,3})(?:[.,][0-9]+)?(?: [^\W\d_]+)?")
LEVEL = re.compile(r"(?:[^\W\d_]+ ?)?([0-9])(?:\.0+)?")
SKILL_IDS = {name: option.id for option in SKILLS for name in (option.id.replace("_", " "), option.label.lower())}
PARTICLES = frozenset({
    "van", "von", "de", "den", "der", "het", "'t", "ten", "ter", "te", "du", "des", "del", "della", "di", "da",
    "la", "le", "d'",
})  # fmt: skip


class Unreadable(ValueError):
    """A cell that cannot be taken; the message is the reason, in one short phrase without the cell's own text."""


def fold(text: str) -> str:
    """The bare letters and digits, without accents, in lower case: headings and languages are known by these."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if c.isalnum() and c.isascii())


def hint(text: str) -> str:
    """The beginning of a cell, made safe to show: every invisible character is spelled out."""
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text[:HINT]) + "…" * (len(text) > HINT)


def spaced(text: str) -> str:
    """The text with single ordinary spaces and nothing round it. Raises Unreadable for a character nobody can see."""
    text = unicodedata.normalize("NFC", text.strip(" \t\r\n\u00a0"))
    for c in text:
        if not c.isprintable() and unicodedata.category(c) != "Zs":
            raise Unreadable(f"holds an invisible or control character (U+{ord(c):04X})")
    if "\ufffd" in text:
        raise Unreadable("holds a character that was lost in an earlier conversion (U+FFFD)")
    return " ".join(text.split())


def text_of(cell: str, field: str) -> str:
    """The text of a cell of `field`; empty where the export says "none". Raises Unreadable if too long or hostile."""
    limit = LIMITS.get(field, LIMIT)
    if len(cell) > LIST_LIMIT + 100:
        raise Unreadable(f"longer than {limit} characters")
    text = spaced(cell)
    if len(text) > limit:
        raise Unreadable(f"longer than {limit} characters")
    return "" if field not in {"given_name", "family_name", "name"} and text.casefold() in NOTHING else text


def guess(headings: Sequence[str], taken: Mapping[str, int] | None = None) -> dict[str, int]:
    """Which column holds which field, as far as its heading tells; `taken` (field -> column) is settled already."""
    taken = dict(taken or {})
    free = {name: i for i, name in reversed(list(enumerate(map(fold, headings)))) if name and i not in taken.values()}
    for field, known in HEADINGS.items():
        found = next((free.pop(name) for name in known.split() if name in free), None)
        if field not in taken and found is not None:
            taken[field] = found
    bare = next((free[name] for name in BARE_NAMES if name in free), None)
    target = "family_name" if "given_name" in taken else "name"
    if bare is not None and target not in taken and "last_first" not in taken:
        taken[target] = bare
    return taken


def month_first(cells: Iterable[str]) -> bool | None:
    """Whether a column writes its dates as m/d/y; None where both readings are possible (or no date tells)."""
    found = [(int(m[1]), int(m[2])) for cell in cells if (m := NUMERIC.fullmatch(cell.strip()))]
    day_first = any(first in DAYS and second in MONTHS for first, second in found)
    months = any(second in DAYS and first in MONTHS for first, second in found)
    if day_first or months:
        return not day_first
    return None if any(first != second for first, second in found) else False


def day(text: str, month_leads: bool = False) -> date | None:
    """A date, from 1900 on; None for an empty cell. Raises Unreadable if there is no such day."""
    if not text:
        return None
    if iso := ISO.fullmatch(text):
        year, month, number = (int(part) for part in iso.groups())
    elif numeric := NUMERIC.fullmatch(text):
        first, second, year = (int(part) for part in numeric.groups())
        number, month = (second, first) if month_leads else (first, second)
    else:
        raise Unreadable("not a date such as 2027-03-27 or 27/03/2027")
    try:
        found = date(year, month, number)
    except ValueError:
        raise Unreadable("there is no such day") from None
    if year < FIRST_YEAR:
        raise Unreadable("a date before 1900")
    return found


def leave_day(text: str, month_leads: bool = False) -> date | None:
    """The day somebody leaves; None where empty, or so far off (from 2100) that it only means "not planned"."""
    found = day(text, month_leads)
    return None if found and found.year >= NEVER else found


def address(text: str) -> str | None:
    """An e-mail address in lower case; None for an empty cell. Raises Unreadable for anything but a plain address."""
    try:
        if text and Address(addr_spec=text).addr_spec == text and PLAIN_ADDRESS.fullmatch(text):
            return text.lower()
    except (ValueError, IndexError, AttributeError, MessageError):
        pass
    if text and not text.isascii():
        raise Unreadable("an e-mail address with an accent or another letter that few mail servers take")
    if text:
        raise Unreadable("not a valid e-mail address")
    return None


def years(text: str) -> int:
    """Whole years, rounded down; 0 for an empty cell. Raises Unreadable for anything but 0 to 80."""
    found = NUMBER.fullmatch(text or "0")
    if not found or int(found[1]) > MOST_YEARS:
        raise Unreadable("not a number of years from 0 to 80")
    return int(found[1])


def level(text: str) -> int | None:
    """The rank from 1 to 9 ("5", "L5", "Niveau 5"), 0 for an empty cell; None where it is written in some other way."""
    found = LEVEL.fullmatch(text or "0")
    return int(found[1]) if found else None


def language(text: str) -> str | None:
    """`nl`, `fr` or `en` for a name or a code ("Nederlands", "nl-BE", "FR"); None for another language."""
    first = fold(re.split(r"[\s_(/-]", text.strip(), maxsplit=1)[0])
    return next((code for code, names in LANGUAGES.items() if first in names.split()), None)


def default_language(country: str, site: str) -> str:
    """The language one writes in where the list names none: by country, and in Belgium by site."""
    land = fold(country)
    if land in BELGIUM | {""} and not FRENCH_SITES.isdisjoint(map(fold, re.split(r"[\s,/-]+", site))):
        return "fr"
    return next((code for code, names in COUNTRIES.items() if land in names.split()), "en")


def yes(text: str) -> bool:
    """Whether a cell says yes; an empty one says no. Raises Unreadable where it says neither."""
    word = text.casefold()
    if word and word not in YES | NO:
        raise Unreadable("neither yes nor no")
    return word in YES


def items(text: str) -> tuple[str, ...]:
    """A list separated by `;` or `|`, else by commas, each once; what Baken has a skill for becomes that skill's id."""
    parts = re.split(r"[;|]" if re.search(r"[;|]", text) else ",", text)
    found = [SKILL_IDS.get(part.lower().replace("_", " "), part) for part in map(str.strip, parts) if part]
    if any(len(part) > ITEM_LIMIT for part in found):
        raise Unreadable(f"a list with an item longer than {ITEM_LIMIT} characters")
    return tuple(dict.fromkeys(found))


def both_names(text: str, last_first: bool = False) -> tuple[str, str]:
    """Given and family name out of one cell: `Last, First`, `First Last`, `First van der Last` or `LAST First`."""
    if "," in text:
        family, given = (part.strip() for part in text.split(",", 1))
        return given, family
    words = text.split()
    loud = [word for word in words if len(word.strip(".")) > 1 and word.isupper()]
    if loud and len(loud) < len(words):
        return " ".join(word for word in words if word not in loud), " ".join(loud)
    if last_first and len(words) > 1:
        return words[-1], " ".join(words[:-1])
    start = next((i for i, word in enumerate(words) if i and word.lower() in PARTICLES), max(1, len(words) - 1))
    return " ".join(words[:start]), " ".join(words[start:])
