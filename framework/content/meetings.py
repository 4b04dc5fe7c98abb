"""Round every meeting: what the mentee prepares, what the pair notes afterwards, what the mentor keeps (SES).

The preparation and the log are read by the pair alone; the mentor's reflection by its writer alone (LEG-26).
"""

from framework.content.talks import MEDIA, TOPICS
from framework.people import Role
from framework.questions import Column, Kind, Ladder, Option, Question, Questionnaire, Section, When
from framework.visibility import Visibility

PERSONAL, PRIVATE = Visibility.PERSONAL, Visibility.PRIVATE

_YES, _NO = When("took_place", ("yes",)), When("took_place", ("no",))

MEETING_PREPARATION = Questionnaire(
    id="meeting_preparation",
    title="Prepare your meeting",
    intro=(
        "A few notes beforehand make a meeting twice as useful. Your %(mentor)s gets them before you meet, and nobody "
        "else reads them. It takes about 10 minutes; only the subject is needed."
    ),
    phase="meetings",
    by=Role.MENTEE,
    ladder=Ladder(due=5, remind=(), silence="The meeting simply takes place without it.", wakes=False),
    sections=(
        Section(
            "This meeting",
            (
                Question(
                    id="ses_f1",
                    ask="When do you meet?",
                    kind=Kind.DATE,
                    reads=PERSONAL,
                    required=False,
                    source="SES-F1",
                ),
                Question(
                    id="ses_f2",
                    ask="What would you like to talk about?",
                    kind=Kind.TEXT,
                    reads=PERSONAL,
                    source="SES-F2",
                ),
            ),
        ),
        Section(
            "Since the last meeting",
            (
                Question(
                    id="ses_f3",
                    ask="What did you set out to do after the last meeting?",
                    kind=Kind.LONG_TEXT,
                    reads=PERSONAL,
                    required=False,
                    source="SES-F3",
                ),
                Question(
                    id="ses_f4",
                    ask="What have you actually tried?",
                    kind=Kind.LONG_TEXT,
                    reads=PERSONAL,
                    help="Small things count too.",
                    required=False,
                    source="SES-F4",
                ),
                Question(
                    id="ses_f5",
                    ask="How did that feel?",
                    kind=Kind.LONG_TEXT,
                    reads=PERSONAL,
                    required=False,
                    source="SES-F5",
                ),
                Question(
                    id="ses_f6",
                    ask="What turned out well?",
                    kind=Kind.LONG_TEXT,
                    reads=PERSONAL,
                    required=False,
                    source="SES-F6",
                ),
                Question(
                    id="ses_f7",
                    ask="What was harder than you hoped?",
                    kind=Kind.LONG_TEXT,
                    reads=PERSONAL,
                    required=False,
                    source="SES-F7",
                ),
            ),
            intro="Is this your first meeting? Then skip this part.",
        ),
        Section(
            "You and your %(mentor)s",
            (
                Question(
                    id="ses_f8",
                    ask="What do you want to ask your %(mentor)s?",
                    kind=Kind.LONG_TEXT,
                    reads=PERSONAL,
                    required=False,
                    source="SES-F8",
                ),
                Question(
                    id="ses_f8b",
                    ask="Which remark of your %(mentor)s has stayed with you?",
                    kind=Kind.LONG_TEXT,
                    reads=PERSONAL,
                    required=False,
                    source="SES-F8",
                ),
            ),
        ),
    ),
    next="Your %(mentor)s gets your notes before you meet.",
    source="CAP-138",
)

MEETING_LOG = Questionnaire(
    id="meeting_log",
    title="How was your meeting?",
    intro=(
        "Tell us whether you met, and note what you take away from it. It takes about 5 minutes. "
        "Only you and your %(mentor)s read what you write. The coordinator sees how many meetings took place, "
        "and nothing of what was said."
    ),
    phase="meetings",
    by=Role.MENTEE,
    ladder=Ladder(
        due=10,
        remind=(4,),
        silence="The meeting counts as unconfirmed, and the coordinator sees how many such meetings there are.",
    ),
    sections=(
        Section(
            "The meeting",
            (
                Question(
                    id="took_place",
                    ask="Did the meeting take place?",
                    kind=Kind.YES_NO,
                    reads=PERSONAL,
                    source="SES-M06",
                ),
                Question(
                    id="held_on",
                    ask="On which day did you meet?",
                    kind=Kind.DATE,
                    reads=PERSONAL,
                    when=_YES,
                    source="CAP-137",
                ),
                Question(
                    id="minutes",
                    ask="How long did it last?",
                    kind=Kind.NUMBER,
                    reads=PERSONAL,
                    help="Five minutes are a meeting too.",
                    unit="minutes",
                    when=_YES,
                    source="CAP-144",
                ),
                Question(
                    id="medium",
                    ask="How did you talk to each other?",
                    kind=Kind.CHOICE,
                    reads=PERSONAL,
                    options=MEDIA,
                    when=_YES,
                    source="CAP-137",
                ),
                Question(
                    id="topics",
                    ask="What was it about?",
                    kind=Kind.CHOICES,
                    reads=PERSONAL,
                    help="Choose what fits, or add a subject of your own.",
                    options=TOPICS,
                    own=True,
                    when=_YES,
                    source="SES-06",
                ),
                Question(
                    id="initiated_by",
                    ask="Who took the first step for this meeting?",
                    kind=Kind.CHOICE,
                    reads=PERSONAL,
                    options=(
                        Option("mentor", "Your %(mentor)s"),
                        Option("mentee", "You did"),
                        Option("both", "Both of you"),
                    ),
                    when=_YES,
                    source="CAP-148",
                ),
                Question(
                    id="why_not",
                    ask="What came in between?",
                    kind=Kind.CHOICE,
                    reads=PERSONAL,
                    options=(
                        Option("ill", "One of us was ill"),
                        Option("busy", "There was too much work"),
                        Option("forgot", "It was forgotten"),
                        Option("postponed", "We put it off"),
                        Option("other", "Something else"),
                    ),
                    when=_NO,
                    source="SES-M06",
                ),
                Question(
                    id="new_date",
                    ask="When will you meet instead?",
                    kind=Kind.DATE,
                    reads=PERSONAL,
                    help="Leave this empty if you do not know yet.",
                    required=False,
                    when=_NO,
                    source="SES-M06",
                ),
            ),
        ),
        Section(
            "What you take away",
            (
                Question(
                    id="ses_e1",
                    ask="What was good about this meeting, and what made it so?",
                    kind=Kind.LONG_TEXT,
                    reads=PERSONAL,
                    required=False,
                    when=_YES,
                    source="SES-E1",
                ),
                Question(
                    id="ses_e2",
                    ask="What was less good, and where did that come from?",
                    kind=Kind.LONG_TEXT,
                    reads=PERSONAL,
                    required=False,
                    when=_YES,
                    source="SES-E2",
                ),
                Question(
                    id="ses_e3",
                    ask="What have you learned?",
                    kind=Kind.LONG_TEXT,
                    reads=PERSONAL,
                    help="One sentence is enough.",
                    when=_YES,
                    source="SES-E3",
                ),
                Question(
                    id="ses_e4",
                    ask="What will the two of you change next time?",
                    kind=Kind.LONG_TEXT,
                    reads=PERSONAL,
                    required=False,
                    when=_YES,
                    source="SES-E4",
                ),
                Question(
                    id="agreements",
                    ask="What did you agree to do before the next meeting?",
                    kind=Kind.ROWS,
                    reads=PERSONAL,
                    help="One thing a line.",
                    columns=(
                        Column("what", "What", Kind.TEXT),
                        Column(
                            "who",
                            "Who",
                            Kind.CHOICE,
                            (
                                Option("mentee", "%(mentee)s"),
                                Option("mentor", "%(mentor)s"),
                                Option("both", "Both of you"),
                            ),
                        ),
                        Column("by", "By when", Kind.DATE),
                    ),
                    most=6,
                    required=False,
                    when=_YES,
                    source="SES-04, CAP-137",
                ),
                Question(
                    id="advice_helped",
                    ask="Has earlier advice of your %(mentor)s been of use to you? In what way?",
                    kind=Kind.LONG_TEXT,
                    reads=PERSONAL,
                    help="It does people good to hear that they have helped.",
                    required=False,
                    when=_YES,
                    source="CAP-147, SEL-PM11",
                ),
            ),
            intro="This part is for meetings that took place.",
        ),
    ),
    version=2,
    next="Your %(mentor)s can read your notes. Take what you agreed with you to the next meeting.",
    source="CAP-137",
)

MENTOR_REFLECTION = Questionnaire(
    id="mentor_reflection",
    title="Your own notes on the meeting",
    intro=(
        "A quiet moment to look back on how you did as %(mentor)s. These notes are yours alone: nobody else can read "
        "them. They take about 10 minutes, and you may leave them out."
    ),
    phase="meetings",
    by=Role.MENTOR,
    ladder=Ladder(
        due=14, remind=(), silence="Nothing: these notes are the mentor's own, and writing them is free.", wakes=False
    ),
    sections=(
        Section(
            "The meeting",
            (
                Question(
                    id="ses_g1",
                    ask="When did you meet?",
                    kind=Kind.DATE,
                    reads=PRIVATE,
                    required=False,
                    source="SES-G1",
                ),
                Question(
                    id="ses_g2",
                    ask="What was the main subject?",
                    kind=Kind.TEXT,
                    reads=PRIVATE,
                    source="SES-G2",
                ),
            ),
        ),
        Section(
            "Looking back",
            (
                Question(
                    id="ses_g3",
                    ask="What did you hope to achieve with your %(mentee)s this time?",
                    kind=Kind.LONG_TEXT,
                    reads=PRIVATE,
                    required=False,
                    source="SES-G3",
                ),
                Question(
                    id="ses_g4",
                    ask="Which approach did you try out?",
                    kind=Kind.LONG_TEXT,
                    reads=PRIVATE,
                    required=False,
                    source="SES-G4",
                ),
                Question(
                    id="ses_g5",
                    ask="What did you do yourself, and how was that for you?",
                    kind=Kind.LONG_TEXT,
                    reads=PRIVATE,
                    required=False,
                    source="SES-G5",
                ),
                Question(
                    id="ses_g6",
                    ask="What turned out well?",
                    kind=Kind.LONG_TEXT,
                    reads=PRIVATE,
                    required=False,
                    source="SES-G6",
                ),
                Question(
                    id="ses_g7",
                    ask="What would you rather have done differently?",
                    kind=Kind.LONG_TEXT,
                    reads=PRIVATE,
                    required=False,
                    source="SES-G7",
                ),
                Question(
                    id="ses_g8",
                    ask="What would you like to ask other %(mentors)s when you compare notes?",
                    kind=Kind.LONG_TEXT,
                    reads=PRIVATE,
                    help="You decide what you share with them. Leave out names.",
                    required=False,
                    source="SES-G8",
                ),
            ),
        ),
    ),
    next="Your notes are kept for you alone. You can take them to a meeting with other %(mentors)s.",
    source="CAP-139",
)

PREPARATION_SHARED = Questionnaire(
    id="preparation_shared",
    title="Your %(mentee)s has prepared the meeting",
    intro="These notes were written for you alone. A minute of reading makes the talk better; nobody else sees them.",
    phase="meetings",
    by=Role.MENTOR,
    ladder=Ladder(due=7, remind=(), silence="The notes were there to be read; nothing follows.", wakes=False),
    sections=(
        Section(
            "The notes",
            (
                Question(
                    id="read",
                    ask="I have read the notes.",
                    kind=Kind.CONFIRM,
                    reads=PERSONAL,
                    source="SES-M03",
                ),
            ),
        ),
    ),
    next="Enjoy the meeting.",
    source="CAP-138",
)

TOOK_PLACE_MENTEE = Questionnaire(
    id="took_place_mentee",
    title="Did you meet?",
    intro=(
        "A talk was planned for you. We only want to know whether it took place, not what was said. "
        "Only the coordinator reads your answer. It takes half a minute."
    ),
    phase="meetings",
    by=Role.MENTEE,
    ladder=Ladder(
        due=7,
        remind=(3,),
        escalate=5,
        silence="The talk counts as unconfirmed, and the coordinator asks how it stands.",
    ),
    sections=(
        Section(
            "The talk",
            (
                Question(
                    id="took_place",
                    ask="Did the talk take place?",
                    kind=Kind.CHOICE,
                    reads=Visibility.REVIEW,
                    options=(
                        Option("yes", "Yes"),
                        Option("no", "No"),
                        Option("moved", "It has been moved to another day"),
                    ),
                    source="CAP-165",
                ),
                Question(
                    id="new_date",
                    ask="To which day?",
                    kind=Kind.DATE,
                    reads=Visibility.REVIEW,
                    help="Leave this empty if you do not know yet.",
                    required=False,
                    when=When("took_place", ("moved",)),
                    source="SES-M06",
                ),
            ),
        ),
    ),
    next="If the talk did not take place, we help to find a new day. Nobody is blamed.",
    source="CAP-165",
)

FORMS: tuple[Questionnaire, ...] = (
    MEETING_PREPARATION,
    PREPARATION_SHARED,
    MEETING_LOG,
    MENTOR_REFLECTION,
    TOOK_PLACE_MENTEE,
)
