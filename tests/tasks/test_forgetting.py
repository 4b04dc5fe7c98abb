"""Drafts that nobody sent, and counters of tries, are not kept."""

from datetime import timedelta

import sqlalchemy as sa

from models import attempt, draft, installation
from models.attempt import Attempt
from models.base import transaction
from models.draft import Draft
from tasks.forgetting import DRAFT_DAYS, forget_stale
from tests.models.rows import TODAY, ground, question


def test_old_drafts_and_tries_go_and_newer_ones_stay(database: str) -> None:
    programme_id, who = ground()
    clock = installation.now().timestamp()
    with transaction() as session:
        for key, days in (("old", DRAFT_DAYS + 1), ("new", DRAFT_DAYS)):
            asked = question(session, programme_id, who, key)
            draft.save(session, asked, {"goal": [key]}, TODAY - timedelta(days=days))
        for hours in (50, 1):
            assert attempt.within(session, "post", "somebody", most=1, seconds=60, at=clock - hours * 3600)
    assert forget_stale.fn(TODAY) == {"drafts": 1, "attempts": 1}
    assert forget_stale.fn(TODAY) == {"drafts": 0, "attempts": 0}
    with transaction() as session:
        [left] = session.scalars(sa.select(Draft))
        assert left.told == {"goal": ["new"]}
        assert session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 1
