"""What people confide is nowhere in the open, and reads as it was written; without its key it is as if never told."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import keyring, response, vault
from models.base import engine, transaction
from models.decision import Decision
from models.delivery import Delivery
from models.draft import Draft
from models.matching_run import MatchingRun
from models.participant import Participant
from models.person import Person
from models.response import Response
from models.vault import VaultError
from tests.models import confided
from tests.models.confided import ANSWERS, CANARIES, FIELDS, PROFILE

EMPTY = {"profile": {}, "reason": "", "decision": "", "fields": {}, "draft": {}}
ESCAPED = {name: json.dumps(text)[1:-1] for name, text in CANARIES.items()}


def hidden(raw: bytes) -> list[str]:
    """The canaries that are found in there, plain or escaped as JSON does it."""
    return [name for name, text in CANARIES.items() if text.encode() in raw or ESCAPED[name].encode() in raw]


def test_everything_reads_as_it_was_written(database: str) -> None:
    _, who = confided.confide()
    assert confided.read() == {
        "profile": PROFILE,
        "reason": CANARIES["reason"],
        "decision": CANARIES["decision"],
        "fields": FIELDS,
        "answers": ANSWERS,
        "draft": {"goal": [CANARIES["draft"]]},
        "people": confided.people(who, 1),
    }


def test_nothing_of_it_is_anywhere_in_the_database(database: str, tmp_path: Path) -> None:
    confided.confide()
    assert hidden(confided.everything().encode()) == []
    engine().dispose()
    raw = b"".join(file.read_bytes() for file in tmp_path.glob("baken.db*"))
    assert hidden(raw) == []
    list(keyring.unseal())  # the control: the same look finds all of them once they stand open
    assert set(hidden(confided.everything().encode())) == CANARIES.keys() - {"draft"}
    if raw:
        engine().dispose()
        raw = b"".join(file.read_bytes() for file in tmp_path.glob("baken.db*"))
        assert set(hidden(raw)) == CANARIES.keys() - {"draft"}
        list(keyring.seal())
        engine().dispose()
        assert hidden(b"".join(file.read_bytes() for file in tmp_path.glob("baken.db*"))) == []


def test_destroyed_key_leaves_empty_values_everywhere(database: str) -> None:
    _, who = confided.confide()
    with transaction() as session:
        assert vault.destroy(session, who) == 1
    found = confided.read()
    assert {name: found[name] for name in EMPTY} == EMPTY
    assert found["answers"] == {name: ANSWERS[name] for name in found["answers"]}
    assert "avoid" not in found["answers"]
    assert found["people"]["mentors"] == [{"id": 1, "person": {"id": who, "language": "nl"}}]
    with transaction() as session:
        assert session.scalars(sa.select(MatchingRun)).one().is_thinner


def test_erased_person_who_writes_again_gets_another_key(database: str) -> None:
    _, who = confided.confide()
    with transaction() as session:
        vault.destroy(session, who)
    with transaction() as session:
        session.scalars(sa.select(Participant)).one().reason = "told anew"
    found = confided.read()
    assert (found["reason"], found["profile"], found["decision"]) == ("told anew", {}, "")
    assert keyring.standing().destroyed == 1


@pytest.mark.parametrize("table", [Participant, Decision, Delivery, Response, Draft])
def test_text_moved_between_rows_is_refused(database: str, table: type) -> None:
    """Between two rows of one person; between people and columns: tests/models/test_vault.py."""
    programme_id, who = confided.confide()
    with transaction() as session:
        row = session.scalars(sa.select(table)).one()
        assert row.told
        elsewhere = vault.seal(session, who, row.seal_place + "1", row.told)
        row.sealed = elsewhere
    with transaction() as session, pytest.raises(VaultError):
        _ = session.scalars(sa.select(table)).one().told
    assert {one.table: one.broken for one in keyring.unseal() if one.broken} == (
        {} if table is Draft else {table.__tablename__: 1}
    )
    assert programme_id


def test_text_of_a_run_moved_to_another_participant_is_refused(database: str) -> None:
    confided.confide()
    with transaction() as session:
        run = session.scalars(sa.select(MatchingRun)).one()
        run.kept = run.kept | {"mentors": [run.kept["mentors"][0] | {"id": 9}]}
    with transaction() as session, pytest.raises(VaultError):
        _ = session.scalars(sa.select(MatchingRun)).one().people


def test_what_an_older_version_left_open_reads_the_same_and_is_sealed_later(database: str) -> None:
    confided.confide()
    written = confided.read()
    assert sum(one.changed for one in keyring.unseal()) == 5
    before = confided.columns()
    assert not any(text for name, text in before.items() if name.endswith(".sealed") and name != "draft.sealed")
    assert confided.read() == written
    assert sum(one.changed for one in keyring.seal()) == 5
    assert sum(one.changed for one in keyring.seal()) == 0
    assert confided.read() == written
    assert hidden(confided.everything().encode()) == []
    list(keyring.unseal())
    after = confided.columns()
    del before["draft.sealed"], after["draft.sealed"]
    assert after == before


def test_row_changed_while_it_was_sealed_elsewhere_holds_what_was_written_last(database: str) -> None:
    confided.confide()
    list(keyring.unseal())
    with transaction() as session:
        known = session.scalars(sa.select(Participant)).one()  # as a step that read it before it was sealed
    list(keyring.seal())
    with transaction() as session:
        late = session.merge(known, load=False)
        late.profile, late.reason = {}, ""
    assert {name: confided.read()[name] for name in ("profile", "reason")} == {"profile": {}, "reason": ""}
    assert hidden(confided.everything().encode()) == []


def test_row_that_outlives_its_transaction_still_reads(database: str) -> None:
    confided.confide()
    with transaction() as session:
        sent, one = session.scalars(sa.select(Delivery)).one(), session.scalars(sa.select(Participant)).one()
    assert (sent.fields, one.profile) == (FIELDS, PROFILE)


def test_reason_of_nobody_is_sealed_for_who_decided(database: str) -> None:
    confided.confide()
    with transaction() as session:
        other = Person(given_name="Els", family_name="Bo")
        session.add(other)
        session.flush()
        taken = session.scalars(sa.select(Decision)).one()
        again = {name: getattr(taken, name) for name in ("programme_id", "phase", "choice", "digest", "decided_on")}
        from models import decision

        assert decision.decide(
            session, **again, round=2, subject="readiness", decided_by=other.id, reason="nobody at all"
        )
        assert not decision.decide(
            session, **again, round=2, subject="readiness", decided_by=other.id, reason="somebody else"
        )
        boss = other.id
    with transaction() as session:
        rows = session.scalars(sa.select(Decision).order_by(Decision.id)).all()
        assert [row.concerns_id for row in rows] == [taken.concerns_id, boss]
        assert rows[1].reason == "nobody at all"
        assert rows[1].concerns_id != taken.concerns_id


def test_key_made_in_what_was_undone_seals_nothing(database: str) -> None:
    with transaction() as session:
        one = Person(given_name="Zoë", family_name="Bo")
        session.add(one)
        session.flush()
        inner = session.begin_nested()
        vault.seal(session, one.id, "x|1", "lost")
        inner.rollback()
        kept, who = vault.seal(session, one.id, "x|1", "kept"), one.id
    with transaction() as session:
        assert vault.unseal(session, who, "x|1", kept) == "kept"


def test_answer_left_empty_later_leaves_no_sealed_text(database: str) -> None:
    confided.confide()
    with transaction() as session:
        given = session.scalars(sa.select(Response)).one()
        response.keep(
            session, given.request, form=given.form, version=1, language="nl", answers={"join": "no"},
            answered_on=given.answered_on,
        )  # fmt: skip
    assert confided.read()["answers"] == {"join": "no"}
    assert confided.columns()["response.sealed"] == ""
