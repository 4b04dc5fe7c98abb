"""Matching: each side says yes or no to the other, apart; a no stays with the coordinator (MAT-14, MAT-15, MAT-M06)."""

from framework.people import Role
from framework.questions import Kind, Ladder, Question, Questionnaire, Section, When
from framework.visibility import Visibility

LADDER = Ladder(
    due=7, remind=(3, 5), escalate=6, silence="Counts as a neutral no: the other only hears that it did not work out."
)


def _pairing(name: str, by: Role, title: str, intro: str, ask: str) -> Questionnaire:
    """The form with which one side of a proposed pair accepts or declines the other."""
    return Questionnaire(
        id=name,
        title=title,
        intro=intro,
        phase="matching",
        by=by,
        ladder=LADDER,
        sections=(
            Section(
                "Your answer",
                (
                    Question(id="accept", ask=ask, kind=Kind.YES_NO, reads=Visibility.REVIEW, source="MAT-D1"),
                    Question(
                        id="reason",
                        ask="Would you like to say why not?",
                        help=(
                            "Only your coordinator reads this. "
                            "The other person only hears that it did not work out this time."
                        ),
                        kind=Kind.LONG_TEXT,
                        reads=Visibility.REVIEW,
                        required=False,
                        when=When("accept", ("no",)),
                        source="MAT-M06",
                    ),
                ),
            ),
        ),
        next="If you both say yes, we introduce you to each other. If not, we look for somebody else.",
        source="MAT-M04",
    )


PAIRING_MENTOR = _pairing(
    "pairing_mentor",
    Role.MENTOR,
    "Would you guide this colleague?",
    "We have found somebody who may learn a lot from you. Our e-mail says who. You are free to say no. "
    "It takes 1 minute.",
    "Would you like to be this colleague's %(mentor)s?",
)
PAIRING_MENTEE = _pairing(
    "pairing_mentee",
    Role.MENTEE,
    "Does this colleague suit you?",
    "We have found somebody who may suit you as %(mentor)s. Our e-mail says who. You are free to say no. "
    "It takes 1 minute.",
    "Would you like to have this colleague as your %(mentor)s?",
)

WISHES = Ladder(due=10, remind=(4, 8), silence="No wish: we look for somebody who suits, and propose that person.")


def _wishes(name: str, by: Role, title: str, intro: str, ask: str) -> Questionnaire:
    """The form on which one side puts names of the other in order; who may be chosen is known when it is asked."""
    return Questionnaire(
        id=name,
        title=title,
        intro=intro,
        phase="matching",
        by=by,
        ladder=WISHES,
        sections=(
            Section(
                "Your choice",
                (
                    Question(
                        id="wishes",
                        ask=ask,
                        help="One name is enough. No colleague learns the order, or whom you left out.",
                        kind=Kind.RANKING,
                        reads=Visibility.REVIEW,
                        source="MAT-Q14",
                    ),
                ),
            ),
        ),
        next="Once the choices are in, we go by them to bring people together. You hear from us either way.",
        source="MAT-M03",
    )


MENTOR_WISHES = _wishes(
    "mentor_wishes",
    Role.MENTEE,
    "Whom would you like as %(mentor)s?",
    "These colleagues have a place, and those who seem to suit you best come first. "
    "Put the ones whom you would like in order. It takes about 5 minutes.",
    "Whom would you like best, whom next?",
)
MENTEE_WISHES = _wishes(
    "mentee_wishes",
    Role.MENTOR,
    "Whom would you like to guide?",
    "These colleagues want to learn, and those whom you may help best come first. "
    "Put the ones whom you would like in order. It takes about 5 minutes.",
    "Whom would you like to guide best, whom next?",
)

MEETING_LADDER = Ladder(
    due=14,
    remind=(7, 11),
    escalate=12,
    silence="Counts as a neutral no: both only hear that it did not work out.",
)
_WHY_NOT = "Would you like to say why not?"
_ONLY_THE_COORDINATOR = "Only your coordinator reads this. Nobody else hears that you said no, or why."


def _yes_or_no(name: str, ask: str, source: str = "MAT-D1") -> Question:
    """A yes or no that only the coordinator reads."""
    return Question(id=name, ask=ask, kind=Kind.YES_NO, reads=Visibility.REVIEW, source=source)


def _why_not(name: str) -> Question:
    """Why not, if one likes to say it; `name` is the question that was answered with no."""
    return Question(
        id="reason",
        ask=_WHY_NOT,
        help=_ONLY_THE_COORDINATOR,
        kind=Kind.LONG_TEXT,
        reads=Visibility.REVIEW,
        required=False,
        when=When(name, ("no",)),
        source="MAT-M06",
    )


def _answer(
    name: str, by: Role, title: str, intro: str, questions: tuple[Question, ...], following: str
) -> Questionnaire:
    """A form with one section, for a proposal that is more than one to one."""
    return Questionnaire(
        id=name,
        title=title,
        intro=intro,
        phase="matching",
        by=by,
        ladder=LADDER,
        sections=(Section("Your answer", questions),),
        next=following,
        source="MAT-M04",
    )


def _meet_and_greet(by: Role) -> Questionnaire:
    """After a first talk, before anything is settled: each of the two says alone whether to go on (MAT-12, CAP-096)."""
    return Questionnaire(
        id=f"meet_and_greet_{by}",
        title="You have met: would you go on?",
        intro=(
            "You were invited to meet a colleague, with nothing settled yet. Tell us whether you would like to go on. "
            "Each of you answers alone. It takes 1 minute."
        ),
        phase="matching",
        by=by,
        ladder=MEETING_LADDER,
        sections=(
            Section(
                "Your answer",
                (
                    _yes_or_no("met", "Have you met this colleague?", "CAP-096"),
                    _yes_or_no("go_on", "Would you like to go on with this colleague?", "CAP-096"),
                    _why_not("go_on"),
                ),
            ),
        ),
        next=(
            "Once you have both answered, or the last day has passed, you hear from us. "
            "If you both say yes, you are a pair. If not, we look for somebody else for each of you."
        ),
        source="MAT-M02",
    )


def _peer(by: Role) -> Questionnaire:
    """Two equals are asked at the same time, in the same words; `by` only tells the two apart."""
    return _answer(
        f"pairing_peer_{by}",
        by,
        "Does this colleague suit you?",
        "We have found a colleague with whom you may learn from each other, as equals. Our e-mail says who. "
        "You are free to say no. It takes 1 minute.",
        (_yes_or_no("accept", "Would you like to learn together with this colleague?"), _why_not("accept")),
        "Once you have both answered, or the last day has passed, you hear from us. "
        "If you both say yes, you are a pair. If not, we look for somebody else for each of you.",
    )


MEET_AND_GREET_MENTOR, MEET_AND_GREET_MENTEE = _meet_and_greet(Role.MENTOR), _meet_and_greet(Role.MENTEE)
PAIRING_PEER_MENTOR, PAIRING_PEER_MENTEE = _peer(Role.MENTOR), _peer(Role.MENTEE)
PAIRING_GROUP_MENTOR = _answer(
    "pairing_group_mentor",
    Role.MENTOR,
    "Would you guide this group?",
    "We have brought some colleagues together who may learn a lot from you. Our e-mail says what they want to learn. "
    "You are free to say no. It takes 1 minute.",
    (_yes_or_no("accept", "Would you like to be the %(mentor)s of this group?"), _why_not("accept")),
    "If you say yes, we ask your colleagues, each apart. Once they have answered we introduce you to each other.",
)
PAIRING_GROUP_MENTEE = _answer(
    "pairing_group_mentee",
    Role.MENTEE,
    "Would you like to join this group?",
    "We have found a group that may suit you. Our e-mail says who guides it. "
    "You are free to say no. It takes 1 minute.",
    (_yes_or_no("accept", "Would you like to learn in this group?"), _why_not("accept")),
    "Once everybody has answered, we introduce the group. If it does not come about, we look further for you.",
)
PAIRING_TWO = _answer(
    "pairing_two",
    Role.MENTEE,
    "Do these two colleagues suit you?",
    "We have found two people for you, one for each language. Our e-mail says who. "
    "You are free to say no to one of them, or to both. It takes 1 minute.",
    (
        _yes_or_no("accept_first", "Does the first of the two suit you as %(mentor)s?"),
        _yes_or_no("accept_second", "Does the second of the two suit you as %(mentor)s?"),
        Question(
            id="reason",
            ask="If you said no: would you like to say why?",
            help=_ONLY_THE_COORDINATOR,
            kind=Kind.LONG_TEXT,
            reads=Visibility.REVIEW,
            required=False,
            source="MAT-M06",
        ),
    ),
    "If you say yes to both, we introduce you to each other. If not, we look for somebody else in that place.",
)

FORMS: tuple[Questionnaire, ...] = (
    PAIRING_MENTOR,
    PAIRING_MENTEE,
    MENTOR_WISHES,
    MENTEE_WISHES,
    MEET_AND_GREET_MENTOR,
    MEET_AND_GREET_MENTEE,
    PAIRING_PEER_MENTOR,
    PAIRING_PEER_MENTEE,
    PAIRING_GROUP_MENTOR,
    PAIRING_GROUP_MENTEE,
    PAIRING_TWO,
)
