"""A small crowd with a solved round of matching on the stage: what the pages of the desk are made from."""

from dataclasses import asdict

from framework.content.skills import SKILLS
from framework.matching.arrange import arrange
from framework.matching.criteria import Candidate
from framework.matching.record import Inputs, digest, kept
from framework.matching.settings import Matching
from framework.people import Role
from models import matching_run, pairing, participant, person, programme
from models.base import transaction
from tests.portal.stage import TODAY

TOPICS = [one.id for one in SKILLS]
GIVEN = ("Aafje", "Bram", "Cato", "Daan", "Els", "Femke", "Gust", "Hilde")
AVOIDS = "Quarrelsome"  # the family name that nobody may learn was typed


def join(session, stage, role, number, values):
    """Somebody who takes part, and as the matcher sees that one."""
    about = {"department": "Works" if role == Role.MENTOR else "Sales", "site": "Ghent", "interests": ["chess"]}
    about["years"] = 14 + number if role == Role.MENTOR else number
    about |= {name: value for name, value in values.items() if hasattr(person.Person, name)}
    family = "Mentor" if role == Role.MENTOR else "Learner"
    row = person.Person(
        given_name=GIVEN[number % len(GIVEN)],
        family_name=family,
        email=f"{family}{number}@example.org",
        language=about.pop("language", "nl"),
        job_title="Planner",
        **about,
    )
    session.add(row)
    session.flush()
    told = {"languages": ["nl"], "channel": "both", "topics": TOPICS[:3], "competences": TOPICS[:2]}
    told |= {name: value for name, value in values.items() if name in {*told, "times", "style", "avoid"}}
    places = values.get("capacity", 1)
    one = participant.Participant(
        programme_id=stage.programme,
        person_id=row.id,
        role=role,
        status="confirmed",
        reason="",
        profile=told,
        capacity=places,
    )
    session.add(one)
    session.flush()
    return Candidate(
        id=one.id,
        person=row.value(),
        places=places if role == Role.MENTOR else 1,
        wants=tuple(told["competences"]) if role == Role.MENTEE else (),
        offers=tuple(told["topics"]) if role == Role.MENTOR else (),
        languages=tuple(told["languages"]),
        channel=told["channel"],
        conflicts=values.get("conflicts", ()),
        times=tuple(told.get("times", ())),
        style=tuple(told.get("style", ())),
        prefers=values.get("prefers", ()),
        waited=values.get("waited", 0),
    )


def crowd(stage, mentors, mentees, **matching):
    """People of both sides (a dict of what is particular to each), matched; the subjects of the proposals in order."""
    stage.open("matching")
    with transaction() as session:
        row = session.get(programme.Programme, stage.programme)
        settings = Matching.model_validate(matching)
        programme.keep(session, row.rules.model_copy(update={"matching": settings}))
        given = Inputs(
            mentors=[join(session, stage, Role.MENTOR, number, one) for number, one in enumerate(mentors)],
            mentees=[join(session, stage, Role.MENTEE, number, one) for number, one in enumerate(mentees)],
            settings=settings,
            managers={},
            languages=("nl", "fr"),
        )
        found = arrange(given)
        rows = [_pair(stage, one) for one in found.proposals]
        session.add_all([*rows, _run(stage, given, found)])
        session.flush()
        return [f"pairing:{one.id}" for one in rows]


def _pair(stage, one):
    return pairing.Pairing(
        programme_id=stage.programme,
        round=1,
        number=1,
        mentor_id=one.mentor,
        mentee_id=one.mentee,
        score=one.score,
        reasons=dict(one.reasons),
        relaxed=[str(rule) for rule in one.relaxed],
        language=one.language,
        others=[asdict(other) | {"reasons": dict(other.reasons)} for other in one.others],
    )


def _run(stage, given, found):
    return matching_run.MatchingRun(
        programme_id=stage.programme,
        round=1,
        number=1,
        made_on=TODAY,
        engine=found.engine,
        digest=digest(given, found),
        settings=given.settings.model_dump(mode="json"),
        people=kept(given),
        result={"pairs": [[p.mentor, p.mentee, p.score, p.language] for p in found.proposals], "proved": found.proved},
        counts={"relaxed": sum(bool(p.relaxed) for p in found.proposals)},
    )


def ids_of(subject):
    """The participants of a pair: the mentor's id, the mentee's."""
    with transaction() as session:
        found = session.get(pairing.Pairing, int(subject.split(":")[1]))
        return found.mentor_id, found.mentee_id
