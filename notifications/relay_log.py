"""Evidence from the relay's own log: which messages it accepted.

Logs of Postfix, Exim, Sendmail, Exchange's message tracking (CSV with a `#Fields:` line), or one bare Message-ID a
line. Only ids in our form count: 40 hexadecimal digits before the @. A line proves that the relay accepted a message;
Postfix alone writes the Message-ID down earlier, so there the line that puts it in the queue is asked for as well.
"""

import csv
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

ID = r"<?(?P<id>[0-9a-fA-F]{40})(?:@[^\s<>,;]*)?>?"
BARE = re.compile(rf"\s*{ID}\s*")
POSTFIX = re.compile(rf"\bpostfix\S*/cleanup\[\d+\]: (?P<queue>\w+): (?:resent-)?message-id={ID}", re.IGNORECASE)
POSTFIX_QUEUE = re.compile(
    r"\bpostfix\S*/(?:(?:qmgr|nqmgr)\[\d+\]: (?P<queue>\w+): from=<[^>]*>, size=\d+|"
    r"(?:smtp|lmtp|local|virtual|pipe|relay|error|discard)\[\d+\]: (?P<sent>\w+): to=<)"
)
EXIM = re.compile(rf" <= .*?\bid={ID}(?:\s|$)")
SENDMAIL = re.compile(rf": from=.*?\bmsgid={ID}(?:,|$)")
EXCHANGE = {"RECEIVE", "SUBMIT", "SEND", "DELIVER", "DUPLICATEDELIVER", "EXPAND", "REDIRECT", "RESOLVE", "TRANSFER"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the log says: `accepted` by the relay; `begun` was seen, but nothing says that the relay took it."""

    accepted: frozenset[str]
    begun: frozenset[str]


def evidence(lines: Iterable[str], wanted: Collection[str]) -> Evidence:
    """Which of the `wanted` messages (40 hexadecimal digits, lower case) the log knows. Reads the lines once."""
    known, accepted, begun, columns = set(wanted), set(), set(), list[str]()
    queues: dict[str, str] = {}
    for line in lines:
        if line.startswith("#Fields:"):
            columns = [name.strip() for name in line.removeprefix("#Fields:").split(",")]
        elif (found := POSTFIX.search(line)) and (own := found["id"].lower()) in known:
            queues[found["queue"]] = own
            begun.add(own)
        elif queues and (found := POSTFIX_QUEUE.search(line)):
            accepted |= {queues[queue] for queue in (found["queue"], found["sent"]) if queue in queues}
        elif (taken := _taken(line, columns)) in known:
            accepted.add(taken)
    return Evidence(frozenset(accepted), frozenset(begun - accepted))


def _taken(line: str, columns: list[str]) -> str:
    """The message that this one line says was accepted, or nothing."""
    if columns:
        return _tracked(line, columns)
    found = EXIM.search(line) or SENDMAIL.search(line) or BARE.fullmatch(line)
    return found["id"].lower() if found else ""


def _tracked(line: str, columns: list[str]) -> str:
    row = dict(zip(columns, next(csv.reader([line]), []), strict=False))
    found = BARE.fullmatch(row.get("message-id", ""))
    return found["id"].lower() if found and row.get("event-id", "").upper() in EXCHANGE else ""
