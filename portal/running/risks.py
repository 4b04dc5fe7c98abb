"""The risk board: what was noticed and nobody has looked at yet, and what is known of every risk (CAP-174).

A signal is a code and numbers: what people confide is not in it, so it cannot be told here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.requests import Request as Http
from starlette.responses import Response

from framework.signals import THRESHOLDS
from models import glance, participant, signal
from models.glance import Couple
from models.signal import Signal
from portal import gate, words
from portal.running import advice, door, hands, phrases
from portal.running.hands import Hand, Taken
from portal.visit import DeskVisit

MOST_SETTLED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One signal: about whom (with the way to that page), what the numbers say, and what may be done."""

    row: Signal
    name: str
    path: str
    says: tuple[str, ...]
    hand: Hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """One risk: what raises it, in words, what one can do, and how many signals there are and were."""

    code: str
    name: str
    raised_by: tuple[str, ...]
    advice: str
    open: Sequence[Flag]
    settled: int


async def show(http: Http) -> Response:
    """GET /desk/{token}/risks: the risk board."""
    done = http.query_params.get("done", "")
    return await door.opened(http, "/risks", lambda session, visit: _page(session, visit, done=done))


async def send(http: Http) -> Response:
    """POST /desk/{token}/risks: a signal was looked at."""
    typed = await gate.typed(http)

    def answer(session: Session, visit: DeskVisit) -> Response:
        return hands.take(session, visit, typed, "/risks", lambda taken: _page(session, visit, taken))

    return await door.opened(http, "/risks", answer)


def _page(session: Session, visit: DeskVisit, taken: Taken | None = None, *, done: str = "") -> Response:
    every, made = signal.of_programme(session, visit.link.programme_id), hands.books(session, visit)
    about = whom(session, visit, every)
    flags = [flag(visit, one, about, made) for one in every if one.settled_on is None]
    settled = [flag(visit, one, about, made) for one in reversed(every) if one.settled_on]
    risks = [_risk(visit, code, flags, settled) for code in words.RISKS]
    return visit.page.render(
        "risks.html",
        hands.status(taken),
        visit=visit,
        open=[risk for risk in risks if risk.open],
        risks=risks,
        number=len(flags),
        settled=settled[:MOST_SETTLED],
        taken=taken,
        done=done if done in phrases.DEEDS else "",
        words=words,
        phrases=phrases,
    )


def _risk(visit: DeskVisit, code: str, flags: Sequence[Flag], settled: Sequence[Flag]) -> Risk:
    say = visit.page.say
    lines = [line.says for line in THRESHOLDS if line.code == code]
    lines += [says for (raised, _), says in phrases.RAISED.items() if raised == code]
    return Risk(
        code=code,
        name=say(words.RISKS[code]),
        raised_by=tuple(say(line) for line in dict.fromkeys(lines)),
        advice=say(advice.ADVICE[code]),
        open=[one for one in flags if one.row.code == code],
        settled=sum(one.row.code == code for one in settled),
    )


def whom(session: Session, visit: DeskVisit, rows: Sequence[Signal]) -> dict[str, tuple[str, str]]:
    """About whom these signals are: the name and the way to the page, by what the signal is about."""
    own = visit.link.programme_id
    found = {f"pairing:{one.id}": _of_pair(one) for one in glance.couples(session, own)}
    ids = {int(one.about.partition(":")[2]) for one in rows if one.about.startswith("participant:")}
    for number, one in participant.by_ids(session, own, ids).items():
        found[f"participant:{number}"] = (one.person.value().name, f"/people/{one.person_id}")
    return found


def _of_pair(pair: Couple) -> tuple[str, str]:
    return f"{pair.mentor} · {pair.mentee}", f"/pairs/{pair.id}"


def flag(visit: DeskVisit, one: Signal, about: Mapping[str, tuple[str, str]], made: hands.Books) -> Flag:
    """One signal as the desk tells it."""
    name, path = about.get(one.about, (visit.page.say("The whole programme"), ""))
    return Flag(row=one, name=name, path=path, says=says(visit, one), hand=hands.on_signal(one, made))


def says(visit: DeskVisit, one: Signal) -> tuple[str, ...]:
    """What the numbers of a signal say, in words."""
    raised = {measure: line for (code, measure), line in phrases.RAISED.items() if code == one.code}
    found = []
    for measure, value in one.numbers.items():
        if measure in raised:
            found.append(visit.page.say(raised[measure]))
        elif isinstance(value, int):
            found.append(words.signal(visit.page.say, one.code, measure, value))
    return tuple(found)
