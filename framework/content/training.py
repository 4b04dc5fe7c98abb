"""Training: enrolment in one of the dates, and the two curricula (framework 1.8; TRN-N01 to N11, TRN-G01 to G14)."""

from dataclasses import dataclass

from framework.people import Role
from framework.questions import Kind, Ladder, Question, Questionnaire, Section
from framework.visibility import Visibility


@dataclass(frozen=True, slots=True)
class Topic:
    """One subject of a course. `id` is the framework's; `mentors_only` where mentees don't follow it."""

    id: str
    title: str
    mentors_only: bool = False


CURRICULUM_N: tuple[Topic, ...] = (
    Topic("TRN-N01", "Mentoring for new colleagues", mentors_only=True),
    Topic("TRN-N02", "What your role is", mentors_only=True),
    Topic("TRN-N03", "What new colleagues hope for when they start here", mentors_only=True),
    Topic("TRN-N04", "What helps and what doesn't when you show somebody round", mentors_only=True),
    Topic("TRN-N05", "Setting learning goals, and following the training plan", mentors_only=True),
    Topic("TRN-N06", "How to teach a skill", mentors_only=True),
    Topic("TRN-N07", "How people learn: your own way and that of others", mentors_only=True),
    Topic("TRN-N08", "Coaching, starting from what goes well", mentors_only=True),
    Topic("TRN-N09", "Different ways of thinking, and how to work well together", mentors_only=True),
    Topic("TRN-N10", "Having influence without being the boss", mentors_only=True),
    Topic("TRN-N11", "Dealing with difficult behaviour", mentors_only=True),
)

CURRICULUM_G: tuple[Topic, ...] = (
    Topic("TRN-G01", "What mentoring is, and what it is not"),
    Topic("TRN-G02", "Looking back on the mentoring you have known yourself"),
    Topic("TRN-G03", "The assumptions we make"),
    Topic("TRN-G04", "What this programme is for"),
    Topic("TRN-G05", "Who does what, and who answers for what"),
    Topic("TRN-G06", "What it takes to do well as %(mentor)s or as %(mentee)s"),
    Topic("TRN-G07", "How mentoring goes, from the first talk to the last"),
    Topic("TRN-G08", "Building a good relation, taking stock and rounding off"),
    Topic("TRN-G09", "What you agree with each other"),
    Topic("TRN-G10", "Techniques: coaching, clear learning goals, ways of learning, your own style of talking"),
    Topic("TRN-G11", "Practising the talks that you will often have", mentors_only=True),
    Topic("TRN-G12", "The forms and guides that you will use"),
    Topic("TRN-G13", "What everybody gains: you, the other and %(company)s"),
    Topic("TRN-G14", "When things go wrong, and what to watch out for"),
)

LADDER = Ladder(
    due=7, remind=(3, 5), escalate=6, silence="Enrolled in the last session; the person may change that afterwards."
)


def _enrolment(name: str, by: Role, title: str, intro: str) -> Questionnaire:
    """The form with which somebody chooses a date; the dates are filled in with each request."""
    return Questionnaire(
        id=name,
        title=title,
        intro=intro,
        phase="training",
        by=by,
        ladder=LADDER,
        sections=(
            Section(
                "When",
                (
                    Question(
                        id="session",
                        ask="Which date suits you?",
                        help="If you don't choose, we put you down for the last date. You can still change that.",
                        kind=Kind.CHOICE,
                        reads=Visibility.PROGRAMME,
                        source="TRN-M01",
                    ),
                ),
            ),
            Section(
                "What we should know",
                (
                    Question(
                        id="worries",
                        ask="What questions or worries do you have?",
                        help="They go to the trainer without your name.",
                        kind=Kind.LONG_TEXT,
                        reads=Visibility.PROGRAMME,
                        required=False,
                        source="TRN-03",
                    ),
                    Question(
                        id="needs",
                        ask="Is there anything you need to take part?",
                        help="For example a room without steps, a diet or another language.",
                        kind=Kind.LONG_TEXT,
                        reads=Visibility.APPLICATION,  # may tell of somebody's health: the coordinator alone (LEG-28)
                        required=False,
                        source="TRN-08",
                    ),
                ),
            ),
        ),
        next="You are expected on the date you chose. Before it comes, we remind you.",
        source="TRN-M01",
    )


TRAINING_ENROLMENT_MENTOR = _enrolment(
    "training_enrolment_mentor",
    Role.MENTOR,
    "Training for %(mentors)s",
    "Before you begin, we prepare you well: what your role is, how to hold a good talk, and which forms you use. "
    "Choose a date that suits you. It takes 2 minutes.",
)
TRAINING_ENROLMENT_MENTEE = _enrolment(
    "training_enrolment_mentee",
    Role.MENTEE,
    "Training for %(mentees)s",
    "Before you begin, we tell you how to get the most out of it: what you may expect, and what is expected of you. "
    "Choose a date that suits you. It takes 2 minutes.",
)

FORMS: tuple[Questionnaire, ...] = (TRAINING_ENROLMENT_MENTOR, TRAINING_ENROLMENT_MENTEE)
