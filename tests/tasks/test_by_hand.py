"""What was decided by hand is carried out once, however often it runs, and only as far as the tables of moves go."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from framework.by_hand import PHASE
from framework.content import FORMS
from framework.requests import RequestStatus
from models import decision, delivery, installation, link, meeting, pairing, participant, programme, request, signal
from models.base import transaction
from models.event import Event
from tasks.by_hand import carry_out
from tests.portal import running
from tests.portal import stage as stages
from tests.portal.stage import TODAY, Stage, everything
from tests.tasks.outbox import KINDS, either

pytestmark = pytest.mark.slow
SECRET = "kwetsbaar-4417"  # the reason: it goes into no mail
SLUG = "growth"


@pytest.fixture(params=KINDS)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """A programme on either database."""
    for _ in either(request, tmp_path):
        yield stages.build()


def decided(stage: Stage, subject: str, choice: str, *, turn: int = 1, reason: str = SECRET) -> None:
    """The coordinator's word, as the portal writes it down."""
    with transaction() as session:
        decision.decide(
            session,
            programme_id=stage.programme,
            phase=PHASE,
            round=turn,
            subject=subject,
            choice=choice,
            reason=reason,
            digest="0" * 64,
            decided_by=stage.people["amira"],
            decided_on=TODAY,
        )


def run(today: date = TODAY) -> int:
    """A run, and a second one that changes nothing more."""
    done: int = carry_out.fn(SLUG, today)
    before = everything()
    assert carry_out.fn(SLUG, today) == 0
    assert everything() == before
    return done


def mails(stage: Stage, template: str) -> list[delivery.Delivery]:
    """What was written, of one kind."""
    with transaction() as session:
        rows = session.scalars(sa.select(delivery.Delivery).where(delivery.Delivery.template == template))
        return [row for row in rows.all() if row.programme_id == stage.programme]


def readers(stage: Stage, template: str) -> set[str]:
    """Who gets a mail of that kind."""
    names = {number: name for name, number in stage.people.items()}
    return {names[row.person_id] for row in mails(stage, template)}


def of(table: type[Any], number: int) -> Any:
    """A row as it stands."""
    with transaction() as session:
        return session.get_one(table, number)


def asked(form: str, who: int) -> list[request.Request]:
    """Every question of that form to somebody."""
    with transaction() as session:
        wanted = (request.Request.form == form, request.Request.person_id == who)
        return list(session.scalars(sa.select(request.Request).where(*wanted)))


def trail(action: str) -> int:
    """How often something stands in the trail."""
    with transaction() as session:
        return session.scalar(sa.select(sa.func.count()).where(Event.action == action)) or 0


def part(stage: Stage, who: str, role: str) -> participant.Participant:
    """Somebody's part in the programme."""
    with transaction() as session:
        found = participant.of_person(session, stage.programme, stage.people[who], role)  # type: ignore[arg-type]
        assert found
        return found


def nothing_tells(reason: str) -> None:
    """No mail and no line of the trail holds it."""
    rows = everything()
    for table in ("delivery", "event"):
        assert reason not in str(rows[table])


def test_another_partner_is_looked_for_without_blame(stage: Stage) -> None:
    pair = running.couple(stage, "tom", "zoe", held=(30,), coming=(20,))
    decided(stage, f"pairing:{pair}", "rematch")
    assert run() == 1
    closed = of(pairing.Pairing, pair)
    assert (closed.status, closed.close_reason, closed.closed_on) == ("closed", "rematch", TODAY)
    assert readers(stage, "rematch_started") == readers(stage, "relationship_end") == {"tom", "zoe"}
    assert part(stage, "zoe", "mentee").status == "waiting"
    with transaction() as session:
        rounds = programme.milestones(session, stage.programme, "matching")
        assert ("again", TODAY) in {(one.kind, one.opens_on) for one in rounds}
        assert {one.status for one in meeting.of_pairing(session, pair)} == {"held", "cancelled"}
    nothing_tells(SECRET)
    assert trail("rematch") == 1


@pytest.mark.parametrize("why", ["completed", "ended_early"])
def test_a_relation_that_ends_is_looked_back_on_and_nobody_is_matched_again(stage: Stage, why: str) -> None:
    pair = running.couple(stage, "tom", "zoe", held=(30,))
    decided(stage, f"pairing:{pair}", f"close:{why}")
    run()
    assert of(pairing.Pairing, pair).close_reason == why
    assert readers(stage, "relationship_end") == {"tom", "zoe"}
    assert not mails(stage, "rematch_started")
    assert part(stage, "zoe", "mentee").status == "confirmed"
    (look_back,) = asked("relationship_end_mentee", stage.people["zoe"])
    assert look_back.status == RequestStatus.OPEN


def test_what_was_still_asked_about_the_pair_falls_away(stage: Stage) -> None:
    pair = running.couple(stage, "tom", "zoe")
    stage.ask("check_in_mentee", "zoe", about=f"pairing:{pair}")
    decided(stage, f"pairing:{pair}", "rematch")
    run()
    assert [one.status for one in asked("check_in_mentee", stage.people["zoe"])] == [RequestStatus.CANCELLED]


def test_a_pair_without_an_agreement_starts_afresh(stage: Stage) -> None:
    pair = running.couple(stage, "tom", "zoe", status="accepted", agreed="drafting")
    decided(stage, f"pairing:{pair}", "close:not_agreed")
    run()
    assert of(pairing.Pairing, pair).close_reason == "not_agreed"
    assert readers(stage, "rematch_started") == {"tom", "zoe"}
    assert not mails(stage, "relationship_end"), "nothing was there to look back on"


def test_a_pair_that_ended_meanwhile_is_left(stage: Stage) -> None:
    pair = running.couple(stage, "tom", "zoe")
    decided(stage, f"pairing:{pair}", "rematch")
    with transaction() as session:
        session.get_one(pairing.Pairing, pair).close("ended_early", TODAY)  # type: ignore[arg-type]
    assert run() == 1
    assert of(pairing.Pairing, pair).close_reason == "ended_early"
    assert not mails(stage, "rematch_started")
    assert trail("rematch not possible") == 1


@pytest.mark.parametrize(("choice", "reason"), [("withdraw:own", ""), ("withdraw:company", SECRET)])
def test_who_stops_is_out_and_the_other_hears_no_reason(stage: Stage, choice: str, reason: str) -> None:
    pair = running.couple(stage, "tom", "zoe", coming=(20,))
    stage.ask("mentor_application", "tom")
    stage.ask("programme_evaluation_mentee", "zoe")
    one = part(stage, "tom", "mentor")
    decided(stage, f"participant:{one.id}", choice, reason=reason)
    run()
    assert part(stage, "tom", "mentor").status == "withdrawn"
    assert of(pairing.Pairing, pair).close_reason == "partner_left"
    assert (readers(stage, "participation_ended"), readers(stage, "partner_left")) == ({"tom"}, {"zoe"})
    assert part(stage, "zoe", "mentee").status == "waiting"
    assert [row.status for row in asked("mentor_application", stage.people["tom"])] == [RequestStatus.CANCELLED]
    kept = asked("programme_evaluation_mentee", stage.people["zoe"])
    assert [row.status for row in kept] == [RequestStatus.OPEN], "what is asked of others stays"
    nothing_tells(SECRET)


def test_who_is_out_already_is_left(stage: Stage) -> None:
    with transaction() as session:
        number = stage.member(session, "zoe", "mentee", "withdrawn")
    decided(stage, f"participant:{number}", "withdraw:own")
    run()
    assert not mails(stage, "participation_ended")


def test_a_signal_is_settled_with_the_day(stage: Stage) -> None:
    pair = running.couple(stage, "tom", "zoe")
    number = running.raised(stage, "RSK-19", f"pairing:{pair}", refused=1)
    decided(stage, f"signal:{number}", "settle")
    run(TODAY + timedelta(days=1))
    assert of(signal.Signal, number).settled_on == TODAY + timedelta(days=1)
    nothing_tells(SECRET)


def question(stage: Stage, **values: Any) -> tuple[int, str]:
    """Zoë is asked how it goes, and the invitation has gone; the request and its token."""
    token = stage.ask("check_in_mentee", "zoe", **values)
    with transaction() as session:
        found = request.by_link(session, link.open_link(session, token, "form").id)  # type: ignore[union-attr]
        assert found
        number, behind = found.id, found.link_id
    stages.mail(stage, "review_request", "zoe", state="sent", request_id=number, link_id=behind)
    return number, token


def test_a_mail_goes_once_more_under_the_same_address(stage: Stage) -> None:
    number, token = question(stage)
    decided(stage, f"request:{number}", "resend", reason="")
    run()
    first, again = mails(stage, "review_request")
    assert (again.link_id, again.request_id, again.state) == (first.link_id, number, "queued")
    assert again.message_id != first.message_id
    assert again.fields["closes_on"] == of(request.Request, number).due_on.isoformat()
    with transaction() as session:
        assert link.open_link(session, token, "form")
    decided(stage, f"request:{number}", "resend", turn=2, reason="")
    carry_out.fn(SLUG, TODAY)
    assert len(mails(stage, "review_request")) == 2, "the second one has still to go out"


def test_a_new_link_kills_the_old_one(stage: Stage) -> None:
    number, token = question(stage)
    decided(stage, f"request:{number}", "new_link", reason="")
    run()
    with transaction() as session:
        row = session.get_one(request.Request, number)
        assert link.open_link(session, token, "form") is None
        assert link.open_link(session, row.link.token, "form") is not None
        assert row.link.version == 2
    (told,) = mails(stage, "link_again")
    assert (told.request_id, told.fields["title"]) == (number, FORMS["check_in_mentee"].title)


def test_a_question_that_lapsed_gets_a_link_for_some_days_more(stage: Stage) -> None:
    number, _ = question(stage)
    with transaction() as session:
        request.change_status(session, number, RequestStatus.OPEN, RequestStatus.LAPSED, lapsed_on=TODAY)
        session.get_one(request.Request, number).link.expires_on = TODAY
    decided(stage, f"request:{number}", "new_link", reason="")
    run()
    with transaction() as session:
        assert session.get_one(request.Request, number).link.expires_on == TODAY + timedelta(days=14)


@pytest.mark.parametrize("days", [7, 14])
def test_more_days_are_told_and_end_on_a_working_day(stage: Stage, days: int) -> None:
    number, _ = question(stage, due=date(2027, 4, 24))  # a Saturday
    decided(stage, f"request:{number}", f"extend:{days}", reason="")
    run()
    row = of(request.Request, number)
    assert row.due_on == date(2027, 4, 24) + timedelta(days=days + 2)
    assert row.link.expires_on == row.due_on + timedelta(days=14)
    assert [one.fields["closes_on"] for one in mails(stage, "more_time")] == [row.due_on.isoformat()]


def test_a_question_that_was_answered_meanwhile_is_left(stage: Stage) -> None:
    number, token = question(stage)
    for turn, choice in enumerate(("resend", "new_link", "extend:7"), 1):
        decided(stage, f"request:{number}", choice, turn=turn, reason="")
    with transaction() as session:
        request.change_status(session, number, RequestStatus.OPEN, RequestStatus.ANSWERED, answered_on=TODAY)
    assert run() == 3
    assert not mails(stage, "link_again")
    assert not mails(stage, "more_time")
    with transaction() as session:
        assert link.open_link(session, token, "form")


def test_two_runs_at_once_carry_a_decision_out_once(stage: Stage) -> None:
    """The second one finds it claimed, whatever it read before."""
    number, _ = question(stage)
    decided(stage, f"request:{number}", "extend:7", reason="")
    with transaction() as session:
        (waiting,) = decision.of_phase(session, stage.programme, PHASE, applied=False)
        assert decision.claim(session, waiting.id)
        assert not decision.claim(session, waiting.id)
    assert carry_out.fn(SLUG, TODAY) == 0
    assert not mails(stage, "more_time")


def test_nothing_of_another_programme_is_carried_out(stage: Stage) -> None:
    number, _ = question(stage)
    decided(stage, f"request:{number}", "extend:7", reason="")
    with transaction() as session:
        installation.move_to(session, TODAY)
        mine = session.get_one(programme.Programme, stage.programme)
        programme.keep(session, mine.rules.model_copy(update={"slug": "other"}))
    assert carry_out.fn("other", TODAY) == 0
    assert run() == 1
