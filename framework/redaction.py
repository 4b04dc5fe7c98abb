"""Taking somebody's name out of what others wrote: what can be found is replaced, and the rest is said out loud.

Found are the whole name in either order, the address and the employee number, in capitals or not. Not found are a given
name alone, a nickname, a slip of the pen, a description.
"""

import re
from typing import Any

MARK = "[…]"
LEAST_DIGITS = 4
"""An employee number of fewer signs could be any number: it is not looked for in words."""


def pattern(given: str, family: str, *keys: str | None) -> re.Pattern[str] | None:
    """What to look for: the whole name, and each key (address, number); None where there is nothing to look for."""
    found = [re.escape(key) for key in keys if key and ("@" in key or len(key) >= LEAST_DIGITS)]
    first, last = (r"\s+".join(map(re.escape, name.split())) for name in (given, family))
    if first and last:
        found += [rf"{first}\s+{last}", rf"{last}\s*,?\s+{first}", rf"{last},{first}"]
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)", re.IGNORECASE) if found else None


def without(value: Any, wanted: re.Pattern[str], line: str = "") -> Any:
    """The value, a text or anything that JSON holds, with every find replaced.

    A row of a table whose cell `line` names that person and nothing else goes whole: somebody was proposed there.
    """
    match value:
        case str():
            return wanted.sub(MARK, value)
        case list():
            return [without(one, wanted, line) for one in value if not _is_about(one, wanted, line)]
        case dict():
            return {without(key, wanted): without(one, wanted, line) for key, one in value.items()}
        case _:
            return value


def _is_about(row: object, wanted: re.Pattern[str], line: str) -> bool:
    return isinstance(row, dict) and bool(line) and bool(wanted.fullmatch(str(row.get(line, "")).strip()))
