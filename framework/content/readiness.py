"""The readiness survey, which asks whether this is the place and the moment for mentoring.

Source: RDY-Q01 to Q14, Checklist 1 (RDY-C1), Checklist 2 (RDY-C2), RDY-D1 to D5. The order is
appreciative: first what we want, then where we are, what works, the next step and our strengths (RDY-07).
"""

from functools import partial

from framework.people import Role
from framework.questions import Kind, Ladder, Option, Question, Questionnaire, Section, When
from framework.visibility import Visibility

_ask = partial(Question, reads=Visibility.PROGRAMME)
_text = partial(_ask, kind=Kind.LONG_TEXT)
_needs = partial(_ask, kind=Kind.PRIORITIES, own=True, required=False)
_activities = partial(_ask, kind=Kind.CHOICES, own=True, required=False)


def _options(prefix: str, *labels: str, first: int = 1, width: int = 1) -> tuple[Option, ...]:
    """Options numbered from `first`, their ids the framework's: prefix and number, of at least `width` digits."""
    return tuple(Option(f"{prefix}{number:0{width}}", label) for number, label in enumerate(labels, first))


UNDERSTANDING = Section(
    "What people know",
    (
        _ask(
            id="q04",
            ask="Do people here understand what mentoring is?",
            kind=Kind.CHOICE,
            options=(Option("yes", "Yes"), Option("partly", "Partly"), Option("no", "No")),
            source="RDY-Q04",
        ),
        _ask(
            id="q04_own",
            ask="How would you explain mentoring to a colleague, in one line?",
            kind=Kind.TEXT,
            required=False,
            source="RDY-Q04",
        ),
        _text(
            id="q05",
            ask="Why would mentoring be good for us?",
            help="Think of what it could add for people and for %(company)s.",
            source="RDY-Q05",
        ),
    ),
)

VISION = Section(
    "Where we want to go",
    (
        _text(id="q06", ask="What do we want to reach with mentoring?", source="RDY-Q06"),
        _ask(
            id="q07",
            ask="How far along are we today?",
            kind=Kind.SCALE,
            low="Still at the start",
            high="Nearly there",
            source="RDY-Q07",
        ),
        _text(id="q08", ask="What works well already?", required=False, source="RDY-Q08"),
        _text(id="q09", ask="What could be our next small step?", required=False, source="RDY-Q09"),
        _text(
            id="q10",
            ask="Which of our strengths can help us get there?",
            required=False,
            source="RDY-Q10",
        ),
    ),
    intro="Start from what goes well. A few words for each question are enough.",
)

CHECKLIST_1 = Section(
    "What we need",
    (
        _needs(
            id="c1_a",
            ask="Finding, placing and keeping people",
            options=_options(
                "RDY-C1-a",
                "New colleagues feel at home sooner and share our values",
                "More certainty that a person and our organisation suit each other",
                "Being able to welcome many new colleagues at once",
                "Temporary and seasonal staff are up to speed sooner",
                "A better view of what people find hard here",
                "Richer jobs, with a fresh challenge for those who have lost their drive",
                "New and experienced colleagues stay longer",
                "Experienced colleagues can move up",
            ),
            source="RDY-C1-a",
        ),
        _needs(
            id="c1_b",
            ask="Skills and know-how",
            options=_options(
                "RDY-C1-b",
                "New colleagues start at a higher level, with less distance between school and work",
                "Younger and older colleagues talk with each other",
                "People learn faster",
                "Experienced colleagues hold back less when it comes to sharing what they know",
                "Skills that are hard to explain get passed on more easily",
                "Guidance for people whose job changes a lot",
                "More people can take on several tasks or roles",
                "Know-how and craft are found, written down, kept safe and built on",
                "More real learning about what matters in our own company",
                "Finding talent that nobody has noticed yet",
                "Talented people move on well, and we keep an eye on how they do",
                "Quicker results for people who struggle to meet what is asked",
                "Better support for people who have just become a manager",
                "People can say what they need to learn, tie it to our goals and follow a plan",
            ),
            source="RDY-C1-b",
        ),
        _needs(
            id="c1_c",
            ask="Personnel policy",
            options=_options(
                "RDY-C1-c",
                "A better way of hiring",
                "Finding out whether investing in a new colleague pays off",
                "More care for older colleagues",
                "Training that is better organised",
                "Craft is used or passed on better",
                "A more diverse workforce",
                "Talent for leading and technical jobs is spotted, developed and kept sooner",
                "A better feel for other cultures in the company",
                "Keeping our own culture, or building one",
                "Skills get the recognition they deserve",
            ),
            source="RDY-C1-c",
        ),
        _needs(
            id="c1_d",
            ask="How people get on and feel at work",
            options=_options(
                "RDY-C1-d",
                "The people who work here feel more motivated",
                "Less absence",
                "Fewer accidents at work",
                "Better and stronger ties between people",
                "People feel better at work in general",
                "Somebody to confide in about what is hard to tell a manager",
                "More team spirit and a better mood at work",
            ),
            source="RDY-C1-d",
        ),
        _needs(
            id="c1_e",
            ask="The work itself",
            options=_options(
                "RDY-C1-e",
                "Higher quality",
                "Less resistance to change",
                "Enough room to react when something comes up",
                "An open eye for the world outside",
                "More gets done, thanks to technical skill, good leadership and motivation",
            ),
            source="RDY-C1-e",
        ),
        _needs(
            id="c1_f",
            ask="Communication, inside and outside",
            options=_options(
                "RDY-C1-f",
                "A better name as a company, which also helps with hiring",
                "People here communicate better and understand each other",
                "Fewer islands, between departments and between levels",
                "Instructions and goals are clear to everybody",
                "Learning in different ways is valued enough",
            ),
            source="RDY-C1-f",
        ),
    ),
    intro=(
        "Which of these do we need? Give 1 to what matters most, then 2 or 3. Leave the rest open. "
        "Is something missing? Add it: a duty by law, for example, or somebody with much know-how who retires."
    ),
)

CHECKLIST_2 = Section(
    "How we learn today",
    (
        _activities(
            id="c2_on_formal",
            ask="At work, planned",
            options=_options(
                "RDY-C2-",
                "A welcome programme for new colleagues",
                "Courses on a computer or online",
                "A colleague who teaches the job at the workplace",
                "A traineeship or trial period",
                "Retraining for other work",
                "Work instructions",
                "Teaching aids",
                "Written guidelines",
                "Practising with somebody at hand to help",
                "A review of personal development",
                "Assessment at the start and at regular times",
                width=2,
            ),
            source="RDY-C2-01..11",
        ),
        _activities(
            id="c2_on_informal",
            ask="At work, along the way",
            options=_options(
                "RDY-C2-",
                "Mentoring",
                "Coaching by one's own manager",
                "Feedback talks, and what people learn from them",
                "Looking things up in a knowledge base",
                "Looking back on a finished project or a problem that was solved",
                "Studying real cases",
                "Learning by teaching colleagues",
                "Comparing ourselves with others in our field",
                "Reading manuals",
                "Workshops",
                first=12,
                width=2,
            ),
            source="RDY-C2-12..21",
        ),
        _ask(
            id="c2_14",
            ask="Which feedback talks do we have?",
            kind=Kind.CHOICES,
            options=(
                Option("RDY-C2-14a", "About skills: what somebody can do"),
                Option("RDY-C2-14b", "About how the job goes"),
                Option("RDY-C2-14c", "About results, with a judgement"),
                Option("RDY-C2-14d", "About development: what somebody wants to learn"),
            ),
            required=False,
            when=When("c2_on_informal", ("RDY-C2-14",)),
            source="RDY-C2-14",
        ),
        _activities(
            id="c2_off_formal",
            ask="Away from work, planned",
            options=_options(
                "RDY-C2-",
                "Lessons at a school",
                "Refresher courses in one's own trade",
                "Short courses and seminars",
                "Books, magazines, films and websites",
                "Project groups",
                first=22,
                width=2,
            ),
            source="RDY-C2-22..26",
        ),
        _activities(
            id="c2_off_informal",
            ask="Away from work, along the way",
            options=_options(
                "RDY-C2-",
                "Visits to other companies",
                "Looking at oneself, with a diary or notes of what went well",
                first=27,
                width=2,
            ),
            source="RDY-C2-27..28",
        ),
    ),
    intro="Tick what exists here, for whomever it is meant.",
)

SUPPORT = (
    Option("advice", "Advice on how to go about it"),
    Option("project_support", "Help with running the project"),
    Option("money", "Money or a set budget"),
    Option("toolkit", "A ready-made guide with examples"),
    Option("trainer", "A trainer who comes to us"),
    Option("questions", "Somebody to put questions to"),
    Option("online", "Online help or courses"),
    Option("network", "Contact with other companies that do this"),
    Option("backing", "Backing from the management and team leaders"),
    Option("people_time", "Time for the people who take part"),
    Option("goals", "Clear goals and guidelines"),
    Option("tailored", "An approach that fits our kind of work"),
    Option("feedback", "Feedback on how well it works"),
    Option("nothing", "Nothing for now"),
)

ATTITUDE = Section(
    "What we do for people's growth",
    (
        _text(id="q01", ask="What do we do today to help people grow?", source="RDY-Q01"),
        _ask(
            id="q01_hours",
            ask="How much time goes into it?",
            kind=Kind.NUMBER,
            unit="hours a year per person",
            help="A rough figure will do. Leave it open if you don't know.",
            required=False,
            source="RDY-Q01",
        ),
        _ask(
            id="q01_budget",
            ask="How much money goes into it?",
            kind=Kind.NUMBER,
            unit="euro a year per person",
            help="A rough figure will do. Leave it open if you don't know.",
            required=False,
            source="RDY-Q01",
        ),
        _text(id="q02", ask="How does mentoring fit in with what we do today?", source="RDY-Q02"),
        _text(id="q03a", ask="What do we have for welcoming new colleagues?", source="RDY-Q03a"),
        _text(id="q03b", ask="What do we have for people who may become a manager?", source="RDY-Q03b"),
        _text(id="q03c", ask="What do we have for people who have just begun to lead?", source="RDY-Q03c"),
        _text(
            id="q03d",
            ask="What do we have to keep experienced managers motivated?",
            help="If there is nothing, just say so.",
            source="RDY-Q03d",
        ),
        _text(
            id="q11_new",
            ask="What else is there for new colleagues?",
            help="Whatever you have not mentioned yet.",
            required=False,
            source="RDY-Q11",
        ),
        _text(
            id="q11_longer",
            ask="What else is there for those who have been here longer?",
            help="Whatever you have not mentioned yet.",
            required=False,
            source="RDY-Q11",
        ),
        _text(
            id="q12",
            ask="How should mentoring and our other plans for people's growth work together?",
            source="RDY-Q12",
        ),
        _ask(
            id="q13",
            ask="What support do you need to start?",
            kind=Kind.CHOICES,
            options=SUPPORT,
            own=True,
            source="RDY-Q13",
        ),
        _text(
            id="q14",
            ask="Which word should we use for a mentor, and what do we expect of that person?",
            help="For example mentor, buddy or godparent. Say what it means to you.",
            source="RDY-Q14",
        ),
    ),
)

DECISION = Section(
    "Your advice",
    (
        _ask(
            id="recommend",
            ask="What do you advise?",
            kind=Kind.CHOICE,
            options=(
                Option("go", "Start: we are ready"),
                Option("not_needed", "We don't need it: people here help each other already"),
                Option("inform_first", "First explain to people what mentoring is"),
                Option("other_first", "Something else has to come first"),
                Option("outside_help", "First find help from outside or a budget"),
            ),
            source="RDY-D1..D5",
        ),
    ),
)

READINESS_SURVEY = Questionnaire(
    id="readiness_survey",
    title="Are we ready for mentoring?",
    intro=(
        "Before we begin, we want to know what mentoring could mean for %(company)s and what we have already. "
        "There are no right or wrong answers: not now is a fair answer too. It takes about 25 minutes."
    ),
    phase="readiness",
    by=Role.TEAM,
    ladder=Ladder(
        due=14,
        remind=(5, 10),
        escalate=12,
        silence="The round closes with the answers that came; who did not answer is not counted.",
    ),
    version=2,
    sections=(UNDERSTANDING, VISION, CHECKLIST_1, CHECKLIST_2, ATTITUDE, DECISION),
    next="When the survey closes, all answers are put side by side. You will hear what came out and what we decide.",
    source="RDY-Q01..Q14, RDY-C1, RDY-C2",
)

FORMS: tuple[Questionnaire, ...] = (READINESS_SURVEY,)
