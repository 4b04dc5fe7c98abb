"""The desk's page of e-mails: what stands in the outbox, and the coordinator's word on what waits for one.

A word is bound to a digest of what was shown (house idea 8): what changed meanwhile is asked again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from framework.mail import DeliveryStatus
from models import decision, delivery, event, mailing
from models.delivery import Delivery
from models.person import Person
from portal import gate, mails, outbox, paper, words
from portal.visit import DeskVisit, RefusedError, open_desk, transaction_of

S = DeliveryStatus
Typed = Mapping[str, Sequence[str]]
DONE = frozenset({"release", "cancel", "again", "leave", "printed"})
ROUND = 1  # a mailing is named by its digest; there are no rounds of it
DIGITS = 9  # of a message's number in an address or a form


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody decided: on what, which choice, and the digest of what was shown."""

    subject: str
    choice: str
    digest: str


async def show(http: Request) -> Response:
    """GET /desk/{token}/mails: the outbox at a glance, and what waits for a word."""
    return await at_the_desk(http, "/mails", _page)


async def send(http: Request) -> Response:
    """POST /desk/{token}/mails: one word, on a mailing, a message or the letters."""
    typed = await gate.typed(http)
    return await at_the_desk(http, "/mails", lambda session, visit: _take(session, visit, typed))


async def letters(http: Request) -> Response:
    """GET /desk/{token}/mails/letters.pdf: the letters that the page counted; it marks nothing."""
    shown = http.query_params.get("shown", "")
    return await at_the_desk(http, "/mails", lambda session, visit: _letters(session, visit, shown))


async def one(http: Request) -> Response:
    """GET /desk/{token}/mails/{number}: one message, to look at."""
    number = http.path_params["number"]
    return await at_the_desk(http, f"/mails/{number}", lambda session, visit: _one(session, visit, number))


async def sheet(http: Request) -> Response:
    """GET /desk/{token}/mails/{number}/sheet: the message's own page, for the frame on that one."""
    number = http.path_params["number"]
    return await at_the_desk(http, f"/mails/{number}", lambda session, visit: _sheet(session, visit, number))


async def at_the_desk(http: Request, rest: str, answer: Callable[[Session, DeskVisit], Response]) -> Response:
    """What `answer` makes of the desk behind the request; `rest` is the page's address below the desk."""
    return await run_in_threadpool(_opened, http, rest, answer)


def _opened(http: Request, rest: str, answer: Callable[[Session, DeskVisit], Response]) -> Response:
    with transaction_of(http.method) as session:
        try:
            visit = open_desk(session, http.path_params["token"], http.query_params, rest)
        except RefusedError as refused:
            return refused.page
        return answer(session, _with(visit, http.query_params))


def _with(visit: DeskVisit, query: QueryParams) -> DeskVisit:
    """Keep what was just done through a change of language."""
    if (done := query.get("done", "")) in DONE:
        visit.page.query["done"] = done
    return visit


def _page(session: Session, visit: DeskVisit, *, stale: bool = False, untouched: str = "") -> Response:
    """The page; `untouched` is the form that was sent as it stood."""
    found = outbox.attention(session, visit)
    return visit.page.render(
        "mails.html",
        409 if stale else 422 if untouched else 200,
        visit=visit,
        tally=outbox.tally(session, visit),
        held=outbox.held(session, visit),
        letters=len(found.letters),
        letters_digest=outbox.letters_digest(found.letters),
        refusing=outbox.refusing(session, found),
        troubles=outbox.troubles(session, visit, found),
        more=max(0, len(found.troubles) - outbox.SHOWN),
        command=f"baken mail letters {visit.programme.slug} letters.pdf",
        done=visit.page.query.get("done", ""),
        stale=stale,
        untouched=untouched,
    )


def _take(session: Session, visit: DeskVisit, typed: Typed) -> Response:
    """What was typed, done once; what has changed since it was shown is shown again."""
    choice = _last(typed, "choice")
    if not choice:
        return _page(session, visit, untouched=_form_of(typed))
    if choice in {"release", "cancel"}:
        holds = _on_mailing(session, visit, _last(typed, "mailing"), choice, _last(typed, "digest"))
    elif choice in {"again", "leave"}:
        holds = _on_message(session, visit, _number(_last(typed, "message")), choice)
    elif choice == "printed":
        holds = _on_letters(session, visit, _last(typed, "digest"))
    else:
        raise HTTPException(400)
    if not holds:
        return _page(session, visit, stale=True)
    return RedirectResponse(visit.page.link(f"/desk/{visit.token}/mails", done=choice), 303)


def _form_of(typed: Typed) -> str:
    """Which form of the page was sent: a mailing's, a message's, or that of the letters."""
    for name in ("mailing", "message"):
        if given := _last(typed, name):
            return f"{name}-{given}"
    return "printed"


def _last(typed: Typed, name: str) -> str:
    values = typed.get(name, ())
    return values[-1].strip() if values else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else 0


def _on_mailing(session: Session, visit: DeskVisit, template: str, choice: str, digest: str) -> bool:
    """Let a mailing go or call it off; False when it is not what was shown. The same word twice is one word."""
    own = visit.link.programme_id
    now = next((one for one in outbox.held(session, visit) if one.template == template), None)
    subject = f"mailing:{digest[:40]}"
    if now is None or now.digest != digest:
        return is_taken(session, own, subject, choice)
    number = mailing.let_go(session, own, template, messages=now.messages, send=choice == "release")
    return keep_word(session, visit, template, Word(subject, choice, digest), number)


def keep_word(session: Session, visit: DeskVisit, template: str, word: Word, number: int) -> bool:
    """Write down a word on so many messages of a mailing, once; False where there were none, or another word stands."""
    own, who = visit.link.programme_id, visit.link.person_id
    first = number > 0 and decision.decide(
        session,
        programme_id=own,
        phase="mail",
        round=ROUND,
        subject=word.subject,
        choice=word.choice,
        digest=word.digest,
        decided_by=who,
        decided_on=visit.today,
        applied=True,
    )
    if first:
        deed = "released" if word.choice == "release" else "cancelled"
        event.record(session, f"person:{who}", deed, f"programme:{own}", template=template, messages=number)
    return first or is_taken(session, own, word.subject, word.choice)


def is_taken(session: Session, programme_id: int, subject: str, choice: str) -> bool:
    """Whether just this word was taken on that mailing: a double click, or somebody else in the same moment."""
    taken = decision.of_round(session, programme_id, "mail", ROUND)
    return any(made.subject == subject and made.choice == choice for made in taken)


def _on_message(session: Session, visit: DeskVisit, number: int, choice: str) -> bool:
    """Send a message again or leave it; False when it is not this programme's, or does not wait for a word."""
    row = session.get(Delivery, number, with_for_update=True) if number else None
    if row is None or row.programme_id != visit.link.programme_id:
        raise HTTPException(404)
    if row.state not in {S.DEAD, S.UNSURE, S.REFUSED}:
        return row.state in ({S.QUEUED, S.LEASED, S.SENDING, S.SENT} if choice == "again" else {S.CANCELLED})
    if choice == "again" and not outbox.may_go_again(session, visit, row):
        return False
    inside = [one for one in _inside(session, row) if one.state in {S.DEAD, S.UNSURE, S.REFUSED, S.BUNDLED}]
    for each in (row, *inside):
        _again(each) if choice == "again" else _leave(each)
    event.record(session, f"person:{visit.link.person_id}", f"mail {choice}", f"delivery:{row.id}")
    return True


def _inside(session: Session, row: Delivery) -> Sequence[Delivery]:
    return delivery.parts_of(session, [row.id]).get(row.id, [])


def _again(row: Delivery) -> None:
    """It waits to go under its own Message-ID; what went inside another stays there if it is there still."""
    if row.state == S.BUNDLED:
        return
    row.state, row.attempts, row.evidence, row.carrier_id = S.QUEUED.value, 0, "", None
    row.retry_at = row.tried_at = row.code = None


def _leave(row: Delivery) -> None:
    """Given up by a person's word: it stays in the books, and nothing more comes of it."""
    row.state, row.evidence = S.CANCELLED.value, "left by the coordinator"


def _on_letters(session: Session, visit: DeskVisit, digest: str) -> bool:
    """The letters that were counted are on paper; False when they are not the same any more."""
    rows = outbox.letters_due(session, visit)
    if not rows or outbox.letters_digest(rows) != digest:
        return False
    paper.mark_printed(session, visit, rows)
    return True


def _letters(session: Session, visit: DeskVisit, shown: str) -> Response:
    rows = outbox.letters_due(session, visit)
    if not rows or outbox.letters_digest(rows) != shown:
        return _page(session, visit, stale=True)
    pdf, _ = paper.print_out(session, visit, rows)
    if not pdf:
        raise HTTPException(404)
    name = f"letters-{visit.programme.slug}-{visit.today}.pdf"
    return Response(
        pdf, media_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _row(session: Session, visit: DeskVisit, number: int) -> Delivery:
    """A message of this programme. Raises HTTPException 404 for any other."""
    row = session.get(Delivery, number) if len(str(number)) <= DIGITS else None
    if row is None or row.programme_id != visit.link.programme_id:
        raise HTTPException(404)
    return row


def _one(session: Session, visit: DeskVisit, number: int) -> Response:
    row = _row(session, visit, number)
    whom = session.get_one(Person, row.person_id)
    answer = visit.page.render(
        "mail.html",
        visit=visit,
        words=words,
        row=row,
        whom=whom,
        state=outbox.state_of(visit, row),
        seen=mails.preview(session, row, visit.today),
    )
    answer.headers["Content-Security-Policy"] = gate.FRAMED
    return answer


def _sheet(session: Session, visit: DeskVisit, number: int) -> Response:
    seen = mails.preview(session, _row(session, visit, number), visit.today)
    if not seen.html:
        raise HTTPException(404)
    return Response(seen.html, media_type="text/html", headers={"Content-Security-Policy": gate.LETTER_ONLY})
