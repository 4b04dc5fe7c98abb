"""Selection: the profiles that a manager scores, and the invitation to the people chosen (framework 1.6)."""

from functools import partial

from framework.people import Role
from framework.questions import Kind, Ladder, Question, Questionnaire, Section, When
from framework.visibility import Visibility

_ask = partial(Question, reads=Visibility.APPLICATION)

LADDER = Ladder(due=10, remind=(4, 7), escalate=8, silence="The coordinator decides without the score.")

ROLE_A = (
    ("SEL-PA01", "Has the knowledge and skill to be believed"),
    ("SEL-PA02", "Knows the work that a new colleague will do"),
    ("SEL-PA03", "Gets on well with people who have less experience"),
    ("SEL-PA04", "Listens when somebody finds things hard"),
    ("SEL-PA05", "Can teach what he or she knows and can do"),
    ("SEL-PA06", "Checks whether the message has come across"),
    ("SEL-PA07", "Gives feedback in a way that helps"),
    ("SEL-PA08", "Passes on company news in a way that people trust, and sets an example"),
    ("SEL-PA09", "Cares about people"),
    ("SEL-PA10", "Wants to train new colleagues"),
    ("SEL-PA11", "Deals well with differences, in trade, knowledge or background"),
)

ROLE_B = (
    ("SEL-PB01a", "Asks questions that make people think"),
    ("SEL-PB01b", "Listens actively"),
    ("SEL-PB01c", "Gives constructive feedback"),
    ("SEL-PB01d", "Explains things step by step"),
    ("SEL-PB01e", "Knows how to motivate somebody"),
    ("SEL-PB02", "Is self-assured"),
    ("SEL-PB03", "Is optimistic"),
    ("SEL-PB04", "Is open, and ready to listen and to share"),
    ("SEL-PB05", "Thinks well of others, and sees learning as something that enriches"),
)

ROLE_C = (
    ("SEL-PC01", "Is honest and can be trusted"),
    ("SEL-PC02", "Lives by the values and the culture of %(company)s"),
    ("SEL-PC03", "Communicates well and builds good relations"),
    ("SEL-PC04", "Is mature, at work and outside it"),
    ("SEL-PC05", "Is known for good results; people value his or her opinion"),
    ("SEL-PC06", "Knows our goals, our ways, who does what and how decisions are made"),
    ("SEL-PC07", "Has common sense, a positive outlook and a sense of humour"),
    ("SEL-PC08", "Has a good network, with people who have influence"),
    ("SEL-PC09", "Dares to take a risk"),
    ("SEL-PC10", "Is open to new ideas and to chances to learn"),
    ("SEL-PC11", "Is willing to make the time that passing on knowledge takes"),
    ("SEL-PC12", "Motivates others well"),
    ("SEL-PC13", "Is easy to approach"),
    ("SEL-PC14", "Is glad to share experience"),
    ("SEL-PC15", "Stands behind this programme"),
)


_TIME_AND_REMARKS = Section(
    "Time and remarks",
    (
        _ask(
            id="release",
            ask="Will you free the time that this asks of your colleague?",
            kind=Kind.YES_NO,
            source="SEL-M03",
        ),
        _ask(
            id="comment",
            ask="Is there anything you want to add?",
            help="Write it the way you would say it to your colleague.",
            kind=Kind.LONG_TEXT,
            required=False,
            source="SEL-M01",
        ),
    ),
)


def _profile(letter: str, criteria: tuple[tuple[str, str], ...], intro: str) -> Questionnaire:
    """The form with which a manager scores a candidate for one of the three roles, one scale a criterion."""
    scales = tuple(
        _ask(id=source.lower().replace("-", "_"), ask=ask, kind=Kind.SCALE, source=source) for source, ask in criteria
    )
    return Questionnaire(
        id=f"mentor_profile_{letter}",
        title="Profile of a candidate",
        intro=intro,
        phase="selection",
        by=Role.LINE_MANAGER,
        ladder=LADDER,
        sections=(
            Section("How well does this fit your colleague?", scales, intro="Go by what you have seen yourself."),
            _TIME_AND_REMARKS,
        ),
        next="Your coordinator weighs your scores together with the application, and then decides.",
        source=f"SEL-P{letter.upper()}",
    )


MENTOR_PROFILE_A = _profile(
    "a",
    ROLE_A,
    "Somebody in your team would like to help new colleagues settle in. "
    "You know this person's work, so we value your view. It takes about 4 minutes.",
)
MENTOR_PROFILE_B = _profile(
    "b",
    ROLE_B,
    "Somebody in your team would like to help a colleague learn a skill on the job. "
    "You know this person's work, so we value your view. It takes about 4 minutes.",
)
MENTOR_PROFILE_C = _profile(
    "c",
    ROLE_C,
    "Somebody in your team would like to help a colleague grow, for instance in a career. "
    "You know this person's work, so we value your view. It takes about 5 minutes.",
)

MENTEE_CRITERIA: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Knowing what one wants",
        (
            ("SEL-PM01", "Knows what he or she wants to get out of it"),
            ("SEL-PM14", "Expects things that are within reach"),
            ("SEL-PM20", "Understands what mentoring is for"),
            ("SEL-PM22", "Is ready to work at growing, as a person and at work"),
            ("SEL-PM23", "Wants to mean more to %(company)s"),
            ("SEL-PM18", "Has talent"),
            ("SEL-PM19", "Looks ahead, and may come to lead"),
        ),
    ),
    (
        "Learning",
        (
            ("SEL-PM03", "Takes his or her own growth in hand"),
            ("SEL-PM04", "Dares to look critically at himself or herself"),
            ("SEL-PM05", "Says honestly and openly what he or she thinks and feels"),
            ("SEL-PM06", "Is ready to talk about what went wrong"),
            ("SEL-PM07", "Is open to feedback, and to learning"),
            ("SEL-PM10", "Dares to try something unfamiliar, with somebody's help"),
            ("SEL-PM21", "Accepts guidance"),
        ),
    ),
    (
        "Working with others",
        (
            ("SEL-PM02", "Starts and keeps up relations out of free will"),
            ("SEL-PM08", "Would take the lead in the contact with somebody who helps"),
            ("SEL-PM09", "Listens to advice, thinks it over and asks on"),
            ("SEL-PM11", "Lets people know which advice was of use, and why"),
            ("SEL-PM12", "Does not judge what others have done or chosen"),
            ("SEL-PM13", "Respects that others have little time and other work"),
            ("SEL-PM15", "Says so when something is not what he or she had hoped for"),
            ("SEL-PM16", "Keeps to himself or herself what was told in confidence"),
            ("SEL-PM17", "Gives something in return, and is loyal"),
        ),
    ),
)
"""What a manager is asked about somebody who wants a mentor: 23 criteria under three headings (SEL-PM)."""


def _criterion(source: str, ask: str) -> Question:
    """One criterion; a manager has not seen everything, so it may be left open."""
    return _ask(id=source.lower().replace("-", "_"), ask=ask, kind=Kind.SCALE, required=False, source=source)


MENTEE_PROFILE = Questionnaire(
    id="mentee_profile",
    title="A colleague who wants to learn",
    intro=(
        "Somebody in your team would like to learn from a more experienced colleague, as %(mentee)s. "
        "You know this person's work, so we value your view. It takes about 6 minutes."
    ),
    phase="selection",
    by=Role.LINE_MANAGER,
    ladder=LADDER,
    sections=(
        *(
            Section(title, tuple(_criterion(*one) for one in criteria), intro="Leave open what you have not seen.")
            for title, criteria in MENTEE_CRITERIA
        ),
        _TIME_AND_REMARKS,
    ),
    next="Your coordinator weighs your scores together with the application, and then decides.",
    source="SEL-PM",
)

MENTOR_INVITATION = Questionnaire(
    id="mentor_invitation",
    title="You have been chosen",
    intro=(
        "We would be glad to have you as %(mentor)s: people here can learn a lot from you. "
        "Please tell us whether you accept. You may still say no, and it takes 1 minute."
    ),
    phase="selection",
    by=Role.MENTOR,
    ladder=Ladder(
        due=7, remind=(3, 5), escalate=6, silence="Counted as declined this time; the person may come back next time."
    ),
    sections=(
        Section(
            "Your answer",
            (
                _ask(
                    id="accept",
                    ask="Will you take part as %(mentor)s?",
                    kind=Kind.YES_NO,
                    source="SEL-10",
                ),
                _ask(
                    id="reason",
                    ask="Would you like to say why not?",
                    help="Only your coordinator reads this.",
                    kind=Kind.LONG_TEXT,
                    required=False,
                    when=When("accept", ("no",)),
                    source="SEL-10",
                ),
            ),
        ),
    ),
    next=(
        "Said yes? We look for somebody who suits you, and ask you before anything is settled. "
        "Said no? You are welcome next time."
    ),
    source="SEL-M02",
)

FORMS: tuple[Questionnaire, ...] = (
    MENTOR_PROFILE_A,
    MENTOR_PROFILE_B,
    MENTOR_PROFILE_C,
    MENTEE_PROFILE,
    MENTOR_INVITATION,
)
