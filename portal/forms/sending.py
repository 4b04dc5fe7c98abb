"""The moment of sending: the answer is kept and the draft goes, in one transaction, however often it is sent."""

from starlette.responses import Response

from models import draft
from portal import answers
from portal.forms.so_far import SoFar


def send_now(so_far: SoFar) -> Response:
    """Keep what holds, and go on to the receipt; what was sent already is not written twice."""
    here, visit = so_far.here, so_far.here.visit
    if not visit.answered or so_far.reading.answers != visit.answers:
        answers.keep(
            here.session,
            visit.request,
            visit.form,
            so_far.reading.answers,
            language=visit.page.language,
            today=visit.today,
        )
    draft.drop(here.session, visit.request.id)
    return here.to("/done")
