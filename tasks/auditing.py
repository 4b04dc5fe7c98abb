"""Looking after the audit trail by itself: all of it each day, its end at every round of the watchdog (CAP-200)."""

from collections.abc import Iterator
from uuid import uuid4

from prefect.artifacts import create_markdown_artifact
from prefect.context import FlowRunContext

from framework.watch import HEAD_AGAIN, MEANINGS, Finding
from models import audit, event, watch
from models.base import reading, rehearsed, transaction
from models.event import Head
from models.installation import now
from notifications.emails.operating import TrailHead
from tasks.operator_mail import post
from tasks.step import step

ARTIFACT = "audit-head"
MAILED, SECONDS = "audit-head", 300.0  # the round of this mail, and how long one may take


@step
def inspect_trail() -> str:
    """Look along the whole chain and at its anchors; why it does not hold, in a line, or empty where it does."""
    found = audit.verify()
    return "" if found.holds else f"from link {found.place} on: {found.fault}"


@step
def anchor_head() -> int:
    """Write down outside the database where the chain ends: in a file, and in Prefect; the number of its last link."""
    last, _ = audit.keep_head()
    if FlowRunContext.get() is not None and rehearsed() is None:
        create_markdown_artifact(said(last), key=ARTIFACT, description="Where the audit trail ends")
    return last.place


@step
def mail_head() -> int:
    """Once a week the operator gets the end of the chain by mail, to keep outside the machine; how many mails went.

    A week in which the mail could not go is made up for at the next run.
    """
    token = uuid4().hex
    with transaction() as session:
        last = watch.last_rounds(session).get(MAILED)
        due = last is None or now() - last >= HEAD_AGAIN
        if not due or not watch.claim(session, MAILED, token, seconds=SECONDS, now=now()):
            return 0
    with reading() as session:
        end = event.head(session)
    sent = end.place > 0 and post(
        lambda _, name: TrailHead(given_name=name, place=end.place, mark=end.mark), f"{end} {now().date()}"
    )
    with transaction() as session:
        watch.end(session, MAILED, token, now=now(), well=sent)
    return int(sent)


def said(last: Head) -> str:
    """The end of the chain in words; a hash tells of nobody."""
    return f"The trail of who did what has **{last.place}** links. The mark of the last one:\n\n`{last.mark or 'none'}`"


def trail() -> Iterator[Finding]:
    """Whether the last anchor still holds: a look at two rows, whatever the length of the trail."""
    if fault := audit.glance():
        yield Finding("audit trail", "wrong", fault, MEANINGS["trail-broken"].do, "trail-broken", 1)
    else:
        yield Finding("audit trail", "ok", "its last anchor holds")
