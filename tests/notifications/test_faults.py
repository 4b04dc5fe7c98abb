"""Every way in which a relay can go wrong ends in the kind it should, and the next good message goes through."""

import shlex
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from notifications.sender import DELIVERY_SECONDS, Sender, Undelivered
from tests.house.rooms import HOUSE
from tests.notifications.relays import HOST, PASSWORD, TOKEN, USER, Authority, Faulty, Relay, listening

FROM, TO = "baken@baken.example", "zoe.secret@baken.example"
RAW = b"From: baken@baken.example\r\nTo: zoe.secret@baken.example\r\nSubject: Dag\r\n\r\n.Confidential.\r\n..\r\n"


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority of certificates for the whole run."""
    return Authority(tmp_path_factory.mktemp("authority"))


@contextmanager
def plain(relay: Faulty, timeout: float = 1) -> Iterator[Sender]:
    """A sender to a faulty relay, in plain text."""
    with relay.listening() as port:
        sender = Sender(host=HOST, port=port, security="none", timeout=timeout)
        sender.patience = timeout
        with sender:
            yield sender


def fault(sender: Sender, recipient: str = TO) -> Undelivered:
    """How a delivery fails; neither text nor address stand in what is raised, or behind it."""
    with pytest.raises(Undelivered) as caught:
        sender.deliver(FROM, recipient, RAW)
    told = caught.value
    assert told.__cause__ is None
    assert told.__context__ is None
    assert not any(word in repr(told) + str(told) for word in ("secret", "Confidential", PASSWORD, TOKEN))
    return told


def shape(told: Undelivered) -> tuple[str, str, int]:
    """Kind, step and number."""
    return told.kind, told.phase, told.code


FAULTS = [
    ("greeting", "421 too many", ("retry", "connect", 421), True),
    ("greeting", "554 no service", ("down", "connect", 554), False),
    ("greeting", "drop", ("down", "connect", 0), False),
    ("greeting", "late", ("down", "connect", 0), False),
    ("ehlo", "drop", ("down", "connect", 0), False),
    ("mail", "451 later", ("retry", "mail", 451), True),
    ("mail", "452 too many", ("retry", "mail", 452), True),
    ("mail", "421 closing", ("retry", "mail", 421), True),
    ("mail", "550 not you", ("down", "mail", 550), False),
    ("mail", "530 log in", ("down", "mail", 530), False),
    ("mail", "553 bad sender", ("down", "mail", 553), False),
    ("mail", "552 too large", ("refuse", "mail", 552), False),
    ("mail", "drop", ("retry", "mail", 0), False),
    ("rcpt", "450 busy", ("retry", "rcpt", 450), True),
    ("rcpt", "421 closing", ("retry", "rcpt", 421), True),
    ("rcpt", "550 nobody", ("refuse", "rcpt", 550), False),
    ("rcpt", "530 log in", ("down", "rcpt", 530), False),
    ("rcpt", "503 out of step", ("retry", "rcpt", 503), False),
    ("rcpt", "drop", ("retry", "rcpt", 0), False),
    ("data", "451 later", ("retry", "data", 451), False),
    ("data", "554 no", ("refuse", "data", 554), False),
    ("data", "250 what", ("retry", "data", 250), False),
    ("data", "drop", ("retry", "data", 0), False),
    ("data", "late", ("retry", "data", 0), False),
    ("dot", "451 later", ("retry", "dot", 451), False),
    ("dot", "421 closing", ("retry", "dot", 421), True),
    ("dot", "552 full", ("refuse", "dot", 552), False),
    ("dot", "554 spam", ("refuse", "dot", 554), False),
    ("dot", "drop", ("unsure", "dot", 0), False),
    ("dot", "late", ("unsure", "dot", 0), False),
    ("dot", "garbage", ("unsure", "dot", 0), False),
]


@pytest.mark.parametrize(("step", "what", "kind", "slow"), FAULTS, ids=[f"{one[0]} {one[1]}" for one in FAULTS])
def test_fault_has_its_kind_and_the_next_message_goes(
    step: str, what: str, kind: tuple[str, str, int], slow: bool
) -> None:
    relay = Faulty({step: [what]})
    with plain(relay, timeout=0.5) as sender:
        told = fault(sender)
        assert shape(told) == kind
        assert told.slow_down is slow
        assert told.ours is (told.kind == "down" or told.phase == "connect")
        before = len(relay.accepted)
        assert "A1B2" in sender.deliver(FROM, TO, RAW)
        assert relay.accepted[before:] == [RAW]


@pytest.mark.parametrize("what", ["drop", "421 closing", "late", "drip"])
def test_a_clearing_that_fails_leaves_the_refusal_what_it_was(what: str) -> None:
    relay = Faulty({"rcpt": ["550 nobody"], "rset": [what]})
    with plain(relay, timeout=0.5) as sender:
        sender.limit = 2
        assert shape(fault(sender)) == ("refuse", "rcpt", 550)
        sender.deliver(FROM, TO, RAW)
    assert relay.accepted == [RAW]


@pytest.mark.parametrize("what", ["bye", "bye 421"])
def test_line_closed_between_two_messages_is_opened_again_unseen(what: str) -> None:
    relay = Faulty({"dot": [what]})
    with plain(relay) as sender:
        for _ in range(3):
            sender.deliver(FROM, TO, RAW)
    assert (relay.accepted, relay.connections) == ([RAW] * 3, 2)


def test_line_that_is_closed_again_and_again_is_not_opened_without_end() -> None:
    relay = Faulty({"mail": ["250 OK", "drop", "drop"]})
    with plain(relay) as sender:
        sender.deliver(FROM, TO, RAW)
        assert shape(fault(sender)) == ("retry", "mail", 0)
    assert relay.connections == 2


def test_line_closed_by_an_idle_relay_costs_no_attempt() -> None:
    relay = Relay()
    with (
        listening(relay, server_kwargs={"timeout": 0.2}) as port,
        Sender(host=HOST, port=port, security="none", timeout=2) as sender,
    ):
        sender.deliver(FROM, TO, RAW)
        line = sender.smtp.sock
        line.recv(1000)  # the relay's good-bye, or its end: wait for it without sleeping
        sender.deliver(FROM, TO, RAW)
    assert (len(relay.accepted), len(relay.peers)) == (2, 2)


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("greeting", "down"),
        ("ehlo", "down"),
        ("mail", "retry"),
        ("rcpt", "retry"),
        ("data", "retry"),
        ("dot", "unsure"),
    ],
)
def test_relay_that_drips_is_cut_off(step: str, kind: str) -> None:
    relay = Faulty({step: ["drip"]})
    with plain(relay, timeout=30) as sender:
        sender.limit, began = 0.5, monotonic()
        assert fault(sender).kind == kind
        assert monotonic() - began < 5
        sender.limit = DELIVERY_SECONDS
        before = len(relay.accepted)
        sender.deliver(FROM, TO, RAW)
        assert len(relay.accepted) == before + 1


def test_nothing_goes_out_after_the_limit() -> None:
    relay = Faulty({})
    with plain(relay) as sender:
        sender.deliver(FROM, TO, RAW)
        sender.limit = 0
        told = fault(sender)
        assert told.kind in ("retry", "down")
    assert relay.accepted == [RAW]


def test_refused_recipient_does_not_keep_the_next_from_theirs() -> None:
    relay = Relay()
    with listening(relay) as port, Sender(host=HOST, port=port, security="none", timeout=2) as sender:
        assert shape(fault(sender, "never@baken.example")) == ("refuse", "rcpt", 550)
        sender.deliver("bounce+1a-ff00@baken.example", TO, RAW)
        assert shape(fault(sender, "zoë@baken.example")) == ("refuse", "rcpt", 553)
        assert shape(fault(sender, "zoe@baken.example\r\nRCPT TO:<x@x.example>")) == ("refuse", "rcpt", 553)
        sender.deliver(FROM, TO, RAW)
    assert relay.envelopes == [("bounce+1a-ff00@baken.example", TO), (FROM, TO)]
    assert len(relay.peers) == 1


@pytest.mark.parametrize("raw", [b".\r\n", b"a\n.\nQUIT\n", b"a\r.\rb", b"..", b"", b"a\r\n.\r\n.\r\n\r\n"])
def test_no_text_ends_before_its_end(raw: bytes) -> None:
    relay = Faulty({})
    with plain(relay) as sender:
        sender.deliver(FROM, TO, raw)
        sender.deliver(FROM, TO, RAW)
    ended = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    assert relay.accepted == [ended if ended.endswith(b"\r\n") else ended + b"\r\n", RAW]


def test_stranger_gets_no_password(authority: Authority, tmp_path: Path) -> None:
    stranger = Authority(tmp_path)
    for starttls in (True, False):
        relay = Faulty({}, stranger.server(), starttls=starttls)
        with relay.listening() as port:
            sender = Sender(
                USER, PASSWORD, host=HOST, port=port, security="starttls" if starttls else "ssl", timeout=2,
                cafile=authority.file,
            )  # fmt: skip
            assert shape(fault(sender)) == ("down", "connect", 0)
        assert not {"auth", "mail"} & set(relay.heard)


def test_wrong_name_gets_no_password(authority: Authority) -> None:
    relay = Faulty({}, authority.server("elsewhere.example"))
    with relay.listening() as port:
        sender = Sender(USER, PASSWORD, host=HOST, port=port, timeout=2, cafile=authority.file)
        assert shape(fault(sender)) == ("down", "connect", 0)
    assert relay.heard == ["ehlo", "starttls"]


def test_relay_without_tls_gets_no_password(authority: Authority) -> None:
    relay = Faulty({})
    with relay.listening() as port:
        sender = Sender(USER, PASSWORD, host=HOST, port=port, timeout=2, cafile=authority.file)
        assert fault(sender).kind == "down"
    assert not {"auth", "mail"} & set(relay.heard)


def test_tls_that_is_not_there_for_a_while_is_a_retry(authority: Authority) -> None:
    relay = Faulty({"starttls": ["454 later"]}, authority.server())
    with relay.listening() as port:
        sender = Sender(host=HOST, port=port, timeout=2, cafile=authority.file)
        told = fault(sender)
    assert (shape(told), told.slow_down, told.ours) == (("retry", "connect", 454), True, True)


@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_trusted_relay_gets_the_message(authority: Authority, security: str) -> None:
    """The control of the tests above: the same relays, and a certificate that is good."""
    relay = Faulty({}, authority.server(), starttls=security == "starttls")
    with (
        relay.listening() as port,
        Sender(
            host=HOST, port=port, security="ssl" if security == "ssl" else "starttls", timeout=2, cafile=authority.file
        ) as sender,
    ):
        sender.deliver(FROM, TO, RAW)
    assert relay.accepted == [RAW]


def test_wrong_password_is_known_as_such_and_a_right_one_goes(authority: Authority) -> None:
    relay = Relay()
    with listening(relay, authority.server()) as port:
        wrong = Sender(USER, "guess", host=HOST, port=port, timeout=2, cafile=authority.file)
        assert shape(fault(wrong)) == ("down", "login", 535)
        with Sender(USER, PASSWORD, host=HOST, port=port, timeout=2, cafile=authority.file) as right:
            right.deliver(FROM, TO, RAW)
    assert relay.accepted == [RAW]


@pytest.mark.parametrize("answer", [454, 421])
def test_login_that_is_put_off_is_a_retry(authority: Authority, answer: int) -> None:
    relay = Faulty({"auth": [f"{answer} later"] * 3}, authority.server())
    with relay.listening() as port:
        sender = Sender(USER, PASSWORD, host=HOST, port=port, timeout=2, cafile=authority.file)
        told = fault(sender)
    assert (shape(told), told.slow_down, told.ours) == (("retry", "login", answer), True, True)


def printing(text: str, log: Path) -> str:
    """A command that prints a token, and notes that it was run."""
    code = f"open({str(log)!r}, 'a').write('x'); print({text!r})"
    return shlex.join([sys.executable, "-c", code])


def test_token_is_asked_anew_for_each_login(authority: Authority, tmp_path: Path) -> None:
    relay, log = Relay(), tmp_path / "asked"
    with listening(relay, authority.server()) as port, Sender(
        USER, host=HOST, port=port, timeout=2, cafile=authority.file, per_connection=2,
        token_command=printing(TOKEN, log),
    ) as sender:  # fmt: skip
        for _ in range(3):
            sender.deliver(FROM, TO, RAW)
    assert relay.logins == ["XOAUTH2"] * 2
    assert log.read_text() == "xx"
    assert len(relay.accepted) == 3


def test_expired_token_is_about_credentials(authority: Authority, tmp_path: Path) -> None:
    relay = Relay()
    with listening(relay, authority.server()) as port:
        sender = Sender(
            USER, host=HOST, port=port, timeout=2, cafile=authority.file,
            token_command=printing("expired", tmp_path / "asked"),
        )  # fmt: skip
        assert shape(fault(sender)) == ("down", "login", 535)
    assert relay.accepted == []


@pytest.mark.parametrize(
    "command",
    [
        shlex.join([sys.executable, "-c", f"print({TOKEN!r}); raise SystemExit(1)"]),
        shlex.join([sys.executable, "-c", "pass"]),
        shlex.join([sys.executable, "-c", "print('two words')"]),
        "/nowhere/at/all",
    ],
    ids=["fails", "silent", "words", "missing"],
)
def test_command_without_a_token_is_about_credentials_and_opens_no_line(
    authority: Authority, command: str, capfd: pytest.CaptureFixture[str]
) -> None:
    relay = Faulty({}, authority.server())
    with relay.listening() as port:
        sender = Sender(USER, host=HOST, port=port, timeout=2, cafile=authority.file, token_command=command)
        assert shape(fault(sender)) == ("down", "login", 0)
    assert (relay.connections, *capfd.readouterr()) == (0, "", "")


def test_token_wants_a_user_tls_and_no_password() -> None:
    with pytest.raises(ValueError, match="goes with a user"):
        Sender(host=HOST, port=25, token_command="token")
    with pytest.raises(ValueError, match="goes with a user"):
        Sender(USER, PASSWORD, host=HOST, port=25, token_command="token")
    with pytest.raises(ValueError, match="without TLS"):
        Sender(USER, host=HOST, port=25, security="none", token_command="token")


def test_sender_that_nobody_closed_does_not_keep_the_process() -> None:
    code = """
import sys
from notifications.sender import Sender
left = Sender(host="127.0.0.1", port=int(sys.argv[1]), security="none", timeout=5)
left.deliver("a@baken.example", "b@baken.example", b"Subject: x\\r\\n\\r\\nx\\r\\n")
"""
    relay = Faulty({})
    with relay.listening() as port:
        subprocess.run([sys.executable, "-c", code, str(port)], check=True, timeout=30, cwd=HOUSE)
    assert len(relay.accepted) == 1


def test_context_verifies_name_and_authority() -> None:
    context = Sender(host=HOST, port=25).smtp_starttls["context"]
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
