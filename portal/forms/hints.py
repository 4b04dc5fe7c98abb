"""A private hint beside a meeting's log: a chosen subject is one that the two agreed to leave out (REL-C04, CAP-146).

It is worked out while the page is made, for the one who fills it in, and is kept nowhere.
"""

from framework.content import FORMS
from framework.meetings import left_out
from framework.visibility import may_read
from models import response
from portal.forms.so_far import SoFar
from portal.visit import pair_of

LOG, TOPICS = "meeting_log", "topics"
CONTRACT, EXCLUDED = "growth_contract", "rel_c04"


def excluded(so_far: SoFar) -> list[str]:
    """The subjects chosen in this log, in the reader's words, that the pair leaves out; only what may be shown now."""
    here, visit = so_far.here, so_far.here.visit
    if visit.form.id != LOG or TOPICS in so_far.hidden:
        return []
    pair = pair_of(here.session, visit.request.about)
    asked = next(q for q in FORMS[CONTRACT].questions if q.id == EXCLUDED)
    if pair is None or not may_read(visit.writer, asked.reads, visit.programme.track):
        return []
    where = visit.request.programme_id
    given = response.of_programme(here.session, where, CONTRACT, about=f"pairing:{pair.id}")
    agreed = str(given[-1].answers.get(EXCLUDED, "")) if given else ""
    return left_out(agreed, _chosen(so_far))


def _chosen(so_far: SoFar) -> list[str]:
    question = next(q for q in so_far.form.questions if q.id == TOPICS)
    picked = so_far.typed.get(TOPICS, [])
    own = [line for text in so_far.typed.get(f"{TOPICS}.own", []) for line in text.splitlines() if line.strip()]
    page = so_far.here.visit.page
    return [page.worded(option.label) for option in question.options if option.id in picked] + own
