"""A programme's file as text: one setting is changed, and every comment stays where it is."""

import re
import tomllib
from typing import Any

WORD = re.compile(r"^[A-Za-z0-9_-]+$")
HEADER = re.compile(r"^\[(?P<name>[^\[\]]+)\]", re.MULTILINE)
NOT_A_WORD = ("[", "{", '"', "'")


class BadSetting(ValueError):
    """A setting that is not written as one; the message says what is expected."""


def quoted(text: str) -> str:
    """A TOML string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def given(words: str) -> tuple[str, str]:
    """A setting and its value, out of `matching.mode=mutual`; what is no TOML is a string. Raises BadSetting."""
    key, equals, value = (part.strip() for part in words.partition("="))
    if not equals or not key or not value:
        msg = f"{words!r} is no setting; write one such as matching.mode=mutual"
        raise BadSetting(msg)
    parts_of(key)
    return key, _value(key, value)


def _value(key: str, value: str) -> str:
    try:
        if list(tomllib.loads(f"value = {value}")) == ["value"] and "\n" not in value:
            return value
    except tomllib.TOMLDecodeError:
        if not value.startswith(NOT_A_WORD) and value.isprintable():
            return quoted(value)
    msg = f"{key}: {value!r} is no value; write a number, true, a word, or a list such as [1, 4, 15, 30]"
    raise BadSetting(msg)


def parts_of(key: str) -> list[str]:
    """The names in a dotted key: of its tables, and its own. Raises BadSetting."""
    try:
        inside: Any = tomllib.loads(f"{key} = 0")
    except tomllib.TOMLDecodeError:
        msg = f"{key!r} is not the name of a setting; write one such as matching.mode"
        raise BadSetting(msg) from None
    found = []
    while isinstance(inside, dict):
        ((name, inside),) = inside.items()
        found.append(name)
    return found


def with_setting(text: str, key: str, value: str) -> str:
    """The text with one setting replaced, or uncommented, or added to its table. Raises BadSetting."""
    names = parts_of(key)
    for depth in range(len(names) - 1, -1, -1):
        if (table := _table(text, names[:depth])) is None:
            continue
        start, end = table
        own, rest = names[depth], names[depth + 1 :]
        if rest and (line := _line(own).search(text, start, end)) is None:
            continue
        new = _inline(key, line["value"], rest, value) if rest and line else value
        return text[:start] + _set(text[start:end], own, new) + text[end:]
    head = ".".join(_bare(name) for name in names[:-1])
    return f"{text.rstrip()}\n\n[{head}]\n{_bare(names[-1])} = {value}\n"


def _table(text: str, names: list[str]) -> tuple[int, int] | None:
    """Where a table's lines stand; those before the first header belong to the file itself."""
    heads = list(re.finditer(r"^\[", text, re.MULTILINE))
    ends = [*(head.start() for head in heads), len(text)]
    if not names:
        return 0, ends[0]
    for found in HEADER.finditer(text):
        if parts_of(found["name"]) == names:
            start = text.find("\n", found.start()) + 1 or len(text)
            return start, min(end for end in ends if end > found.start())
    return None


def _line(name: str) -> re.Pattern[str]:
    key = re.escape(_bare(name))
    return re.compile(rf"^(?:# )?{key} = (?P<value>.*?)(?P<note>[ \t]+#[^\"\n]*)?$", re.MULTILINE)


def _set(table: str, name: str, value: str) -> str:
    line, new = _line(name), f"{_bare(name)} = {value}"
    if line.search(table):
        return line.sub(lambda found: new + _beside(found, new), table, count=1)
    return f"{new}\n{table}"


def _beside(found: re.Match[str], new: str) -> str:
    """The comment behind a value, in the column where it stood."""
    note = found["note"] or ""
    column = len(found[0]) - len(note.strip())
    return note and " " * max(2, column - len(new)) + note.strip()


def _inline(key: str, now: str, names: list[str], value: str) -> str:
    """A table on one line, with one of its values replaced."""
    table: Any = tomllib.loads(f"table = {now}")["table"]
    if not isinstance(table, dict) or len(names) > 1:
        msg = f"{key}: there is no such setting; what stands before the last dot holds no settings of its own"
        raise BadSetting(msg)
    written = {_bare(name): _toml(one) for name, one in table.items()} | {_bare(names[0]): value}
    return "{ " + ", ".join(f"{name} = {one}" for name, one in written.items()) + " }"


def _toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool | int | float) else quoted(str(value))


def _bare(name: str) -> str:
    return name if WORD.match(name) else quoted(name)
