"""Much at once: the same shares and the same end in threads and by Dask's workers, who may be away, or break."""

import asyncio
import os
import pickle
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cloudpickle
import pytest
import sqlalchemy as sa
from prefect import flow
from prefect.client.schemas.objects import State
from pydantic import ValidationError

from deployments import doctor
from deployments.processes import free_port
from flows.mail import mail
from framework.pairing import PairingStatus
from framework.participation import ParticipantStatus
from framework.people import Role
from framework.requests import RequestStatus
from models import programme, request, schema
from models.base import dry_run, engine, transaction
from models.delivery import Delivery
from models.pairing import Pairing
from models.participant import Participant
from models.settings import Settings, settings
from tasks import review, senders, spread
from tasks.stage import _settle, open_stage
from tasks.step import StepFailed, step
from tests.conftest import environment, new_database
from tests.notifications.relays import HOST, Relay, listening
from tests.tasks.outbox import MONDAY, Outbox, alone
from tests.world import MENTEES, MENTORS, SLUG, World, build

SECRET = "Bruinvis"
CONNECTIONS, MAILS = 3, 60


@step
def whereabouts(number: int) -> tuple[int, int]:
    """The share, and the process that had it in hand."""
    time.sleep(0.3)
    return number, os.getpid()


@step
def fragile(number: int) -> int:
    """A share that breaks, with something in its fault that nobody may read."""
    if number == 1:
        raise ValueError(SECRET)
    return number


@flow
def shared_out(kind: str, shares: int) -> list[object]:
    """So many shares of one kind."""
    one = {"whereabouts": whereabouts, "fragile": fragile}[kind]
    return spread.spread(one, [{"number": number} for number in range(shares)])


@pytest.fixture(scope="module")
def relay() -> Iterator[Relay]:
    """A real relay; the environment says where."""
    found = Relay()
    names = ("BAKEN_SMTP_HOST", "BAKEN_SMTP_PORT", "BAKEN_SMTP_SECURITY", "BAKEN_SMTP_CONNECTIONS")
    before = {name: os.environ.get(name) for name in names}
    with listening(found) as port:
        os.environ.update(zip(names, (HOST, str(port), "none", str(CONNECTIONS)), strict=True))
        yield found
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})


@pytest.fixture(scope="module")
def cluster(relay: Relay, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler and two workers, each a process of its own, with a database that they share; its address."""
    from distributed import LocalCluster

    home = tmp_path_factory.mktemp("many")
    with new_database(postgres) as url, environment(BAKEN_HOME=str(home), BAKEN_DATABASE_URL=url):
        schema.upgrade()
        with LocalCluster(n_workers=2, threads_per_worker=2, dashboard_address="127.0.0.1:0") as found:
            yield found.scheduler_address
        engine().dispose()


@pytest.fixture
def by_dask(cluster: str, prefect_server: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks go to those workers."""
    monkeypatch.setenv("BAKEN_TASKS", "dask")
    monkeypatch.setenv("BAKEN_DASK", cluster)


def test_numbers_are_cut_in_pieces() -> None:
    assert spread.chunks([1, 2, 3, 4, 5], 2) == [[1, 2], [3, 4], [5]]
    assert spread.chunks([], 2) == []


def test_dask_with_sqlite_is_refused_and_says_what_is_missing() -> None:
    with pytest.raises(ValidationError, match="needs PostgreSQL"):
        Settings(tasks="dask", database_url="sqlite:///baken.db")
    with pytest.raises(ValidationError, match="needs PostgreSQL"):
        Settings(tasks="dask")
    assert Settings(tasks="dask", database_url="postgresql+psycopg://db/baken").tasks == "dask"
    assert Settings(tasks="here", database_url="sqlite:///baken.db").tasks == "here"


def test_step_that_broke_elsewhere_says_the_same_and_no_more(sqlite: Path) -> None:
    broke = StepFailed("mail.post", OSError(SECRET))
    there = pickle.loads(pickle.dumps(broke))
    assert (str(there), there.passing) == (str(broke), True)
    assert SECRET not in repr(there)
    assert (sqlite / "log" / "errors.log").read_text().count(SECRET) == 1, "written down once"


def test_flow_and_step_travel_by_name_and_others_whole() -> None:
    assert pickle.loads(pickle.dumps(mail)) is mail
    assert pickle.loads(pickle.dumps(senders.post_share)) is senders.post_share
    assert b"State" not in pickle.dumps(mail)

    @step
    def nobodys(number: int) -> int:
        return number + 1

    there = cloudpickle.loads(cloudpickle.dumps(nobodys))
    assert there is not nobodys
    assert there.fn(1) == 2


@pytest.mark.slow
def test_here_shares_run_side_by_side_in_this_process(prefect_server: None, sqlite: Path) -> None:
    found = shared_out("whereabouts", 3)
    assert found == [(0, os.getpid()), (1, os.getpid()), (2, os.getpid())]


@pytest.mark.slow
def test_shares_go_to_other_processes(by_dask: None) -> None:
    found = shared_out("whereabouts", 4)
    assert [number for number, _ in found] == [0, 1, 2, 3]
    workers = {process for _, process in found}
    assert len(workers) == 2
    assert os.getpid() not in workers
    assert [(one.verdict, one.found[:9]) for one in doctor.examine() if one.what == "Dask"] == [("ok", "2 workers")]
    assert shared_out("whereabouts", 1) == [(0, os.getpid())], "one share needs nobody beside it"


@pytest.mark.slow
def test_dry_run_stays_in_its_own_transaction(by_dask: None) -> None:
    with dry_run():
        found = shared_out("whereabouts", 2)
    assert found == [(0, os.getpid()), (1, os.getpid())]


@pytest.mark.slow
def test_share_that_breaks_elsewhere_ends_the_run_and_tells_nothing(by_dask: None) -> None:
    ended: State[object] = shared_out("fragile", 3, return_state=True)
    assert ended.is_failed()
    assert "ValueError; see" in str(ended.message)
    assert SECRET not in f"{ended.message} {ended.result(raise_on_failure=False)!r}"


@pytest.mark.slow
def test_without_a_worker_the_work_is_done_here(by_dask: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "KNOCK_SECONDS", 1)
    monkeypatch.setenv("BAKEN_DASK", f"tcp://127.0.0.1:{free_port()}")
    assert spread.workers() == 0
    assert [one.verdict for one in doctor.examine() if one.what == "Dask"] == ["wrong"]
    assert {process for _, process in shared_out("whereabouts", 2)} == {os.getpid()}


@pytest.fixture(scope="module")
def box(cluster: str) -> Outbox:
    """People to write to, in the database that the workers share."""
    return Outbox(people=MAILS)


@pytest.fixture
def unhurried(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    """The relay takes its time over each text, so that one sender is not done before the others begin."""
    accept = relay.handle_DATA

    async def slowly(*given: Any) -> str:
        await asyncio.sleep(0.1)
        return await accept(*given)

    monkeypatch.setattr(relay, "handle_DATA", slowly)


@pytest.mark.slow
@pytest.mark.usefixtures("unhurried")
def test_outbox_goes_over_several_senders_elsewhere_each_mail_once(by_dask: None, relay: Relay, box: Outbox) -> None:
    assert settings().tasks == "dask"
    mine = [box.put(alone(), 1 + number) for number in range(MAILS)]
    many, _ = senders.prepare.fn(MONDAY)
    assert many == CONNECTIONS
    before = len(relay.peers)
    ended: State[None] = mail("growth", MONDAY, return_state=True)
    assert ended.name == "Completed"
    assert f"sent {MAILS}" in str(ended.message)
    assert len(relay.peers) - before == CONNECTIONS, "a connection for each"
    assert sorted(to for _, to in relay.envelopes) == sorted(f"person{1 + n}@baken.example" for n in range(MAILS))
    with transaction() as session:
        assert set(session.scalars(sa.select(Delivery.state).where(Delivery.id.in_(mine)))) == {"sent"}


@pytest.mark.slow
@pytest.mark.usefixtures("unhurried")
def test_worker_killed_amid_a_mailing_takes_nothing_with_it(
    by_dask: None, cluster: str, relay: Relay, box: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGKILL for a process with senders in it: what they had in hand lapses, and goes again."""
    from distributed import Client

    relay.envelopes.clear()
    with Client(cluster, set_as_default=False) as client:
        doomed: list[int] = list(client.run(os.getpid).values())[:1]
    struck: list[int] = []
    accept = relay.handle_DATA

    async def amid(*given: Any) -> str:
        said = await accept(*given)
        if len(relay.envelopes) > MAILS // 4 and doomed:
            struck.append(doomed.pop())
            os.kill(struck[0], signal.SIGKILL)
        return said

    monkeypatch.setattr(relay, "handle_DATA", amid)
    mine = [box.put(alone(), 1 + number) for number in range(MAILS)]
    ended: State[None] = mail("growth", MONDAY, return_state=True)
    assert ended.name == "Completed", ended.message
    assert struck, "somebody was killed"
    with transaction() as session:
        lapsed = sa.update(Delivery).where(Delivery.lease_until.is_not(None)).values(lease_until=1.0)
        session.execute(lapsed)
    mail("growth", MONDAY)
    with transaction() as session:
        assert set(session.scalars(sa.select(Delivery.state).where(Delivery.id.in_(mine)))) == {"sent"}
    came = Counter(to for _, to in relay.envelopes)
    assert len(came) == MAILS, "nobody was left out"
    assert sum(came.values()) - MAILS <= CONNECTIONS, "a sender has one message at stake"


def test_little_mail_needs_one_sender(relay: Relay, sqlite: Path) -> None:
    box = Outbox()
    assert senders.prepare.fn(MONDAY)[0] == 1
    box.put(alone())
    assert senders.prepare.fn(MONDAY)[0] == 1
    assert senders.post_share.fn(MONDAY)["sent"] == 1


def paired(world: World) -> int:
    """Mentors and mentees of the small company in pairs that meet already; how many."""
    both = list(zip(MENTORS, MENTEES, strict=False))
    with transaction() as session:
        where = programme.by_slug(session, SLUG).id
        trained = programme.milestone_of(session, where, "training", 1)
        trained.opened_on = trained.finished_on = world.today
        for two in both:
            mentor, mentee = (
                Participant(
                    programme_id=where, person_id=world.ids[name], role=role, status=ParticipantStatus.CONFIRMED
                )
                for name, role in zip(two, (Role.MENTOR, Role.MENTEE), strict=True)
            )
            session.add_all([mentor, mentee])
            session.flush()
            pair = {"mentor_id": mentor.id, "mentee_id": mentee.id, "active_on": world.today}
            session.add(Pairing(programme_id=where, round=1, score=1, status=PairingStatus.ACTIVE, **pair))
    return len(both)


def test_asking_that_was_cut_short_goes_on_and_a_round_that_rests_asks_nobody(
    sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "PAIRS_A_TASK", 1)
    world = build(relationship_months=8)
    pairs = paired(world)
    first = next(m for m in world.milestones() if m.phase == "review" and m.kind != "early_check")
    stage = open_stage.fn(SLUG, "review", first.opens_on, first.round)
    chunks = review.pairs_to_ask.fn(stage)
    assert len(chunks) == pairs > 2

    def asked() -> int:
        with transaction() as session:
            return len(request.of_round(session, stage.programme, "review", stage.round, RequestStatus.OPEN))

    assert review.ask_both.fn(stage, chunks[0]) == 1
    assert asked() == 2
    assert review.pairs_to_ask.fn(stage) == chunks, "it was killed: all are looked at again"
    for chunk in [*chunks, *chunks]:
        review.ask_both.fn(stage, chunk)
    assert asked() == 2 * pairs
    found = review.still_open.fn(stage)
    assert found == {"pairs": pairs, "open": 2 * pairs}
    _settle.fn(stage, "Awaiting-Participants", found, wake_on=None)
    assert review.pairs_to_ask.fn(stage) == []
