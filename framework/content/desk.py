"""The coordinator's own clock: a decision that waits on the desk is an open question like any other."""

from framework.people import Role
from framework.questions import Ladder, Questionnaire

DECISION = Questionnaire(
    id="decision",
    title="Decisions on your desk",
    intro="Something on your desk waits for your decision.",
    phase="programme",
    by=Role.COORDINATOR,
    ladder=Ladder(
        due=21,
        remind=(3, 7, 14),
        escalate=10,
        silence="The deputy gets a desk link too; the phase waits, since nobody but a person decides.",
    ),
    sections=(),
)

FORMS: tuple[Questionnaire, ...] = (DECISION,)
