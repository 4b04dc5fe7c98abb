"""Programme files: the ready-made ones, a new one from them, reading one with errors that a coordinator understands."""

import re
import tomllib
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from deployments.programme_text import BadSetting, given, quoted, with_setting
from framework.programme import Programme
from models import event, person, programme
from models.base import transaction
from models.settings import settings
from notifications.logo import PREFIX, BadLogo, data_uri, picture

SOURCES = re.compile(r" \([A-Z]{3}-[^)]*\)")  # where a rule comes from: of no use to who mends a file


class BadProgramme(ValueError):
    """A programme file that cannot be used; the message says which file, which field, and what is expected."""


def ready_made() -> list[str]:
    """The names of the programmes that come with Baken."""
    folder = files("framework.programmes")
    return sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))


def path_of(slug: str) -> Path:
    """Where a programme's file stands."""
    return settings().home / "programmes" / f"{slug}.toml"


def settings_of(words: list[str]) -> dict[str, str]:
    """Settings as a command line gives them (`matching.wishes=3`), for `write_new`. Raises BadProgramme."""
    try:
        return dict(given(one) for one in words)
    except BadSetting as wrong:
        raise BadProgramme(str(wrong)) from None


def write_new(slug: str, source: str, changes: dict[str, str]) -> Path:
    """Write a new programme's file from a ready-made one. Raises BadProgramme.

    `changes` are settings by their dotted names (`matching.mode`), each with its value as TOML.
    """
    if source not in ready_made():
        msg = f"there is no ready-made programme {source!r}; there are {', '.join(ready_made())}"
        raise BadProgramme(msg)
    path = path_of(slug)
    if path.exists():
        msg = f"{path} exists already; edit it, and run `baken programme load {path}`"
        raise BadProgramme(msg)
    text = files("framework.programmes").joinpath(f"{source}.toml").read_text(encoding="utf-8")
    try:
        for key, value in {"slug": quoted(slug), **changes}.items():
            text = _changed(text, key, value)
    except BadSetting as wrong:
        raise BadProgramme(str(wrong)) from None
    check(text, str(path))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(text, encoding="utf-8")
    return path


def _changed(text: str, key: str, value: str) -> str:
    text = with_setting(text, key, value)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        msg = f"{key}: the file holds a table of that name; name one of its settings, or edit the file itself"
        raise BadProgramme(msg) from None
    return text


def check(text: str, name: str) -> Programme:
    """Read a programme's text. Raises BadProgramme with one line a fault."""
    try:
        return Programme.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as wrong:
        msg = f"{name} is not valid TOML: {wrong}"
        raise BadProgramme(msg) from None
    except ValidationError as wrong:
        faults = [_fault(one) for one in wrong.errors()]
        msg = f"{name}: " + "; ".join(faults)
        raise BadProgramme(msg) from None


def _fault(one: Any) -> str:
    """What is wrong with one setting, and what is expected there."""
    place, said = [str(part) for part in one["loc"]], one["msg"].removeprefix("Value error, ").removeprefix("Input ")
    if not place:
        return str(said)
    *tables, own = place
    table = _settings_of(tables)
    if table and one["type"] == "extra_forbidden":
        near = get_close_matches(own, table, n=1)
        meant = f"did you mean {near[0]}?" if near else f"here stand {', '.join(table)}"
        return f"{'.'.join(place)}: there is no such setting; {meant}"
    plain = one["type"] != "value_error" and own in table
    about = SOURCES.sub("", (plain and table[own].description) or "")
    return f"{'.'.join(place)}: {said[:1].lower()}{said[1:]}" + (f" ({about})" if about else "")


def _settings_of(tables: list[str]) -> dict[str, FieldInfo]:
    """The settings that a table of the file knows; none for a table of names that are free."""
    model: Any = Programme
    for name in tables:
        found = model.model_fields.get(name)
        model = found.annotation if found else None
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            return {}
    return dict(model.model_fields)


def with_mail(found: Programme, path: Path) -> Programme:
    """The programme with its logo taken in from the file beside it. Raises BadProgramme, one line a fault.

    Its own texts are checked here, before anything is kept.
    """
    from notifications import adapted  # it reads every e-mail, which takes a moment

    faults, logo = adapted.check(found.mail.texts), found.mail.logo
    try:
        if logo.startswith(PREFIX):
            picture(logo)
        elif logo:
            logo = data_uri((path.parent / logo).read_bytes())
    except BadLogo as wrong:
        faults.append(f"mail.logo: {wrong}")
    except OSError:
        faults.append(f"mail.logo: there is no file {path.parent / logo}; put the logo beside the programme's file")
    if faults:
        msg = "\n".join([f"{path}:", *faults])
        raise BadProgramme(msg)
    return found.model_copy(update={"mail": found.mail.model_copy(update={"logo": logo})})


def load(path: Path) -> Programme:
    """Read a file into the database; its people must be on the roster. Raises BadProgramme."""
    try:
        found = check(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError:
        msg = f"there is no file {path}"
        raise BadProgramme(msg) from None
    found = with_mail(found, path)
    with transaction() as session:
        named = [
            found.coordinator,
            *([found.deputy] if found.deputy else []),
            *([found.sponsor] if found.sponsor else []),
        ]
        missing = [key for key in [*named, *found.team] if person.by_key(session, key) is None]
        if missing:
            msg = f"{path}: not on the roster: {', '.join(missing)}; import the roster first, or correct the file"
            raise BadProgramme(msg)
        programme.keep(session, found)
        event.record(session, "operator", "programme-loaded", f"programme:{found.slug}")
    return found
