"""One connection, and every fault called by its name: against a real SMTP server on this machine."""

import ast
import socket
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from threading import Thread

import pytest
from pydantic import ValidationError

from notifications import sender as module
from notifications.sender import NotConfigured, Sender, Undelivered, connect
from notifications.settings import MailSettings
from tests.notifications.relays import Relay, listening

FROM, TO = "baken@baken.example", "zoe@baken.example"
RAW = b"From: baken@baken.example\r\nTo: zoe@baken.example\r\nSubject: Dag\r\n\r\nHallo.\r\n"


@pytest.fixture
def relay() -> Iterator[tuple[Relay, int]]:
    """A server that really listens, on a free port of this machine."""
    handler = Relay()
    with listening(handler) as port:
        yield handler, port


def sender_to(port: int, per_connection: int = 100) -> Sender:
    """A sender to this machine, in plain text."""
    return Sender(host="127.0.0.1", port=port, security="none", timeout=5, per_connection=per_connection)


def fault(sender: Sender, recipient: str) -> tuple[str, str, int]:
    """How a delivery to this recipient fails."""
    with pytest.raises(Undelivered) as caught:
        sender.deliver(FROM, recipient, RAW)
    assert recipient not in str(caught.value)
    return caught.value.kind, caught.value.phase, caught.value.code


def test_message_is_delivered_as_it_was_built(relay: tuple[Relay, int]) -> None:
    handler, port = relay
    with sender_to(port) as sender:
        assert "A1B2" in sender.deliver(FROM, TO, RAW)
    assert message_from_bytes(handler.accepted[0])["Subject"] == "Dag"
    assert handler.accepted[0] == RAW


def test_one_connection_serves_many_messages(relay: tuple[Relay, int]) -> None:
    handler, port = relay
    with sender_to(port) as sender:
        for _ in range(5):
            sender.deliver(FROM, TO, RAW)
    assert (len(handler.accepted), len(handler.peers)) == (5, 1)


def test_connection_is_renewed_after_its_share(relay: tuple[Relay, int]) -> None:
    handler, port = relay
    with sender_to(port, per_connection=2) as sender:
        for _ in range(5):
            sender.deliver(FROM, TO, RAW)
    assert (len(handler.accepted), len(handler.peers)) == (5, 3)


@pytest.mark.parametrize(
    ("user", "kind", "phase", "code"),
    [
        ("later", "retry", "rcpt", 451),
        ("busy", "retry", "rcpt", 421),
        ("never", "refuse", "rcpt", 550),
        ("full", "refuse", "dot", 552),
        ("gone", "unsure", "dot", 0),
        ("zoë", "refuse", "rcpt", 553),
    ],
)
def test_every_fault_has_its_name_and_the_next_message_goes(
    relay: tuple[Relay, int], user: str, kind: str, phase: str, code: int
) -> None:
    handler, port = relay
    with sender_to(port) as sender:
        assert fault(sender, f"{user}@baken.example") == (kind, phase, code)
        sender.deliver(FROM, TO, RAW)
    assert handler.accepted == [RAW] * (2 if kind == "unsure" else 1)  # unsure: the relay had it, and did not say so


def test_nobody_listening_is_down() -> None:
    with socket.socket() as taken:  # bound but not listening: the port refuses
        taken.bind(("127.0.0.1", 0))
        assert fault(sender_to(taken.getsockname()[1]), TO) == ("down", "connect", 0)


def test_relay_that_hangs_up_before_the_text_is_a_retry() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet_and_go() -> None:
            peer, _ = server.accept()
            with peer:
                peer.sendall(b"220 hello\r\n")
                peer.recv(1000)
                peer.sendall(b"250 hello\r\n")
                peer.recv(1000)

        talk = Thread(target=greet_and_go)
        talk.start()
        assert fault(sender_to(server.getsockname()[1]), TO) == ("retry", "mail", 0)
        talk.join()


def test_relay_that_stopped_and_came_back_gets_the_next_message(relay: tuple[Relay, int]) -> None:
    handler, port = relay
    with sender_to(port) as sender:
        sender.deliver(FROM, TO, RAW)
        sender.reset()
        sender.deliver(FROM, TO, RAW)
    assert (len(handler.accepted), len(handler.peers)) == (2, 2)


def test_a_relay_without_tls_is_down_when_tls_is_asked(relay: tuple[Relay, int]) -> None:
    handler, port = relay
    sender = Sender(host="127.0.0.1", port=port, security="starttls", timeout=5)
    assert fault(sender, TO)[:2] == ("down", "connect")
    assert handler.accepted == []


def test_plain_text_stays_on_this_machine_and_without_a_password() -> None:
    with pytest.raises(ValueError, match="without TLS"):
        Sender(host="mail.baken.example", port=25, security="none")
    with pytest.raises(ValueError, match="without TLS"):
        Sender("els", "secret", host="127.0.0.1", port=25, security="none")


def test_a_login_name_without_a_domain_stays_as_it_is() -> None:
    assert Sender("apikey", "secret", host="mail.baken.example", port=587).user == "apikey"


def test_settings_lead_to_a_sender(relay: tuple[Relay, int]) -> None:
    handler, port = relay
    with connect(MailSettings(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")) as sender:
        sender.deliver(FROM, TO, RAW)
    assert handler.accepted == [RAW]


def test_without_a_relay_the_setting_is_named() -> None:
    with pytest.raises(NotConfigured, match="BAKEN_SMTP_HOST"):
        connect(MailSettings(smtp_host=""))


def test_password_is_never_shown() -> None:
    assert "hunter2" not in repr(MailSettings.model_validate({"smtp_password": "hunter2"}))


def test_no_other_way_out_is_used() -> None:
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    called = {
        node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert "smtplib" not in imported
    assert not called & {"send", "send_unsent", "sendmail"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"smtp_connections": 0},
        {"smtp_connections": 17},
        {"smtp_per_minute": -1},
        {"smtp_domain_per_minute": -1},
        {"mail_unsure": "guess"},
        {"bounce_address": "bounce"},
        {"bounce_address": "Bounce <bounce@baken.example>"},
        {"bounce_address": "bounce@baken.example\r\n"},
    ],
)
def test_settings_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        MailSettings.model_validate(wrong)


def test_settings_have_quiet_defaults() -> None:
    mail = MailSettings(bounce_address="bounce@baken.example")
    assert (mail.smtp_connections, mail.smtp_per_minute, mail.smtp_domain_per_minute) == (1, 0, 0)
    assert (mail.mail_unsure, mail.smtp_token_command) == ("class", "")
