"""The forms that stand open the whole time: a call for help, and a word about the programme (CAP-153, CAP-173).

Nobody is asked these; somebody opens them. A call for help is read by the coordinator alone. What one thinks of the
programme is read by the coordinator and the project team, with a name only where its writer says so.
"""

from framework.people import Role
from framework.questions import Kind, Ladder, Option, Question, Questionnaire, Section
from framework.visibility import Visibility

REVIEW, PROGRAMME = Visibility.REVIEW, Visibility.PROGRAMME

TROUBLES: tuple[Option, ...] = (
    Option("how_to", "I don't know how to begin, or how to go on"),
    Option("contact", "We don't get to meet, or the other does not answer"),
    Option("relation", "It is not going well between us"),
    Option("trust", "Something told in confidence was passed on"),
    Option("misuse", "Mentoring is being used for something else"),
    Option("time", "I don't have the time for it"),
    Option("heavy", "Something heavy has come up, at work or at home"),
    Option("other", "Something else"),
)
"""What help can be asked for (RSK-03 to RSK-10, SUP-08); the words tell more."""

URGENCY: tuple[Option, ...] = (
    Option("today", "Today, if at all possible"),
    Option("this_week", "This week"),
    Option("can_wait", "It can wait a little"),
)
"""How soon somebody hopes to be heard (CAP-153)."""

HELP_REQUEST = Questionnaire(
    id="help_request",
    title="Asking for help",
    intro=(
        "Is something not going well, or are you at a loss? Tell us, however small it is. "
        "Only the coordinator reads this. It takes 2 minutes. "
        "Are you or is somebody else in danger? Then call the emergency services first."
    ),
    phase="meetings",
    by=Role.MENTEE,
    ladder=Ladder(
        due=7, remind=(), silence="Nothing: nobody is asked to fill this in, it is there to be opened.", wakes=False
    ),
    sections=(
        Section(
            "What it is about",
            (
                Question(
                    id="about",
                    ask="Which of these comes closest?",
                    kind=Kind.CHOICE,
                    reads=REVIEW,
                    options=TROUBLES,
                    source="CAP-153",
                ),
                Question(
                    id="what",
                    ask="What would you like to tell us?",
                    kind=Kind.LONG_TEXT,
                    reads=REVIEW,
                    help="You may also leave this open and tell it in a talk.",
                    required=False,
                    source="CAP-153",
                ),
                Question(
                    id="concerns_pair",
                    ask="Is it about the two of you who meet?",
                    kind=Kind.YES_NO,
                    reads=REVIEW,
                    help="Either way, the other one hears nothing of this unless you agree.",
                    source="SUP-M04",
                ),
            ),
        ),
        Section(
            "How we can reach you",
            (
                Question(
                    id="urgent",
                    ask="How soon do you need us?",
                    kind=Kind.CHOICE,
                    reads=REVIEW,
                    options=URGENCY,
                    source="CAP-153",
                ),
                Question(
                    id="reach",
                    ask="How do you like to be reached?",
                    kind=Kind.TEXT,
                    reads=REVIEW,
                    help="For example a phone number, and when you can talk. Leave it open if an e-mail is fine.",
                    required=False,
                    source="CAP-153",
                ),
            ),
        ),
    ),
    thanks="Thank you for telling us. The coordinator has received your request.",
    next="The coordinator contacts you. Nothing is done about it before the two of you have talked.",
    source="CAP-153",
)

PROGRAMME_FEEDBACK = Questionnaire(
    id="programme_feedback",
    title="What you think of the programme",
    intro=(
        "A compliment, a complaint, an idea: you can tell us at any time. "
        "The coordinator and the project team read it. In reports there is never a name. It takes 2 minutes."
    ),
    phase="evaluation",
    by=Role.MENTEE,
    ladder=Ladder(
        due=7, remind=(), silence="Nothing: nobody is asked to fill this in, it is there to be opened.", wakes=False
    ),
    sections=(
        Section(
            "Your message",
            (
                Question(
                    id="kind",
                    ask="What kind of message is it?",
                    kind=Kind.CHOICE,
                    reads=PROGRAMME,
                    options=(
                        Option("good", "Something that goes well"),
                        Option("better", "Something that could be better"),
                        Option("idea", "An idea"),
                        Option("question", "A question"),
                    ),
                    source="REV-07",
                ),
                Question(
                    id="what",
                    ask="What do you want to say about the programme?",
                    kind=Kind.LONG_TEXT,
                    reads=PROGRAMME,
                    help=(
                        "Write about the programme, not about a person. "
                        "Is there something between you and somebody else? Then ask for help instead."
                    ),
                    source="CAP-173",
                ),
                Question(
                    id="named",
                    ask="May your name stand beside it?",
                    kind=Kind.YES_NO,
                    reads=PROGRAMME,
                    help="If you say no, your words are shown without your name. We can then not answer you in person.",
                    source="REV-07",
                ),
            ),
        ),
    ),
    thanks="Thank you. Your message has been received.",
    next="What we change because of such messages, we tell everybody who takes part.",
    source="CAP-173",
)

FORMS: tuple[Questionnaire, ...] = (HELP_REQUEST, PROGRAMME_FEEDBACK)
