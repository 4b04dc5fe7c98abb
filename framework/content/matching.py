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

FORMS: tuple[Questionnaire, ...] = (PAIRING_MENTOR, PAIRING_MENTEE)
