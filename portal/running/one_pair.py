"""One pair in full, as far as a coordinator may read it, and what may be done about it by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request as Http
from starlette.responses import Response

from framework.content import FORMS
from framework.health import Met
from framework.meetings import MeetingStatus
from models import agreement, decision, glance, response, signal
from models.agreement import Agreement
from models.decision import Decision
from models.desk.rounds import who
from models.meeting import of_pairing
from models.pairing import Pairing
from models.request import Request
from portal import gate, words
from portal.running import door, hands, phrases, risks, told
from portal.running.hands import Hand, Taken
from portal.running.lines import REVIEWED, Line, lines
from portal.shown import Shown
from portal.visit import DeskVisit

MAILS = 20  # shown on the page of a pair or a person
DRAFTS = ("growth_contract", "new_hire_agreement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question that waits: of whom, since when, and what may be done about it."""

    row: Request
    title: str
    days: int
    hand: Hand


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened on a day."""

    on: date
    what: str


async def show(http: Http) -> Response:
    """GET /desk/{token}/pairs/{number}: one pair."""
    number, done = door.number(http), http.query_params.get("done", "")
    return await door.opened(http, f"/pairs/{number}", lambda session, visit: _page(session, visit, number, done=done))


async def send(http: Http) -> Response:
    """POST /desk/{token}/pairs/{number}: one word, about the pair, a question or a signal."""
    typed, number = await gate.typed(http), door.number(http)
    back = f"/pairs/{number}"

    def answer(session: Session, visit: DeskVisit) -> Response:
        hands.own(session, visit, Pairing, number)
        return hands.take(session, visit, typed, back, lambda taken: _page(session, visit, number, taken))

    return await door.opened(http, back, answer)


def _page(session: Session, visit: DeskVisit, number: int, taken: Taken | None = None, *, done: str = "") -> Response:
    pair = hands.own(session, visit, Pairing, number)
    found = lines(session, visit, number)
    if not found:
        raise HTTPException(404)
    made, line, own = hands.books(session, visit), found[0], visit.link.programme_id
    about = [f"pairing:{number}", *(f"meeting:{one.id}" for one in of_pairing(session, number))]
    signals = [one for one in signal.of_programme(session, own) if one.about == about[0]]
    drafted = [row for form in DRAFTS for row in response.of_programme(session, own, form, about=about[0])]
    reviewed = [row for form in REVIEWED for row in response.of_programme(session, own, form, about=about[0])]
    rows, total = glance.mails(session, own, about=about, most=MAILS)
    agreed = agreement.of_pairing(session, number)
    names = {line.pair.mentor_id: line.pair.mentor, line.pair.mentee_id: line.pair.mentee}
    names |= glance.names(session, {row.person_id for row in rows})
    decided = decision.about(session, own, [about[0], *(f"signal:{one.id}" for one in signals)])
    return visit.page.render(
        "pair.html",
        hands.status(taken),
        visit=visit,
        line=line,
        pair=pair,
        mentor=who(pair.mentor.person),
        mentee=who(pair.mentee.person),
        hand=hands.on_pair(session, pair, made),
        signals=[risks.flag(visit, one, {}, made) for one in signals],
        asked=waiting(visit, glance.asked_about(session, own, about), made),
        agreed=agreed,
        contract=_contract(session, visit, drafted),
        reviews=told.apart(session, visit, reviewed),
        happened=_timeline(visit, line, agreed, signals, reviewed, decided),
        mails=told.mails(session, visit, rows, names),
        mails_total=total,
        taken=taken,
        done=done if done in phrases.DEEDS else "",
        words=words,
        phrases=phrases,
    )


def waiting(visit: DeskVisit, rows: Sequence[Request], made: hands.Books) -> list[Asked]:
    """Those of these questions about which something may be done or waits, the longest waiting first."""
    found = [
        Asked(
            row=row,
            title=visit.page.say(FORMS[row.form].title),
            days=(visit.today - row.opened_on).days,
            hand=hands.on_request(row, made),
        )
        for row in rows
        if row.form in FORMS and FORMS[row.form].sections
    ]
    return sorted((one for one in found if one.hand.choices or one.hand.pending), key=lambda one: one.row.opened_on)


def _contract(session: Session, visit: DeskVisit, drafted: Sequence[response.Response]) -> Shown | None:
    """The newest draft of the agreement."""
    if not drafted:
        return None
    return told.answer(session, visit, max(drafted, key=lambda row: (row.answered_on, row.id)))


def _timeline(
    visit: DeskVisit,
    line: Line,
    agreed: Agreement | None,
    signals: Sequence[signal.Signal],
    reviewed: Sequence[response.Response],
    decided: Sequence[Decision],
) -> list[Happened]:
    """What happened, in the order of the days."""
    say, pair = visit.page.say, line.pair
    days: list[tuple[date | None, str]] = [(pair.accepted_on, say("They were introduced to each other"))]
    if agreed:
        days += [
            (agreed.drafted_on, say("The agreement was drafted")),
            (agreed.signed_on, say("The agreement was signed by both")),
            (agreed.consented_on, say("The line manager consented")),
        ]
    days.append((pair.active_on, say("The relation began")))
    days += [_met(visit, one) for one in line.met]
    raised, ended = say("Signal"), say("The relation ended")
    days += [(one.raised_on, f"{raised}: {say(words.RISKS.get(one.code, one.code))}") for one in signals]
    for day in sorted({row.answered_on for row in reviewed}):
        days.append((day, say("A review was answered")))
    days += [(one.decided_on, _decided(visit, one)) for one in decided]
    if pair.closed_on:
        why = phrases.CLOSED[pair.close_reason] if pair.close_reason else "ended"
        days.append((pair.closed_on, f"{ended}: {say(why)}"))
    return sorted((Happened(on, what) for on, what in days if on and what), key=lambda one: one.on)


def _met(visit: DeskVisit, one: Met) -> tuple[date | None, str]:
    if one.status == MeetingStatus.PLANNED:
        return None, ""
    name = visit.page.say("Meeting")
    return one.planned_on, f"{name}: {visit.page.say(phrases.MEETINGS[one.status])}"


def _decided(visit: DeskVisit, made: Decision) -> str:
    """A decision as a phrase, with the reason that was given: coordinators alone read it here."""
    told_as = phrases.DEEDS.get(made.choice) or phrases.DECIDED.get(
        made.choice.partition(":")[0], words.plain(made.choice)
    )
    reason = f": {made.reason}" if made.reason else ""
    name = visit.page.say("Decided")
    return f"{name}: {visit.page.say(told_as)}{reason}"
