"""Erasing a person (GDPR art. 17): one transaction a table of the house, and a line in the ledger before it is kept.

Whoever takes part in what still runs is taken out of it in the ordinary way first, so that a partner hears and is
matched again; why, nobody is told. Every figure counts afterwards as it did before.
"""

from collections import Counter
from contextlib import suppress
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from framework.pairing import TOGETHER
from framework.participation import ParticipantStatus
from framework.redaction import pattern
from models import erasure, event, installation, ledger, link, pairing, programme
from models.base import rehearsed, transaction
from models.blank import blank
from models.mentions import redact
from models.participant import Participant
from models.person import Person
from models.programme import Programme
from notifications.emails.by_hand import SomebodyGone
from tasks.leaving import withdraw
from tasks.requests import coordinator_of, tell
from tasks.stage import Stage
from tasks.standing import stage_of

P = ParticipantStatus
STAYS = frozenset({P.DECLINED, P.LATER, P.NOT_SELECTED, P.WITHDRAWN, P.COMPLETED})
"""Whoever stands so has no part in anything that could end."""
CARRIED = ("coordinator", "deputy", "sponsor")


class NobodyThere(LookupError):
    """Nobody has that number."""


class CarriesProgramme(ValueError):
    """The person answers for a programme that still runs; the text says what to do first."""


def erase(
    person_id: int, *, today: date | None = None, actor: str = "operator", anyway: bool = False
) -> dict[str, int]:
    """Erase that person; how many rows of each kind were emptied, nothing for who was erased before.

    All of it is kept, or nothing. In a dry run the ledger is left alone. With `anyway` a programme that still runs may
    be left without the one who carries it. Raises NobodyThere and CarriesProgramme.
    """
    with transaction() as session:
        who = session.get(Person, person_id, with_for_update={"of": Person})
        if who is None:
            raise NobodyThere(f"there is nobody with the number {person_id}")
        if who.erased_on is not None:
            return {}
        day = today or installation.today(session)
        _free_of_duties(session, who, anyway=anyway)
        ended = _take_out(session, who, day, actor)
        session.flush()
        keys = (who.employee_number, who.email)
        wanted = pattern(who.given_name, who.family_name, *keys)
        mentions = redact(session, wanted, who.id) if wanted else Counter[str]()
        found = {"ended": ended, **blank(session, who, day), "mentioned": mentions.total()}
        counts = {name: number for name, number in found.items() if number}
        erasure.note(session, who.id, day, counts)
        event.record(session, actor, "erased", f"person:{who.id}")
        session.flush()
        if rehearsed() is None:  # first the ledger: what stands in it is erased, now or at the next replay
            ledger.append(who.id, *keys, day)
        return counts


def replay() -> int:
    """Erase again whoever the ledger names, after a backup was restored; how many.

    A pair that came back with them ends again. A programme that came back under their care is left without anybody
    who carries it, until its file is read again.
    """
    found = ledger.entries()
    with transaction() as session:
        here = sa.select(Person.id, Person.employee_number, Person.email).where(Person.erased_on.is_(None))
        known = session.execute(here.order_by(Person.id)).all()
    again = [one for one, number, address in known if ledger.names(number, address, found)]
    for one in again:
        erase(one, actor="ledger", anyway=True)
    return len(again)


def _free_of_duties(session: Session, who: Person, *, anyway: bool) -> None:
    """Take the person out of the settings of programmes. Raises CarriesProgramme for one that still runs."""
    keys = {key.strip().lower() for key in (who.employee_number, who.email) if key}
    for row in programme.all_programmes(session):
        settings = dict(row.settings)
        duties = [name for name in CARRIED if str(settings.get(name) or "").strip().lower() in keys]
        if duties and not anyway and not programme.is_over(session, row.id):
            message = (
                f"this person is the {duties[0]} of {row.slug}, which still runs: name somebody else in its file, "
                f"read it with `baken programme load`, and try again"
            )
            raise CarriesProgramme(message)
        settings |= {name: f"erased-{who.id}" if name == "coordinator" else None for name in duties}
        settings["team"] = [one for one in settings.get("team", ()) if one.strip().lower() not in keys]
        if settings != row.settings:
            row.settings = settings


def _take_out(session: Session, who: Person, today: date, actor: str) -> int:
    """End what the person is part of in programmes that still run; how many roles ended."""
    mine = session.scalars(sa.select(Participant).where(Participant.person_id == who.id)).unique().all()
    ended = 0
    for one in mine:
        row = session.get_one(Programme, one.programme_id)
        if one.status in STAYS or programme.is_over(session, row.id):
            continue
        stage = stage_of(session, row.slug, "matching", today)
        together = _has_partner(session, one)
        withdraw(session, stage, one, actor=actor)
        _tell_coordinator(session, stage, who, ended=together)
        ended += 1
    return ended


def _has_partner(session: Session, one: Participant) -> bool:
    pairs = pairing.of_programme(session, one.programme_id, *TOGETHER)
    return any(one.id in {pair.mentor_id, pair.mentee_id} for pair in pairs)


def _tell_coordinator(session: Session, stage: Stage, who: Person, *, ended: bool) -> None:
    """That somebody is gone, neither who nor why; nobody is told where nobody carries the programme."""
    with suppress(LookupError):
        boss = coordinator_of(session, stage.programme)
        if boss.id != who.id:
            mail = SomebodyGone(given_name=boss.given_name, ended=ended)
            desk = link.desk_link(session, stage.programme, boss.id)
            tell(session, stage, boss, mail, about=f"person:{who.id}", behind=desk)
