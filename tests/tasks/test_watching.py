"""The watchdog's round over a real database and a real relay: what it sees, and when the operator gets a mail of it."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa
from prefect.settings import PREFECT_API_URL, temporary_settings

from framework.watch import MEANINGS
from models import installation, programme, watch
from models.base import transaction
from models.delivery import Delivery
from models.installation import Installation
from models.pace import Pace
from models.programme import Milestone
from tasks import checks, watching
from tasks.mail import send_due
from tests.notifications.relays import HOST, USER, Authority, Relay, listening
from tests.tasks.outbox import KINDS, MONDAY, Outbox, alone, change, either

database = pytest.fixture(params=KINDS)(either)
Setting = Callable[..., None]
OPERATOR = "olga@baken.example"


@pytest.fixture(autouse=True)
def no_prefect() -> Iterator[None]:
    """No server whose runs other tests have broken."""
    with temporary_settings(restore_defaults={PREFECT_API_URL}):
        yield


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Setting:
    """Say where the relay is; without a port, there is none."""

    def setting(port: int = 0, **more: str) -> None:
        values = {"HOST": HOST if port else "", "PORT": str(port or 25), "SECURITY": "none"} | more
        for name, value in values.items():
            monkeypatch.setenv(f"BAKEN_SMTP_{name}", value)

    monkeypatch.setenv("BAKEN_OPERATOR", OPERATOR)
    return setting


@pytest.fixture
def relay() -> Iterator[tuple[Relay, int]]:
    """An honest relay, and its port."""
    honest = Relay()
    with listening(honest) as port:
        yield honest, port


def earlier(*, unseen: bool = False, **by: float) -> None:
    """All that the watchdog remembers began that much earlier; when it is `unseen`, it was not seen since either."""
    with transaction() as session:
        for row in session.scalars(sa.select(watch.Seen)):
            row.first_seen -= timedelta(**by)
            row.told_at = row.told_at and row.told_at - timedelta(**by)
            row.last_seen -= timedelta(**by) if unseen else timedelta()


def hold(found: dict[str, int] | None = None) -> dict[str, int]:
    """A round that finds this, or what is really there."""
    watching.remember.fn(watching.look_round.fn() if found is None else found)
    return watching.tell_operator.fn()


def mails(relay: Relay) -> list[tuple[str, str]]:
    """Subject and text of what the relay took."""
    found = [message_from_bytes(raw, policy=policy.default) for raw in relay.accepted]
    return [(str(one["Subject"]), one.get_body(("plain",)).get_content()) for one in found]  # type: ignore[union-attr]


def test_the_operator_hears_once_again_after_a_day_and_when_it_is_over(
    database: Path, relay: tuple[Relay, int], at: Setting
) -> None:
    honest, port = relay
    Outbox()
    at(port)
    assert hold({"disk-full": 0, "mail-unsure": 3}) == {"told": 2, "untold": 0}
    assert hold({"disk-full": 0, "mail-unsure": 3}) == {"told": 0, "untold": 0}
    earlier(hours=24, unseen=True)
    watching.remember.fn({"disk-full": 0})
    assert watching.tell_operator.fn() == {"told": 2, "untold": 0}  # one is still there, the other is over
    assert hold({"disk-full": 0}) == {"told": 0, "untold": 0}
    earlier(minutes=25, unseen=True)
    assert hold({}) == {"told": 1, "untold": 0}
    assert hold({}) == {"told": 0, "untold": 0}
    (first, said), (second, then), (third, last) = mails(honest)
    assert (first, second) == ("Baken needs you: 2 things are wrong", "Baken still needs you: 1 thing is wrong")
    assert third == "Baken is well again"
    assert MEANINGS["disk-full"].means in said
    assert MEANINGS["mail-unsure"].do in said.replace("\n", " ")
    assert "Over by now" in then
    assert MEANINGS["mail-unsure"].means in then
    assert MEANINGS["disk-full"].means in last
    assert {to for _, to in honest.envelopes} == {OPERATOR}


def test_without_an_operator_nothing_leaves_and_it_is_counted(
    database: Path, relay: tuple[Relay, int], at: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(relay[1])
    monkeypatch.setenv("BAKEN_OPERATOR", "")
    assert hold({"disk-full": 0}) == {"told": 0, "untold": 1}
    assert relay[0].accepted == []
    monkeypatch.setenv("BAKEN_OPERATOR", OPERATOR)
    assert hold({"disk-full": 0}) == {"told": 1, "untold": 0}


def test_the_operator_is_written_to_in_the_language_that_hr_knows(
    database: Path, relay: tuple[Relay, int], at: Setting
) -> None:
    Outbox()
    at(relay[1])
    with transaction() as session:
        session.execute(sa.text("UPDATE person SET email = :to, language = 'nl' WHERE id = 2").bindparams(to=OPERATOR))
    hold({"disk-full": 0})
    subject, said = mails(relay[0])[0]
    assert subject == "Baken heeft u nodig: 1 zaak loopt mis"
    assert "Zoë" in said
    assert "De schijf is bijna vol." in said


def test_a_relay_that_is_down_is_left_alone_and_the_mail_goes_when_it_is_back(
    database: Path, relay: tuple[Relay, int], at: Setting
) -> None:
    Outbox()
    at(9)  # nobody listens there
    assert hold({"disk-full": 0}) == {"told": 0, "untold": 1}
    with transaction() as session:
        assert session.scalars(sa.select(Pace.failures)).one() == 1
    at(relay[1])
    assert hold({"disk-full": 0}) == {"told": 1, "untold": 0}
    assert len(relay[0].accepted) == 1


def test_a_wrong_password_is_tried_once_an_hour(database: Path, at: Setting, tmp_path: Path) -> None:
    Outbox()
    authority, strict = Authority(tmp_path), Relay()
    with listening(strict, authority.server()) as port:
        at(port, HOST=HOST, SECURITY="starttls", USER=USER, PASSWORD="wrong", CAFILE=str(authority.file))
        assert hold({"disk-full": 0})["untold"] == 1
        tried = len(strict.logins)
        assert hold({"disk-full": 0})["untold"] == 1
    assert len(strict.logins) == tried > 0


def test_a_mail_that_goes_twice_bears_one_message_id(
    database: Path, relay: tuple[Relay, int], at: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """We die between the relay's yes and our note of it."""
    at(relay[1])

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(watch, "told", dies)
        with pytest.raises(KeyboardInterrupt):
            hold({"disk-full": 0})
    assert watching.tell_operator.fn()["told"] == 1
    ids = [re.search(rb"^Message-ID: (\S+)", raw, re.MULTILINE)[1] for raw in relay[0].accepted]  # type: ignore[index]
    assert (len(ids), len(set(ids))) == (2, 1)


def test_all_is_well_at_first(database: Path, at: Setting) -> None:
    at()
    Outbox()
    assert watching.look_round.fn() == {}


def test_a_sender_that_is_gone_and_unsure_mails_are_seen(database: Path, at: Setting) -> None:
    at()
    box, now = Outbox(), installation.now().timestamp()
    for until, state in ((now - 601, "leased"), (now - 601, "sending"), (now - 300, "sending"), (now + 9, "leased")):
        change(box.put(alone()), state=state, lease="x", lease_until=until)
    change(box.put(alone()), state="unsure")
    assert watching.look_round.fn() == {"mail-stuck": 2, "mail-unsure": 1}


@pytest.mark.parametrize(("values", "code"), [({"HOST": ""}, "relay-unset"), ({"HOST": HOST}, "mail-waits")])
def test_mail_that_could_have_gone_is_seen(database: Path, at: Setting, values: dict[str, str], code: str) -> None:
    at(**values)
    box = Outbox(mail={"post_from": "00:00", "post_until": "23:59", "working_days": [1, 2, 3, 4, 5, 6, 7]})
    _real_days()
    number = box.put(alone(), due_on=installation.now().date() - timedelta(days=1))
    assert watching.look_round.fn().get(code, 0) == 1
    change(number, retry_at=installation.now().timestamp() + 60)  # it was told to come back later
    assert code not in watching.look_round.fn()
    change(number, retry_at=None)
    change(box.put(alone()), state="sent", began_at=installation.now().timestamp() - 60)  # mail goes
    assert code not in watching.look_round.fn()


def _real_days() -> None:
    with transaction() as session:
        session.execute(sa.update(Installation).values(rehearsal=False))
        session.execute(sa.update(Milestone).values(wake_on=sa.null(), finished_on=MONDAY))


def test_a_relay_that_was_down_is_seen_while_mail_waits(database: Path, at: Setting) -> None:
    at(9)
    number = Outbox().put(alone())
    assert send_due.fn(MONDAY)["down"] == 1
    assert watching.look_round.fn() == {"relay-down": 1}
    change(number, state="cancelled")
    assert watching.look_round.fn() == {}


def test_silent_rounds_are_seen_once_there_were_any(database: Path, at: Setting) -> None:
    at()
    Outbox()
    for minutes, seen in ((29, {}), (31, {"mail-silent": 0})):
        with transaction() as session:
            watch.beat(session, "mail", now=installation.now() - timedelta(minutes=minutes))
        assert watching.look_round.fn() == seen


def test_a_round_of_the_mail_leaves_its_sign(database: Path, at: Setting) -> None:
    at()
    Outbox()
    send_due.fn(MONDAY)
    with transaction() as session:
        assert installation.now() - watch.last_rounds(session)["mail"] < timedelta(minutes=1)


def test_a_programme_that_nobody_advanced_is_seen(database: Path, at: Setting) -> None:
    at()
    Outbox()
    with transaction() as session:
        installation.move_to(session, MONDAY + timedelta(days=1))
    assert watching.look_round.fn() == {"programme-behind": 1}
    with transaction() as session:
        row = programme.all_programmes(session)[0]
        first = programme.milestone_of(session, row.id, "readiness", 1)
        first.opened_on, first.wake_on = MONDAY, MONDAY + timedelta(days=1)
    assert watching.look_round.fn() == {}  # due today: the day is not over


def test_tables_keys_and_disk_are_seen(database: Path, at: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    at()
    Outbox()
    monkeypatch.setattr(checks, "ROOM", 10**18)
    assert watching.look_round.fn() == {"disk-full": 0}
    monkeypatch.undo()
    (database / "secret.key").chmod(0o644)
    assert watching.look_round.fn() == {"keys-wrong": 1}
    (database / "secret.key").chmod(0o600)
    assert list(checks.tables()) == []
    with transaction() as session:
        before = session.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
        session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    try:
        assert [one.code for one in checks.tables()] == ["tables-old"]
    finally:
        with transaction() as session:
            session.execute(sa.text("UPDATE alembic_version SET version_num = :at").bindparams(at=before))


def test_a_look_that_breaks_hides_no_other(database: Path, at: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    at()
    Outbox()
    monkeypatch.setattr(checks.keyring, "sample", lambda _: 1 / 0)
    monkeypatch.setattr(checks, "ROOM", 10**18)
    assert watching.look_round.fn() == {"look-broken": 1, "disk-full": 0}


def test_nothing_personal_is_remembered(database: Path, at: Setting) -> None:
    at()
    Outbox().put(alone())
    with transaction() as session:
        session.execute(sa.update(Delivery).values(state="unsure"))
    hold()
    with transaction() as session:
        assert {type(value) for value in session.execute(sa.select(watch.Seen.code, watch.Seen.number)).one()} == {
            str,
            int,
        }
