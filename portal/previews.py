"""Before anything goes: every e-mail of the programme to look at, with made-up people, and what goes next.

`/desk/{token}/mails/preview` words an e-mail's sample in this programme's face.
"""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from framework.programme import PHASES
from models.settings import settings
from notifications.brand import brand
from notifications.email import Brand
from notifications.emails import EMAILS
from notifications.render import Rendered, render
from notifications.words import languages
from portal import coming, mails, words
from portal.gate import FRAMED, LETTER_ONLY
from portal.mail_desk import at_the_desk
from portal.page import NOBODY
from portal.visit import DeskVisit


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for: which e-mail, in which language."""

    name: str
    language: str


async def show(http: Request) -> Response:
    """GET /desk/{token}/mails/preview: one e-mail with made-up people, and what goes next."""
    query = http.query_params
    return await at_the_desk(http, "/mails/preview", lambda session, visit: _page(session, visit, query))


async def sheet(http: Request) -> Response:
    """GET /desk/{token}/mails/preview/sheet: the e-mail's own page, for the frame on that one."""
    query = http.query_params
    return await at_the_desk(http, "/mails/preview", lambda session, visit: _sheet(session, visit, query))


def _chosen(visit: DeskVisit, query: QueryParams) -> Choice:
    """Raises HTTPException 404 for what there is not."""
    name, language = query.get("mail", "programme_announcement"), query.get("in", visit.page.language)
    if name not in EMAILS or language not in languages():
        raise HTTPException(404)
    return Choice(name, language)


def _page(session: Session, visit: DeskVisit, query: QueryParams) -> Response:
    chosen = _chosen(visit, query)
    visit.page.query |= {"mail": chosen.name, "in": chosen.language}
    here = _face(session, visit, visit.page.language)
    names = {name: subject(name, visit.page.language, here) for name in EMAILS}
    shown = _worded(session, visit, chosen)
    answer = visit.page.render(
        "mail_preview.html",
        visit=visit,
        chosen=chosen,
        seen=shown,
        text=mails.masked(shown.text),
        own=bool(visit.programme.mail.texts.get(chosen.name, {}).get(chosen.language)),
        groups=[(words.PHASES.get(phase, "E-mails"), _of(phase, names)) for phase in (*PHASES, "mail")],
        languages=[(code, words.LANGUAGES.get(code, code)) for code in languages()],
        coming=[(one, names[one.template]) for one in coming.coming(session, visit)],
        ahead=coming.AHEAD_DAYS,
        command=f"baken mail dry-run {visit.programme.slug}",
    )
    answer.headers["Content-Security-Policy"] = FRAMED
    return answer


def _of(phase: str, names: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(((name, said) for name, said in names.items() if EMAILS[name].phase == phase), key=lambda one: one[1])


def _sheet(session: Session, visit: DeskVisit, query: QueryParams) -> Response:
    chosen = _chosen(visit, query)
    face = _face(session, visit, chosen.language)
    page = mails.still(_worded(session, visit, chosen).html, face)
    return Response(page, media_type="text/html", headers={"Content-Security-Policy": LETTER_ONLY})


def _face(session: Session, visit: DeskVisit, language: str) -> Brand:
    writer = mails.coordinator(session, visit.programme, visit.today)
    return brand(visit.programme, writer.value() if writer else NOBODY, language)


def _worded(session: Session, visit: DeskVisit, chosen: Choice) -> Rendered:
    face = _face(session, visit, chosen.language)
    link = f"{settings().portal_url.rstrip('/')}/f/{mails.MASK}"
    return render(EMAILS[chosen.name].sample(), chosen.language, face, link, texts=visit.programme.mail.texts)


@lru_cache(maxsize=2048)
def subject(name: str, language: str, face: Brand) -> str:
    """What an e-mail is about, as its reader would see it, with made-up people."""
    return render(EMAILS[name].sample(), language, face, mails.MASK).subject
