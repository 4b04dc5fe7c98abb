"""Open questions: moved by whoever comes first, and by nobody else."""

from threading import Barrier, Thread

from framework.requests import RequestStatus
from models import request
from models.base import transaction
from models.request import Request
from tests.models.rows import ground, question

S = RequestStatus


def status(number: int) -> str:
    with transaction() as session:
        return session.get_one(Request, number).status


def test_status_moves_only_from_where_we_think_it_stands(database: str) -> None:
    programme, person = ground()
    with transaction() as session:
        asked = question(session, programme, person).id
        assert request.change_status(session, asked, S.OPEN, S.ANSWERED)
        assert not request.change_status(session, asked, S.OPEN, S.LAPSED)
    assert status(asked) == S.ANSWERED


def test_answer_and_lapse_at_the_same_time_have_one_winner(database: str) -> None:
    programme, person = ground()
    with transaction() as session:
        asked = question(session, programme, person).id
    together, won = Barrier(4), []

    def run(to: RequestStatus) -> None:
        together.wait()
        with transaction() as session:
            if request.change_status(session, asked, S.OPEN, to):
                won.append(to)

    racers = [Thread(target=run, args=(to,)) for to in (S.ANSWERED, S.LAPSED, S.ANSWERED, S.LAPSED)]
    for one in racers:
        one.start()
    for one in racers:
        one.join()
    assert len(won) == 1
    assert status(asked) == won[0]


def test_leaving_and_ending_call_off_open_and_lapsed_questions_only(database: str) -> None:
    programme, person = ground()
    with transaction() as session:
        rows = [question(session, programme, person, f"q{n}", about="pairing:7", status=s).id for n, s in enumerate(S)]
        request.cancel_about(session, "pairing:7")
    found = dict(zip(S, [status(row) for row in rows], strict=True))
    assert {before for before, after in found.items() if after == S.CANCELLED} == {S.OPEN, S.LAPSED, S.CANCELLED}
    with transaction() as session:
        again = question(session, programme, person, "own").id
        request.cancel_for_person(session, person)
    assert status(again) == S.CANCELLED


def test_round_finds_its_own_questions_by_status_form_and_subject(database: str) -> None:
    programme, person = ground()
    with transaction() as session:
        question(session, programme, person, "a")
        question(session, programme, person, "b", round=2)
        question(session, programme, person, "c", form="story_mentor", about="pairing:1")
        question(session, programme, person, "d", status=S.ANSWERED)
        found = [one.key for one in request.of_round(session, programme, "review", 1)]
        open_ = [one.key for one in request.of_round(session, programme, "review", 1, S.OPEN)]
        stories = [one.key for one in request.of_round(session, programme, "review", 1, form="story_mentor")]
        about = [one.key for one in request.of_round(session, programme, "review", 1, about="pairing:1")]
    assert (found, open_, stories, about) == (["a", "c", "d"], ["a", "c"], ["c"], ["c"])
