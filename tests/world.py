"""A small invented company that lives through a programme: people who answer, a coordinator who decides, a calendar.

`run` runs a phase's real story with its real steps, but without Prefect: each step is called as the function that it is.
So a whole programme takes seconds. `tests/flows` runs the same stories through a real Prefect server.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import FunctionType
from typing import Any

import sqlalchemy as sa
from prefect import Flow, Task
from prefect.client.schemas.objects import State
from sqlalchemy.orm import Session

from flows.programme import FLOWS
from framework import programme as rules
from framework.content import FORMS
from framework.pairing import PairingStatus
from framework.participation import ParticipantStatus
from framework.people import Role
from framework.questions import Answers, Column, Kind, Question
from framework.requests import RequestStatus
from framework.training import EnrolmentStatus
from models import decision, installation, pairing, participant, person, programme, request, response, signal, training
from models.base import transaction
from models.certificate import Certificate
from models.delivery import Delivery
from models.meeting import Meeting
from models.programme import Milestone
from models.request import Request
from tasks.arrivals import welcome_new_hires
from tasks.by_hand import carry_out
from tasks.exits import ask_leavers
from tasks.helping import take_help
from tasks.matching.waiting_list import open_for_waiting
from tasks.programme import due_phases, next_day, notice_leavers
from tasks.standing import tend_standing

SLUG, START = "growth-2027", date(2027, 1, 11)
SECRET = "kwetsbaarheid-9913"  # stands in every answer that is written in words
MENTORS, MENTEES = (
    ("Quirijn", "Wendelmoet", "Ysolde", "Zacharias"),
    ("Aafje", "Bartholdus", "Cunera", "Diederika", "Ewout"),
)
STAFF = ("Feikje", "Gerlacus", "Hadewych")  # coordinator, deputy, line manager of all
FAMILY = "Zonnebloemstra"
DOMAIN = "geheimenis.example"
USUAL = {"rematch": "no", "credit": "no", "rel_c06_every": "monthly"}


def address(name: str) -> str:
    """Somebody's mailbox."""
    return f"{name.lower()}@{DOMAIN}"


def plain(flow: Flow[Any, Any]) -> Callable[..., State[None]]:
    """A flow's own story as a plain function, its steps too: nothing of Prefect runs."""
    return _plain(flow.fn)


def _plain(function: Any) -> Any:
    known = {}
    for name, value in function.__globals__.items():
        if isinstance(value, Task):
            known[name] = value.fn
        elif isinstance(value, FunctionType) and value.__module__ == "tasks.stage" != function.__module__:
            known[name] = _plain(value)
    made = FunctionType(function.__code__, {**function.__globals__, **known}, function.__name__, function.__defaults__)
    made.__kwdefaults__ = function.__kwdefaults__
    return made


PLAIN = {phase: plain(flow) for phase, flow in FLOWS.items()}


def settings(**changes: Any) -> rules.Programme:
    """The programme of this company."""
    given = {
        "slug": SLUG,
        "title": "Growth 2027",
        "company": "Geheimenis",
        "track": "growth",
        "starts_on": START,
        "relationship_months": 6,
        "follow_up_months": (12,),
        "languages": ("en", "nl"),
        "coordinator": address(STAFF[0]),
        "deputy": address(STAFF[1]),
        "team": (address(STAFF[1]), address(STAFF[2])),
        "target_group": {"departments": ("Sales", "Works"), "mentor_years": 10},
    }
    return rules.Programme.model_validate(given | changes)


@dataclass
class World:
    """The company and its programme on a day."""

    today: date = START
    ids: dict[str, int] = field(default_factory=dict)
    ran: list[tuple[date, str, str]] = field(default_factory=list)

    # Acting

    def run(self, phase: str, today: date | None = None, **values: Any) -> State[None]:
        """Run one phase's story; the state that it ends in."""
        self.today = today or self.today
        ended = PLAIN[phase](SLUG, self.today, **values)
        self.ran.append((self.today, phase, str(ended.name)))
        return ended

    def advance(self, today: date | None = None) -> None:
        """A day of the calendar, as the programme's flow spends it; without post and timeline."""
        self.today = today or self.today
        with transaction() as session:
            installation.move_to(session, self.today)
        notice_leavers.fn(SLUG, self.today)
        carry_out.fn(SLUG, self.today)
        welcome_new_hires.fn(SLUG, self.today)
        open_for_waiting.fn(SLUG, self.today)
        tend_standing.fn(SLUG, self.today)
        take_help.fn(SLUG, self.today)
        ask_leavers.fn(SLUG, self.today)
        ran: set[tuple[str, int]] = set()
        while due := [one for one in due_phases.fn(SLUG, self.today) if one not in ran]:
            for phase in dict.fromkeys(phase for phase, _ in due):
                self.run(phase)
            ran |= set(due)

    def following(self) -> date | None:
        """The next day on which something is due."""
        found = next_day.fn(SLUG, self.today)
        return date.fromisoformat(found) if found else None

    def answer(
        self, *forms: str, who: str | None = None, about: str | None = None, late: bool = False, **given: object
    ) -> int:
        """Everybody who is asked this answers, as the portal writes it down; how many did."""
        wanted = (RequestStatus.LAPSED if late else RequestStatus.OPEN,)
        with transaction() as session:
            found = [
                one
                for one in request.of_programme(session, programme.by_slug(session, SLUG).id)
                if one.status in wanted and FORMS[one.form].sections and (not forms or one.form in forms)
                if (who is None or one.person_id == self.ids[who]) and (about is None or one.about == about)
            ]
            for one in found:
                write(session, one, self.today, given)
            return len(found)

    def change(self, form: str, who: str, **given: object) -> None:
        """A change of mind about an answer that was acted on already, in the time that the portal allows for it."""
        with transaction() as session:
            one = self.asked(session, form, who)
            if self.today <= one.due_on:
                write(session, one, self.today, given)

    def asked(self, session: Session, form: str, who: str) -> Request:
        """The newest question of that form to that person."""
        wanted = (Request.form == form, Request.person_id == self.ids[who])
        return session.scalars(sa.select(Request).where(*wanted).order_by(Request.id.desc())).all()[0]

    def decide(self, phase: str, choice: str, *, reason: str = SECRET, **others: str) -> int:
        """The coordinator decides all that waits in a phase: so, but for the subjects named (`pairing_3="strike"`).

        An empty choice leaves a subject undecided. `run_7="adopt"` is decided too, before the pairs.
        """
        with transaction() as session:
            row = programme.by_slug(session, SLUG)
            opened = [m for m in programme.milestones(session, row.id, phase) if m.opened_on and not m.finished_on]
            made = 0
            for milestone in opened[-1:]:
                runs = [name.replace("_", ":") for name in others if name.startswith("run_")]
                for subject in [*runs, *subjects(session, milestone, self.today)]:
                    if not others.get(subject.replace(":", "_"), choice):
                        continue
                    made += decision.decide(
                        session,
                        programme_id=row.id,
                        phase=phase,
                        round=milestone.round,
                        subject=subject,
                        choice=others.get(subject.replace(":", "_"), choice),
                        reason=reason,
                        digest="0" * 64,
                        decided_by=self.ids[STAFF[0]],
                        decided_on=self.today,
                    )
            return made

    def leave(self, name: str, on: date | None = None) -> None:
        """Somebody leaves the company."""
        with transaction() as session:
            session.get_one(person.Person, self.ids[name]).left_on = on or self.today

    # Looking

    def milestone(self, phase: str, number: int = 1) -> Milestone:
        """That round of that phase, as it stands."""
        with transaction() as session:
            return programme.milestone_of(session, programme.by_slug(session, SLUG).id, phase, number)

    def milestones(self) -> list[Milestone]:
        """All rounds."""
        with transaction() as session:
            return list(programme.milestones(session, programme.by_slug(session, SLUG).id))

    def status(self, name: str, role: Role) -> str:
        """Where somebody stands in a role."""
        with transaction() as session:
            found = participant.of_person(session, programme.by_slug(session, SLUG).id, self.ids[name], role)
            return str(found.status) if found else ""

    def rows(self, table: Any, *where: Any) -> list[Any]:
        """The rows of a table."""
        with transaction() as session:
            return list(session.scalars(sa.select(table).where(*where).order_by(table.id)).unique())

    def requests(self, form: str | None = None, status: RequestStatus | None = None) -> list[Request]:
        """What was asked."""
        found = self.rows(Request)
        return [r for r in found if form in {None, r.form} and status in {None, r.status}]

    def mails(self, template: str, who: str | None = None) -> list[Delivery]:
        """What was told."""
        return [
            d for d in self.rows(Delivery, Delivery.template == template) if who is None or d.person_id == self.ids[who]
        ]

    def pairs(self, *statuses: PairingStatus) -> list[pairing.Pairing]:
        """The pairings."""
        return [p for p in self.rows(pairing.Pairing) if not statuses or p.status in statuses]

    def snapshot(self) -> dict[str, list[Any]]:
        """All that a second run must leave alone."""
        with transaction() as session:
            return {
                "requests": [
                    (r.key, r.status, r.reminders) for r in session.scalars(sa.select(Request).order_by(Request.id))
                ],
                "mails": [(d.key, d.state) for d in session.scalars(sa.select(Delivery).order_by(Delivery.id))],
                "pairings": [
                    (p.round, p.mentor_id, p.mentee_id, p.status)
                    for p in session.scalars(sa.select(pairing.Pairing).order_by(pairing.Pairing.id))
                ],
                "participants": [
                    (p.id, p.status)
                    for p in session.scalars(sa.select(participant.Participant).order_by(participant.Participant.id))
                ],
                "certificates": [c.number for c in session.scalars(sa.select(Certificate).order_by(Certificate.id))],
                "meetings": [
                    (m.pairing_id, m.number, m.status) for m in session.scalars(sa.select(Meeting).order_by(Meeting.id))
                ],
                "milestones": [
                    (m.phase, m.round, m.state, m.finished_on, m.wake_on)
                    for m in session.scalars(sa.select(Milestone).order_by(Milestone.id))
                ],
            }


def write(session: Session, one: Request, today: date, given: Answers) -> None:
    """An answer, as the portal keeps it."""
    answers = fill(one, given)
    told = {"form": one.form, "version": FORMS[one.form].version, "language": "en", "answered_on": today}
    response.keep(session, one, answers=answers, **told)
    for now in (RequestStatus.OPEN, RequestStatus.LAPSED, RequestStatus.SETTLED):
        if request.change_status(session, one.id, now, RequestStatus.ANSWERED, answered_on=today):
            break


def fill(one: Request, given: Answers) -> Answers:
    """A willing person's answers to all that is asked, but for what is given."""
    answers: Answers = {}
    for question in FORMS[one.form].questions:
        if question.when and str(answers.get(question.when.question)) not in question.when.values:
            continue
        answers[question.id] = given.get(question.id) or USUAL.get(question.id) or _willing(question, one)
    return answers


def _willing(question: Question, one: Request) -> object:
    options = [o.id for o in question.options] or [value for value, _ in one.options.get(question.id, [])]
    values: dict[Kind, object] = {
        Kind.SCALE: 4,
        Kind.YES_NO: "yes",
        Kind.CHOICE: options[0] if options else "",
        Kind.CHOICES: options[:2],
        Kind.PRIORITIES: dict.fromkeys(options[:2], 1),
        Kind.RANKING: options,
        Kind.NUMBER: 5,
        Kind.DATE: one.opened_on.isoformat(),
        Kind.CONFIRM: "yes",
        Kind.ROWS: [{column.id: _cell(column, one) for column in question.columns}],
    }
    return values.get(question.kind, f"{SECRET} {question.id}")


def _cell(column: Column, one: Request) -> str | int:
    match column.kind:
        case Kind.NUMBER:
            return 5
        case Kind.DATE:
            return one.opened_on.isoformat()
        case Kind.CHOICE:
            return column.options[0].id
        case _:
            return f"{SECRET} {column.id}"


def subjects(session: Session, milestone: Milestone, today: date) -> list[str]:
    """What waits on the desk."""
    where = milestone.programme_id
    match milestone.phase:
        case "readiness":
            return ["readiness"] if milestone.state == "Awaiting-Coordinator" else []
        case "selection" if milestone.state != "Awaiting-Coordinator":
            return []  # she waits for the line managers' scores
        case "selection":
            return [
                f"participant:{p.id}" for p in participant.of_programme(session, where, None, ParticipantStatus.APPLIED)
            ]
        case "matching":
            found = pairing.of_programme(session, where, PairingStatus.PROPOSED, number=milestone.round)
            return [f"pairing:{p.id}" for p in found]
        case "training":
            enrolled = training.enrolments(session, where, EnrolmentStatus.ENROLLED)
            return [f"enrolment:{e.id}" for e in enrolled if e.session and e.session.on <= today]
        case "review":
            raised = signal.of_programme(session, where, number=milestone.round)
            return sorted({s.about for s in raised if s.settled_on is None})
    return []


def build(today: date = START, **changes: Any) -> World:
    """Twelve people and a programme, in the database that the settings name."""
    world = World(today=today)
    with transaction() as session:
        installation.mark_as_rehearsal(session, today)
        boss = _person(session, world, STAFF[2], department="Board", level=9)
        for name in STAFF[:2]:
            _person(session, world, name, department="Staff", manager_id=boss)
        for number, name in enumerate(MENTORS):
            _person(
                session, world, name, department="Works", manager_id=boss, years=12 + number, interests=["sea", "chess"]
            )
        for number, name in enumerate(MENTEES):
            _person(session, world, name, department="Sales", manager_id=boss, years=number, interests=["sea"])
        programme.keep(session, settings(**changes))
    return world


def _person(session: Session, world: World, name: str, **values: Any) -> int:
    row = person.Person(
        given_name=name,
        family_name=FAMILY,
        email=address(name),
        hired_on=START - timedelta(days=30),
        site="Gent",
        **values,
    )
    session.add(row)
    session.flush()
    world.ids[name] = row.id
    return row.id


DECIDES = (
    ("readiness", "go"),
    ("selection", "select"),
    ("matching", "approve"),
    ("training", "attended"),
    ("review", "support"),
)


def willing(world: World) -> None:
    """Everybody answers, and the coordinator says yes to all."""
    world.answer()
    for phase, choice in DECIDES:
        world.decide(phase, choice)


def silent(world: World) -> None:
    """Nobody answers; the coordinator alone decides."""
    for phase, choice in DECIDES:
        world.decide(phase, choice)


def live(
    world: World, behave: Callable[[World], None] = willing, until: Callable[[World], bool] = lambda _: False
) -> None:
    """From day to day: what is due happens, then people do what they do; till nothing is due, or `until` says so."""
    for _ in range(800):
        world.advance()
        if until(world):
            return
        behave(world)
        coming = world.following()
        if coming is None:
            return
        world.today = min(coming, world.today + timedelta(days=1)) if _has_news(world) else coming
    message = f"still going on {world.today}: {[(m.phase, m.round, m.state) for m in world.milestones() if not m.finished_on]}"
    raise AssertionError(message)


def _has_news(world: World) -> bool:
    return bool(
        world.requests(status=RequestStatus.ANSWERED)
        or world.rows(decision.Decision, decision.Decision.applied.is_(False))
    )


def reached(phase: str, number: int = 1) -> Callable[[World], bool]:
    """Till that round of that phase is open."""
    return lambda world: any(m.phase == phase and m.round == number and m.opened_on for m in world.milestones())


def finished(phase: str, number: int = 1) -> Callable[[World], bool]:
    """Till that round of that phase is finished."""
    return lambda world: any(m.phase == phase and m.round == number and m.finished_on for m in world.milestones())
