"""Training: two curricula (TRN-N01 to N11, TRN-G01 to G14), enrolment in a date, and what it was worth (CAP-114)."""

from dataclasses import dataclass

from framework.people import Role
from framework.questions import Kind, Ladder, Option, Question, Questionnaire, Section, When
from framework.visibility import Track, Visibility


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
                        reads=Visibility.CARE,  # may tell of somebody's health: the coordinator alone (LEG-28)
                        required=False,
                        source="TRN-08",
                    ),
                ),
            ),
        ),
        version=2,
        next="You are expected on the date you chose. Before it comes, we remind you.",
        source="TRN-M01",
    )


TRAINING_ENROLMENT_MENTOR = _enrolment(
    "training_enrolment_mentor",
    Role.MENTOR,
    "Training for %(mentors)s",
    "Before you begin, we prepare you well. "
    "You hear what your role is, how to hold a good talk, and which forms you use. "
    "Choose a date that suits you. It takes 2 minutes.",
)
TRAINING_ENROLMENT_MENTEE = _enrolment(
    "training_enrolment_mentee",
    Role.MENTEE,
    "Training for %(mentees)s",
    "Before you begin, we tell you how to get the most out of it. "
    "You hear what you may expect, and what is expected of you. "
    "Choose a date that suits you. It takes 2 minutes.",
)


def _topic(topic: Topic) -> Question:
    """How much one subject has helped; open where somebody missed that part."""
    return Question(
        id=topic.id.lower().replace("-", "_"),
        ask=topic.title,
        kind=Kind.SCALE,
        reads=Visibility.PROGRAMME,
        low="Of no use to me",
        high="Of great use to me",
        required=False,
        source=topic.id,
    )


_WHOLE = Section(
    "The training as a whole",
    (
        Question(
            id="length",
            ask="How was the length?",
            kind=Kind.CHOICE,
            reads=Visibility.PROGRAMME,
            options=(Option("short", "Too short"), Option("right", "Just right"), Option("long", "Too long")),
            source="TRN-04",
        ),
        Question(
            id="online",
            ask="Was a part of it online, and how well did that work for you?",
            kind=Kind.SCALE,
            reads=Visibility.PROGRAMME,
            low="Very badly",
            high="Very well",
            help="If nothing was online, leave this open.",
            required=False,
            source="TRN-06",
        ),
        Question(
            id="missed",
            ask="What was missing?",
            kind=Kind.LONG_TEXT,
            reads=Visibility.PROGRAMME,
            help="A subject, an exercise, time for questions: whatever comes to mind.",
            required=False,
            source="TRN-M07",
        ),
    ),
)
_AND_YOU = Section(
    "And you?",
    (
        Question(
            id="ready",
            ask="Are you ready to begin?",
            kind=Kind.CHOICE,
            reads=Visibility.REVIEW,
            options=(Option("yes", "Yes"), Option("nearly", "Nearly"), Option("not_yet", "Not yet")),
            source="TRN-M07",
        ),
        Question(
            id="needs",
            ask="What would help you to begin?",
            kind=Kind.LONG_TEXT,
            reads=Visibility.REVIEW,
            when=When("ready", ("nearly", "not_yet")),
            required=False,
            source="TRN-08",
        ),
        Question(
            id="worries",
            ask="What questions or worries do you still have?",
            kind=Kind.LONG_TEXT,
            reads=Visibility.REVIEW,
            required=False,
            source="TRN-03",
        ),
    ),
    intro="Only the coordinator reads this part.",
)


def _evaluation(name: str, by: Role, curriculum: tuple[Topic, ...]) -> Questionnaire:
    """What a training was worth to somebody, subject by subject (CAP-114); the same but for the curriculum."""
    topics = tuple(_topic(one) for one in curriculum if by is Role.MENTOR or not one.mentors_only)
    return Questionnaire(
        id=name,
        title="How was the training?",
        intro=(
            "You have followed the training. Your answers make the next one better, and tell us whether you have what "
            "you need. It takes about 4 minutes."
        ),
        phase="training",
        by=by,
        ladder=Ladder(
            due=10, remind=(5,), silence="Nothing: the training counts as followed, with or without it.", wakes=False
        ),
        sections=(
            Section(
                "Subject by subject",
                topics,
                intro="How useful was each of these to you? Leave open what you did not follow.",
            ),
            _WHOLE,
            _AND_YOU,
        ),
        next="If you are not ready yet, or have a question, the coordinator contacts you.",
        source="CAP-114",
    )


EVALUATION_OF: dict[tuple[Track, Role], str] = {
    (Track.GROWTH, Role.MENTOR): "training_evaluation_mentor",
    (Track.GROWTH, Role.MENTEE): "training_evaluation_mentee",
    (Track.NEW_HIRE, Role.MENTOR): "training_evaluation_mentor_new_hire",
}
"""The evaluation that fits the curriculum somebody followed; a new hire follows none (TRN-01)."""

FORMS: tuple[Questionnaire, ...] = (
    TRAINING_ENROLMENT_MENTOR,
    TRAINING_ENROLMENT_MENTEE,
    _evaluation("training_evaluation_mentor", Role.MENTOR, CURRICULUM_G),
    _evaluation("training_evaluation_mentee", Role.MENTEE, CURRICULUM_G),
    _evaluation("training_evaluation_mentor_new_hire", Role.MENTOR, CURRICULUM_N),
)
