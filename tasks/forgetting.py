"""What is not kept: what somebody typed and never sent, and counters of who tried what."""

from datetime import date, timedelta

from framework.retention import DRAFT_DAYS
from models import attempt, draft, installation
from models.base import transaction
from tasks.step import step

ATTEMPT_DAYS = 1


@step
def forget_stale(today: date) -> dict[str, int]:
    """Drop drafts of more than 90 days, and the counters of tries of more than a day; how many of each."""
    with transaction() as session:
        drafts = draft.drop_before(session, today - timedelta(days=DRAFT_DAYS))
        before = installation.now() - timedelta(days=ATTEMPT_DAYS)
        return {"drafts": drafts, "attempts": attempt.forget(session, int(before.timestamp()))}
