"""Looking after the audit trail by itself: all of it each day, its end at every round of the watchdog (CAP-200)."""

from collections.abc import Iterator

from prefect.artifacts import create_markdown_artifact
from prefect.context import FlowRunContext

from framework.watch import MEANINGS, Finding
from models import audit
from models.base import rehearsed
from models.event import Head
from tasks.step import step

ARTIFACT = "audit-head"


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


def said(last: Head) -> str:
    """The end of the chain in words; a hash tells of nobody."""
    return f"The trail of who did what has **{last.place}** links. The mark of the last one:\n\n`{last.mark or 'none'}`"


def trail() -> Iterator[Finding]:
    """Whether the last anchor still holds: a look at two rows, whatever the length of the trail."""
    if fault := audit.glance():
        yield Finding("audit trail", "wrong", fault, MEANINGS["trail-broken"].do, "trail-broken", 1)
    else:
        yield Finding("audit trail", "ok", "its last anchor holds")
