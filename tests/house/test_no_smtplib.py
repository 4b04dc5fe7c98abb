"""One way out for mail, and no pretended parts in tests: read from the code itself."""

import ast

import pytest

from tests.house.rooms import HOUSE, TESTED, imported, python_files, shown, tree_of

FLOOR = "benchmarks/mail.py"  # measures the product against the standard library's client
SENDS = {"send", "sendmail", "send_message", "send_unsent"}  # yagmail's and smtplib's ways of sending, not ours


def relays(tree: ast.Module) -> list[str]:
    """Imports of the standard library's mail client."""
    return sorted(name for name in imported(tree) if name.partition(".")[0] == "smtplib")


def sends(tree: ast.Module) -> list[int]:
    """Lines that call a method named like a way of sending."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return [node.lineno for node in calls if isinstance(node.func, ast.Attribute) and node.func.attr in SENDS]


def pretends(tree: ast.Module) -> list[str]:
    """Imports of mocks, and the fixture that brings them."""
    names = [
        name
        for name in imported(tree)
        if name.startswith("unittest") or name.partition(".")[0] in {"mock", "pytest_mock"}
    ]
    arguments = [node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)]
    return sorted(names) + [name for name in arguments if name == "mocker"]


def test_nobody_imports_smtplib() -> None:
    found = {shown(path): relays(tree_of(path)) for path in python_files(*TESTED)}
    assert [place for place, names in found.items() if names and place != FLOOR] == []


def test_floor_of_the_benchmark_is_the_one_exception() -> None:
    assert relays(tree_of(HOUSE / FLOOR)) == ["smtplib"]


def test_nothing_is_sent_but_through_our_own_delivery() -> None:
    found = {shown(path): sends(tree_of(path)) for path in python_files()}
    assert {place: at for place, at in found.items() if at} == {}


def test_nothing_is_mocked() -> None:
    found = {shown(path): pretends(tree_of(path)) for path in python_files(*TESTED)}
    assert {place: names for place, names in found.items() if names} == {}


@pytest.mark.parametrize("code", ["import smtplib", "from smtplib import SMTP", "def f():\n    import smtplib"])
def test_smtplib_is_found_wherever_it_hides(code: str) -> None:
    """The control."""
    assert relays(ast.parse(code))
    assert not relays(ast.parse(f'"""{code}"""'))


@pytest.mark.parametrize("code", ["yagmail.SMTP().send(x)", "self.smtp.sendmail(a, b, c)", "sender.send_unsent()"])
def test_sending_past_the_sender_is_found(code: str) -> None:
    """The control."""
    assert sends(ast.parse(code)) == [1]
    assert not sends(ast.parse("sender.deliver(a, b, c)"))


@pytest.mark.parametrize(
    "code",
    ["from unittest import mock", "import unittest.mock", "from unittest.mock import patch", "def test_a(mocker): ..."],
)
def test_mocks_are_found(code: str) -> None:
    """The control."""
    assert pretends(ast.parse(code))
    assert not pretends(ast.parse("def test_a(monkeypatch): ..."))
