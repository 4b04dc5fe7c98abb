"""The coordinator's own clock: what waits on the desk, a decision or a person, is an open question like any other."""

from framework.people import Role
from framework.questions import Kind, Ladder, Option, Question, Questionnaire, Section
from framework.visibility import Visibility

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

HELP_GIVEN = Questionnaire(
    id="help_given",
    title="Somebody asked for help",
    intro="Somebody wrote to you and waits to hear from you. Say here what was done, once the two of you have talked.",
    phase="programme",
    by=Role.COORDINATOR,
    ladder=Ladder(
        due=3650,
        remind=(),
        silence="It stays on the desk: framework/support.py reminds in working days, and the deputy hears of it.",
        wakes=False,
    ),
    sections=(
        Section(
            "What was done",
            (
                Question(
                    id="outcome",
                    ask="How did it go on?",
                    kind=Kind.CHOICE,
                    reads=Visibility.REVIEW,
                    options=(
                        Option("helped", "We talked, and that helped"),
                        Option("goes_on", "We talked, and I keep an eye on it"),
                        Option("passed_on", "Somebody else helps now, and they agreed to that"),
                        Option("withdrawn", "It is no longer needed"),
                    ),
                    source="CAP-153",
                ),
                Question(
                    id="note",
                    ask="Is there something to remember?",
                    kind=Kind.LONG_TEXT,
                    reads=Visibility.REVIEW,
                    help="Keep it short. The person may ask to see what stands here.",
                    required=False,
                    source="SUP-M04",
                ),
            ),
        ),
    ),
    source="CAP-153",
)

FORMS: tuple[Questionnaire, ...] = (DECISION, HELP_GIVEN)
