"""The weekly mail with the end of the audit trail: once a week, to the operator alone, and the command accepts it."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa

from deployments import cli
from models import event
from models.base import engine, transaction
from models.watch import Beat
from tasks.auditing import mail_head
from tests.notifications.relays import HOST, Relay, listening

OPERATOR = "olga@baken.example"
NEW = re.compile(r"baken audit verify --head\s+(\d+:\s*[0-9a-f\s]{64,80})")


@pytest.fixture
def relay(sqlite: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    """An honest relay, and an operator."""
    honest = Relay()
    with listening(honest) as port:
        for name, value in (("HOST", HOST), ("PORT", str(port)), ("SECURITY", "none")):
            monkeypatch.setenv(f"BAKEN_SMTP_{name}", value)
        monkeypatch.setenv("BAKEN_OPERATOR", OPERATOR)
        yield honest


def deeds(number: int) -> None:
    """So many lines of the trail."""
    for one in range(number):
        with transaction() as session:
            event.record(session, "flow", "asked", f"request:{one}")


def earlier(**by: float) -> None:
    """The last mail went so much earlier."""
    with transaction() as session:
        for one in session.scalars(sa.select(Beat)):
            one.at = one.at and one.at - timedelta(**by)


def told(relay: Relay) -> list[str]:
    """What the mails give to the command."""
    texts = [message_from_bytes(raw, policy=policy.default).get_body(("plain",)) for raw in relay.accepted]
    return ["".join(NEW.search(one.get_content())[1].split()) for one in texts if one]  # type: ignore[index]


def test_mail_goes_once_a_week_and_not_about_nothing(relay: Relay) -> None:
    assert mail_head.fn() == 0, "a trail without a link has no end"
    deeds(3)
    assert [mail_head.fn(), mail_head.fn()] == [1, 0]
    earlier(days=6)
    assert mail_head.fn() == 0
    earlier(days=1)
    deeds(1)
    assert mail_head.fn() == 1
    assert [one.partition(":")[0] for one in told(relay)] == ["3", "4"]
    assert {to for _, to in relay.envelopes} == {OPERATOR}


def test_mail_that_could_not_go_is_made_up_for(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    deeds(1)
    with monkeypatch.context() as away:
        away.setenv("BAKEN_OPERATOR", "")
        assert mail_head.fn() == 0
    assert mail_head.fn() == 1


def test_command_accepts_what_the_mail_says_as_long_as_the_trail_is_what_it_was(
    relay: Relay, capsys: pytest.CaptureFixture[str]
) -> None:
    deeds(3)
    mail_head.fn()
    deeds(2)
    (given,) = told(relay)
    for said in (given, given.replace(":", " ")):
        assert cli.app(["audit", "verify", "--head", said]) == 0
        assert "The end that you gave is in it." in " ".join(capsys.readouterr().out.split())
    assert cli.app(["audit", "verify", "--head", f"3:{'0' * 64}"]) == 1, "the control"
    assert cli.app(["audit", "verify", "--head", "3:short"]) == 2
    written_anew()
    assert cli.app(["audit", "verify"]) == 0, "a chain that was written anew holds by itself"
    assert cli.app(["audit", "verify", "--head", given]) == 1
    assert "the trail was written anew" in " ".join(capsys.readouterr().err.split())


def test_command_sees_that_the_end_was_cut_off(relay: Relay, capsys: pytest.CaptureFixture[str]) -> None:
    deeds(3)
    mail_head.fn()
    (given,) = told(relay)
    loosen("DELETE FROM event_mark WHERE id > 2", "DELETE FROM event WHERE id > 2")
    assert cli.app(["audit", "verify"]) == 0
    assert cli.app(["audit", "verify", "--head", given]) == 1
    assert "the end is cut off" in " ".join(capsys.readouterr().err.split())


def loosen(*statements: str) -> None:
    """What somebody does who can change the database and its triggers."""
    with engine().begin() as connection:
        for one in sa.inspect(connection).get_table_names():
            for (name,) in connection.exec_driver_sql(
                f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{one}'"
            ).all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.exec_driver_sql(statement)


def written_anew() -> None:
    """Every row gone, and others in their place, with a chain that fits them."""
    loosen("DELETE FROM event_mark", "DELETE FROM event")
    write: Callable[[int], None] = deeds
    write(5)
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.max(event.EventMark.id))) == 5
