"""A programme in the middle of everything, for looking at its pages: many people, long names, and a desk with nothing.

`full` says where to look: words that the addresses of `test_every_page.py` are made with.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from framework import programme as rules
from framework.content import FORMS
from framework.people import Role
from framework.questions import Kind
from framework.reading import read
from models import draft, installation, link, person, programme, request, response, training
from models.base import transaction
from tests.portal import running
from tests.portal.crowd import crowd
from tests.portal.stage import TODAY, Stage, mail, sensible

LONG = "Wolvenberghenstraatvandersmissenaerdebruyckerevandenbosschen"  # 60 letters and no space
FRENCH = {"languages": ["fr"], "language": "fr"}
PAIRS = 40
COUNTS = {
    "asked": 112,
    "answered": 97,
    "needs": [["RDY-C1-b3", 150], ["RDY-C1-a7", 121]],
    "understood": {"yes": 61, "partly": 25, "no": 11},
    "recommend": {"go": 70, "inform_first": 27},
}
TOLD = {
    "mentor_application": {"join": "yes", "motivation": f"{LONG} and more. " * 12, "topics": ["coaching"]},
    "mentee_application": {"goal": "To learn to plan.\nAnd to say no.", "competences": ["coaching"]},
}


def full(stage: Stage) -> dict[str, object]:
    """Set the stage; every name that an address may hold."""
    return {"desk": stage.desk, "empty": _empty(stage), **_matching(stage), **_running(stage), **_forms(stage)}


def _empty(stage: Stage) -> str:
    """The desk of a programme in which nothing has happened; it has rounds, all of them to come."""
    with transaction() as session:
        made = programme.keep(
            session,
            rules.Programme(
                slug="next",
                title=LONG,
                company="Acme",
                track="new-hire",
                starts_on=TODAY + timedelta(days=90),
                coordinator="amira",
            ),
        )
        return link.desk_link(session, made.id, stage.people["amira"]).token


def _matching(stage: Stage) -> dict[str, object]:
    """A round of matching with many pairs, one that bends a rule, and people for whom there is nobody."""
    mentees = [{} if at % 5 else {"site": "Liège"} for at in range(PAIRS)]
    found = crowd(stage, [{} for _ in range(PAIRS)], [*mentees, FRENCH, FRENCH])
    with transaction() as session:
        for one in session.scalars(sa.select(person.Person).where(person.Person.family_name == "Learner").limit(3)):
            one.family_name, one.job_title, one.department = LONG, LONG, LONG
    with transaction() as session:
        closure = programme.milestone_of(session, stage.programme, "closure", 1).id
    return {"pair": found[0].split(":")[1], "closure": closure}


def _running(stage: Stage) -> dict[str, object]:
    """Pairs in every state, signals, decisions to take, e-mails in every state, and somebody who asks for help."""
    for name, family in (("lena", LONG), ("otto", "Maes"), ("ines", "Peeters"), ("paul", "De Wilde")):
        running.colleague(stage, name, name.title(), family, department="Planning", site="Ghent", years=4)
    well = running.couple(stage, "tom", "zoe", held=(60, 36, 8), coming=(20,))
    needs = running.couple(stage, "otto", "lena", held=(70,), missed=(40, 12), coming=(-3,))
    running.couple(stage, "ines", "jan", status="closed")
    running.review(stage, needs, "otto", "lena", (2, 5))
    running.raised(stage, "RSK-09", f"pairing:{needs}", satisfied_least=2, satisfied_gap=3)
    running.raised(stage, "RSK-18", "programme", response=30)
    for phase in ("selection", "training", "review"):
        stage.open(phase)
    stage.open("readiness", counts=COUNTS)
    for who, role, form in (("paul", Role.MENTOR, "mentor_application"), ("lena", Role.MENTOR, "mentor_application")):
        stage.apply(who, role, score=81)
        running.said(stage, form, who, "programme", TOLD[form])
    stage.apply("ines", Role.MENTEE)
    _enrol(stage)
    stage.ask("check_in_mentor", "paul", about=f"pairing:{well}")
    stage.ask("check_in_mentor", "lena", about=f"pairing:{needs}", due=TODAY - timedelta(days=9))
    call = [_called(stage, who) for who in ("zoe", "lena")][-1]
    for number in range(6):
        running.said(stage, "programme_feedback", "tom", f"n:{number}", {"words": f"{LONG} is what I think."})
    states = ("sent", "queued", "draft", "held", "dead", "refused", "unsure", "printed", "cancelled")
    mails = [mail(stage, "mentee_call", who, state=one, behind="form") for one in states for who in ("zoe", "lena")]
    people = stage.people
    return {"well": well, "needs": needs, "person": people["lena"], "call": call, "mail": mails[0], "held": mails[6]}


def _enrol(stage: Stage) -> None:
    """One place at a training of yesterday."""
    on = TODAY - timedelta(days=1)
    with transaction() as session:
        at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
        about = {"programme_id": stage.programme, "round": 1, "number": 8, "on": on, "starts_at": at, "minutes": 240}
        place = training.TrainingSession(place=LONG, **about)
        session.add(place)
        session.flush()
        whose = {"programme_id": stage.programme, "participant_id": stage.member(session, "lena", Role.MENTOR)}
        session.add(training.Enrolment(session_id=place.id, status="enrolled", **whose))


def _called(stage: Stage, who: str) -> int:
    """Somebody asked for help; the number of the call."""
    with transaction() as session:
        whose = {"slug": "growth", "programme_id": stage.programme, "person_id": stage.people[who], "today": TODAY}
        row = request.open_own(session, form="help_request", **whose)
        told = {"form": row.form, "version": FORMS[row.form].version, "language": "en", "answered_on": TODAY}
        response.keep(session, row, answers={"what": f"{LONG} is too much.", "urgent": "today"}, **told)
        return row.id


def _forms(stage: Stage) -> dict[str, object]:
    """Links to forms in every state: new, begun, sent, ended; short-lived links, and ways out of calls."""
    begun = stage.ask("pair_review_mentee")
    with transaction() as session:
        typed = dict(list(_wordy("pair_review_mentee").items())[:4])
        draft.save(session, request.by_link(session, running.request_link(session, begun)), typed, TODAY)
    sent, told = (
        running.said(stage, form, "zoe", "programme", read(FORMS[form], _wordy(form)).answers)
        for form in ("mentor_reflection", "mentor_application")
    )
    with transaction() as session:
        whose = link.open_link(session, sent, "form")
        fresh, over = (link.fresh_link(session, whose, installation.now() - timedelta(days=days)) for days in (0, 1))
        out = {name: link.opt_out_link(session, stage.programme, stage.people[name]).token for name in ("zoe", "tom")}
        session.get_one(person.Person, stage.people["tom"]).no_campaigns_since = TODAY
        lasting = {"fresh": fresh.token, "over": over.token, "no": out["zoe"], "stopped": out["tom"]}
    ended = stage.ask("mentor_reflection", due=TODAY - timedelta(days=20))
    return {"begun": begun, "sent": sent, "told": told, "new": stage.ask("meeting_log"), "ended": ended, **lasting}


def _wordy(form: str) -> dict[str, list[str]]:
    """A full answer, as typed, with a word in it that is longer than a phone is wide."""
    long = {q.id: [f"{LONG} and so on.\nAnd on."] for q in FORMS[form].questions if q.kind is Kind.LONG_TEXT}
    return sensible(FORMS[form]) | long
