"""The questionnaires, checklists, profiles and curricula: data, one file a subject, ids as in the framework.

`FORMS` finds every questionnaire by its id. A new question is one entry in one file; its translations are one entry in
each language's catalogue (a test says which is missing).
"""

from framework.content import (
    agreement,
    closure,
    desk,
    evaluation,
    matching,
    meetings,
    readiness,
    recruitment,
    review,
    selection,
    standing,
    training,
)
from framework.questions import Questionnaire

_SUBJECTS = (
    readiness,
    recruitment,
    selection,
    matching,
    training,
    agreement,
    meetings,
    review,
    closure,
    evaluation,
    standing,
    desk,
)
FORMS: dict[str, Questionnaire] = {form.id: form for subject in _SUBJECTS for form in subject.FORMS}
