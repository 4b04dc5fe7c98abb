"""The two applications, as mentor and as mentee, and the line manager's nominations (framework 1.5).

What the roster knows of somebody is not asked again: years of experience, job, department, site, reporting line,
interests (WCAG 3.3.7). Cultural background is not asked at all: nothing is done with it (LEG-28, MAT-Q06).
"""

from functools import partial

from framework.content.skills import LANGUAGES, SKILLS
from framework.people import Role
from framework.questions import Column, Kind, Ladder, Option, Question, Questionnaire, Section, When
from framework.visibility import Visibility

_ask = partial(Question, reads=Visibility.APPLICATION)
_if_joining = partial(_ask, when=When("join", ("yes",)))

LADDER = Ladder(due=21, remind=(7, 14), silence="Counted as not taking part this time; nobody is asked why.")

NEXT = (
    "Said yes? Once everybody has had time to answer, we choose, and you hear from us either way. Said no? That is all."
)

RELUCTANCE = (
    Option("RSK-R01", "I might no longer be the one who knows this best"),
    Option("RSK-R02", "I am worried about my job"),
    Option("RSK-R03", "Teaching others is not part of my job"),
    Option("RSK-R04", "There is nothing in return for the extra work"),
    Option("RSK-R05", "I am not sure what the management wants with this"),
    Option("RSK-R06", "I don't feel at ease when I have to speak to others"),
    Option("RSK-R07", "I am not sure that I know enough"),
    Option("RSK-R08", "I have never done it before"),
    Option("RSK-R09", "I would have to learn how to do it first"),
    Option("RSK-R10", "I may not be here much longer"),
    Option("RSK-R11", "I am afraid of looking foolish"),
    Option("RSK-R12", "It takes too much time"),
)

MOTIVES = (
    Option("DEF-Q01", "To draw on the experience, knowledge and contacts of somebody else"),
    Option("DEF-Q02", "To have somebody to try out my ideas on"),
    Option("DEF-Q03", "To be challenged in how I think"),
    Option("DEF-Q04", "To get clear what I want and what matters to me"),
    Option("DEF-Q05", "To get advice on my career"),
    Option("DEF-Q06", "To find my way in a new job, place or culture"),
    Option("DEF-Q07", "To understand how things really work here"),
    Option("DEF-Q08", "To see how leaders set their course"),
    Option("DEF-Q09", "To learn from somebody whose example I would like to follow"),
    Option("DEF-Q10", "To keep work and private life in balance"),
)

CHANNELS = (
    Option("in_person", "In person"),
    Option("online", "Online"),
    Option("both", "Both"),
)

TIMES = (
    Option("early", "Early in the morning"),
    Option("morning", "Before noon"),
    Option("lunch", "Over lunch"),
    Option("afternoon", "In the afternoon"),
    Option("evening", "In the evening"),
)

STYLES = (
    Option("direct", "Plain and direct"),
    Option("questions", "With many questions"),
    Option("steps", "Step by step, with something to do in between"),
    Option("coffee", "Loosely, over a coffee"),
    Option("doing", "By doing it together"),
)

_LANGUAGES = _if_joining(
    id="languages",
    ask="In which languages can you have a good talk?",
    kind=Kind.CHOICES,
    reads=Visibility.PROFILE,
    options=LANGUAGES,
    source="MAT-Q12",
)
_CHANNEL = _if_joining(
    id="channel",
    ask="How would you like to meet?",
    kind=Kind.CHOICE,
    options=CHANNELS,
    source="MAT-Q16",
)
_TIMES = _if_joining(
    id="times",
    ask="When in the day does it suit you to meet?",
    help="Tick all that can work, in an ordinary week.",
    kind=Kind.CHOICES,
    options=TIMES,
    required=False,
    source="MAT-Q13",
)
_STYLE = _if_joining(
    id="style",
    ask="How do you like to work with somebody?",
    help="Tick what suits you. A difference is no hindrance: people learn from it too.",
    kind=Kind.CHOICES,
    options=STYLES,
    required=False,
    source="MAT-Q07, MAT-Q08, MAT-Q09, MAT-22",
)
_LIMITS = _if_joining(
    id="limits",
    ask="Is there anything you would rather not do or talk about?",
    help="Only your coordinator reads this.",
    kind=Kind.LONG_TEXT,
    required=False,
    source="framework 1.5",
)
_MANAGER_KNOWS = _if_joining(
    id="manager_knows",
    ask="Have you talked about this with your line manager?",
    help="It is not a condition. Mentoring takes place in working time, so it is good to have talked about it.",
    kind=Kind.YES_NO,
    required=False,
    source="CAP-081",
)
_WORRIES = _if_joining(
    id="worries",
    ask="Is there anything that worries you, or that you would like to know?",
    kind=Kind.LONG_TEXT,
    required=False,
    source="RSK-R01..R12",
)
_PREFER = _if_joining(
    id="prefer",
    ask="Is there a colleague you would like to be paired with?",
    help=(
        "Type up to three names, first name and family name, with a comma between them. It is a wish and no promise. "
        "Only your coordinator reads it; your colleague is never told."
    ),
    kind=Kind.TEXT,
    reads=Visibility.REVIEW,
    required=False,
    source="MAT-Q14",
)
_AVOID = _if_joining(
    id="avoid",
    ask="Is there a colleague you would rather not be paired with?",
    help="Type a name. Only your coordinator reads it; your colleague is never told.",
    kind=Kind.TEXT,
    reads=Visibility.REVIEW,
    required=False,
    source="MAT-Q14",
)
_CONFLICTS = _if_joining(
    id="conflicts",
    ask="Is there a colleague with whom it would be a conflict of interest?",
    help=(
        "For example family, or somebody about whose pay or career you decide. "
        "Type names, with a comma between them. Only your coordinator reads it; your colleague is never told."
    ),
    kind=Kind.TEXT,
    reads=Visibility.REVIEW,
    required=False,
    source="CAP-105",
)
_VOLUNTARY = _if_joining(
    id="voluntary",
    ask="I take part because I want to. Nobody has pressed me.",
    kind=Kind.CONFIRM,
    source="REC-10",
)

MENTOR_APPLICATION = Questionnaire(
    id="mentor_application",
    title="Taking part as %(mentor)s",
    intro=(
        "We are looking for people who want to share what they have learned. "
        "Here you can say whether you would like to, and what you could offer. "
        "It is up to you: no is a good answer too. It takes about 10 minutes."
    ),
    phase="recruitment",
    by=Role.MENTOR,
    ladder=LADDER,
    sections=(
        Section(
            "Yes or no",
            (
                _ask(
                    id="join",
                    ask="Would you like to take part as %(mentor)s?",
                    kind=Kind.YES_NO,
                    source="REC-02",
                ),
                _ask(
                    id="decline_reason",
                    ask="What keeps you from taking part?",
                    help="You may leave this open. It is only ever counted, once ten people have answered.",
                    kind=Kind.CHOICE,
                    reads=Visibility.SPECIAL,  # what holds people back is sensitive (LEG-28)
                    options=RELUCTANCE,
                    required=False,
                    when=When("join", ("no",)),
                    source="RSK-R01..R12",
                ),
            ),
        ),
        Section(
            "What you can offer",
            (
                _if_joining(
                    id="motivation",
                    ask="What makes you want to do this?",
                    kind=Kind.LONG_TEXT,
                    source="REC-02",
                ),
                _if_joining(
                    id="topics",
                    ask="What can others learn from you?",
                    kind=Kind.CHOICES,
                    reads=Visibility.PROFILE,  # who may choose among mentors reads it (MAT-M03)
                    options=SKILLS,
                    source="MAT-Q01",
                ),
                _if_joining(
                    id="field",
                    ask="In which field can people ask you anything?",
                    help="For example: the older machines, the Spanish market, reading a balance sheet.",
                    kind=Kind.TEXT,
                    reads=Visibility.PROFILE,
                    required=False,
                    source="MAT-Q02",
                ),
                _if_joining(
                    id="role",
                    ask="How would you like to help?",
                    help="Tick all that you would like.",
                    kind=Kind.CHOICES,
                    options=(
                        Option("SEL-A", "Show new colleagues the way"),
                        Option("SEL-B", "Help somebody to learn a skill on the job"),
                        Option("SEL-C", "Help somebody to grow, in work and career"),
                    ),
                    required=False,
                    source="SEL-A..SEL-C",
                ),
                _LANGUAGES,
                _if_joining(
                    id="hours",
                    ask="How much time can you make?",
                    help="Count the talks as well as preparing for them.",
                    kind=Kind.NUMBER,
                    unit="hours a month",
                    source="MAT-Q13",
                ),
                _if_joining(
                    id="capacity",
                    ask="How many people would you like to guide at the same time?",
                    kind=Kind.CHOICE,
                    options=(Option("1", "One person"), Option("2", "Two people"), Option("3", "Three people")),
                    source="MAT-19",
                ),
                _if_joining(
                    id="mentored_before",
                    ask="Have you been part of a mentoring programme as %(mentor)s before?",
                    help="You don't need any experience.",
                    kind=Kind.YES_NO,
                    source="RSK-R08",
                ),
                _if_joining(
                    id="was_mentee",
                    ask="Has somebody ever guided you in this way?",
                    kind=Kind.YES_NO,
                    required=False,
                    source="CAP-074",
                ),
                _if_joining(
                    id="informal",
                    ask="Do colleagues come to you for advice already, without any programme?",
                    kind=Kind.YES_NO,
                    source="REC-04",
                ),
                _CHANNEL,
                _TIMES,
                _STYLE,
            ),
        ),
        Section(
            "Before you send",
            (
                _if_joining(
                    id="expectations",
                    ask="What do you expect of your %(mentee)s?",
                    kind=Kind.LONG_TEXT,
                    required=False,
                    source="MAT-Q15",
                ),
                _LIMITS,
                _WORRIES,
                _MANAGER_KNOWS,
                _PREFER,
                _AVOID,
                _CONFLICTS,
                _VOLUNTARY,
            ),
        ),
    ),
    version=4,
    next=NEXT,
    source="framework 1.5",
)

MENTEE_APPLICATION = Questionnaire(
    id="mentee_application",
    title="Taking part as %(mentee)s",
    intro=(
        "Somebody with more experience can help you on your way: with your work, your plans or your questions. "
        "Tell us whether you would like that, and what you want to learn. It is up to you. It takes about 10 minutes."
    ),
    phase="recruitment",
    by=Role.MENTEE,
    ladder=LADDER,
    sections=(
        Section(
            "Yes or no",
            (
                _ask(
                    id="join",
                    ask="Would you like to take part as %(mentee)s?",
                    kind=Kind.YES_NO,
                    source="REC-02",
                ),
            ),
        ),
        Section(
            "What you want to learn",
            (
                _if_joining(
                    id="motives",
                    ask="Why would you like this?",
                    kind=Kind.CHOICES,
                    options=MOTIVES,
                    source="DEF-Q01..Q10",
                ),
                _if_joining(
                    id="goal",
                    ask="What do you want to reach?",
                    kind=Kind.LONG_TEXT,
                    reads=Visibility.CONTENT,  # the mentor who is asked reads it (MAT-M04)
                    source="MAT-Q04",
                ),
                _if_joining(
                    id="competences",
                    ask="What would you like to become better at?",
                    kind=Kind.CHOICES,
                    reads=Visibility.CONTENT,
                    options=SKILLS,
                    source="SEL-05",
                ),
                _if_joining(
                    id="ambition",
                    ask="Where would you like to be in a few years?",
                    help="Not sure yet? Then leave this open.",
                    kind=Kind.LONG_TEXT,
                    required=False,
                    source="MAT-Q03",
                ),
            ),
        ),
        Section(
            "How you would like to meet",
            (
                _LANGUAGES,
                _CHANNEL,
                _TIMES,
                _STYLE,
                _if_joining(
                    id="expectations",
                    ask="What do you expect of your %(mentor)s?",
                    kind=Kind.LONG_TEXT,
                    required=False,
                    source="MAT-Q15",
                ),
            ),
        ),
        Section(
            "Before you send",
            (_LIMITS, _WORRIES, _MANAGER_KNOWS, _PREFER, _AVOID, _CONFLICTS, _VOLUNTARY),
        ),
    ),
    version=4,
    next=NEXT,
    source="framework 1.5",
)

NOMINATION = Questionnaire(
    id="nomination",
    title="Whom do you think of?",
    intro=(
        "You know your people, and see who helps others and who is eager to learn. "
        "Would you like to name somebody? You need not, and nobody is a fine answer. It takes 5 minutes."
    ),
    phase="recruitment",
    by=Role.LINE_MANAGER,
    ladder=Ladder(due=14, remind=(7,), silence="Nobody is nominated by this manager; nothing follows.", wakes=False),
    sections=(
        Section(
            "Your nominations",
            (
                _ask(
                    id="nominate",
                    ask="Is there somebody whom you would like to nominate?",
                    kind=Kind.YES_NO,
                    source="REC-03",
                ),
                _ask(
                    id="nominees",
                    ask="Whom, and why?",
                    help=(
                        "One line for each person. We ask each of them, and they decide. "
                        "They hear that a colleague thought of them: not who, and not what you write."
                    ),
                    kind=Kind.ROWS,
                    columns=(
                        Column("person", "Name or e-mail address", Kind.PERSON),
                        Column(
                            "role",
                            "As",
                            Kind.CHOICE,
                            (Option("mentor", "%(mentor)s"), Option("mentee", "%(mentee)s")),
                        ),
                        Column("why", "Why this person", Kind.TEXT),
                        Column(
                            "informal",
                            "Helps colleagues already",
                            Kind.CHOICE,
                            (Option("yes", "Yes"), Option("no", "No"), Option("unknown", "I don't know")),
                        ),
                    ),
                    most=10,
                    when=When("nominate", ("yes",)),
                    source="CAP-060, CAP-061, REC-04",
                ),
            ),
        ),
    ),
    next="We ask each person whom you named. Only those who say yes take part.",
    source="REC-M03",
)

FORMS: tuple[Questionnaire, ...] = (MENTOR_APPLICATION, MENTEE_APPLICATION, NOMINATION)
