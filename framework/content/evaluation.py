"""The programme's final evaluation, and the follow-up of at least a year (PFE, FUP).

Nine dimensions, the same for every role, so that their views can be compared (CAP-185); afterwards what has lasted.
"""

from framework.people import Role
from framework.questions import Kind, Ladder, Option, Question, Questionnaire, Section
from framework.visibility import Visibility

PROGRAMME = Visibility.PROGRAMME

_LADDER = Ladder(
    due=21,
    remind=(7, 14),
    silence="The report is made with the answers there are, and says how many are missing.",
)
_WHY = "Would you like to explain your answer?"

_WELL = ("Very badly", "Very well")
_MUCH = ("Not at all", "Very much")

DIMENSIONS: tuple[tuple[str, tuple[str, str]], ...] = (
    ("How well was the programme made known and explained?", _WELL),
    ("How well did the coordinator support those who took part?", _WELL),
    ("How well did everybody know who does what in the programme?", _WELL),
    ("How well were people chosen and brought together?", _WELL),
    ("How well did the training prepare the %(mentors)s?", _WELL),
    ("Were the learning goals reached, and does it show in the work?", ("Not at all", "Completely")),
    ("Was the programme useful to the %(mentees)s?", _MUCH),
    ("Was the programme worth what it cost %(company)s?", _MUCH),
)
"""What is scored, with the two ends of its scale, in the order PFE-Q1 to PFE-Q8."""


def _scored(number: int, ask: str, low: str, high: str) -> tuple[Question, Question]:
    """A dimension's score, and room to explain it."""
    source = f"PFE-Q{number}"
    return (
        Question(id=f"pfe_q{number}", ask=ask, kind=Kind.SCALE, reads=PROGRAMME, low=low, high=high, source=source),
        Question(
            id=f"pfe_q{number}_text", ask=_WHY, kind=Kind.LONG_TEXT, reads=PROGRAMME, required=False, source=source
        ),
    )


_SCORES = tuple(_scored(number, ask, *ends) for number, (ask, ends) in enumerate(DIMENSIONS, 1))
_SETTING_UP = tuple(question for pair in _SCORES[:5] for question in pair)
_RESULTS = tuple(question for pair in _SCORES[5:] for question in pair)
_LOOKING_BACK = (
    Question(
        id="pfe_q9",
        ask="Which moment was a turning point for you?",
        kind=Kind.LONG_TEXT,
        reads=PROGRAMME,
        help="The project team reads this. Leave out names and what was said in confidence.",
        required=False,
        source="PFE-Q9",
    ),
    Question(
        id="again",
        ask="Would you recommend this programme to a colleague?",
        kind=Kind.YES_NO,
        reads=PROGRAMME,
        source="MET-05",
    ),
)


def _final(by: Role) -> Questionnaire:
    """The final evaluation, as one role gets it."""
    return Questionnaire(
        id=f"programme_evaluation_{by}",
        title="What do you think of the programme?",
        intro=(
            "The programme has ended. Your opinion helps to decide what stays, what changes and whether there will be "
            "a next one. It takes about 10 minutes. The coordinator and the project team read your answers."
        ),
        phase="evaluation",
        by=by,
        ladder=_LADDER,
        sections=(
            Section("How it was set up", _SETTING_UP),
            Section("What it has brought", _RESULTS),
            Section("Looking back", _LOOKING_BACK),
        ),
        next="All answers are brought together in a report without names.",
        source="CAP-185",
    )


MENTEE_BENEFITS: tuple[Option, ...] = (
    Option("BEN-10", "I know and can do more"),
    Option("BEN-11", "I got feedback that I could use"),
    Option("BEN-12", "I had someone to try out ideas on"),
    Option("BEN-13", "I understand better how things work here"),
    Option("BEN-14", "I know myself better"),
    Option("BEN-15", "I see more clearly where I want to go in work and life"),
    Option("BEN-16", "My chances of promotion are better"),
    Option("BEN-17", "I know more people who can help me"),
    Option("BEN-18", "I do my work better or faster"),
    Option("BEN-19", "I learned things that my daily work does not teach me"),
    Option("BEN-20", "I am happier with my career"),
    Option("BEN-21", "I have someone to take as an example"),
    Option("BEN-22", "I got ahead faster"),
    Option("BEN-23", "I dare to take things into my own hands"),
)
"""What a mentee among existing staff may have gained (framework 7.1)."""

MENTOR_BENEFITS: tuple[Option, ...] = (
    Option("BEN-36", "I enjoy my work more"),
    Option("BEN-37", "I know myself better"),
    Option("BEN-38", "I still feel involved and keen"),
    Option("BEN-39", "I think more about how our organisation works"),
    Option("BEN-40", "I see things from another side"),
    Option("BEN-41", "I question my own habits more often"),
    Option("BEN-42", "I hear what goes on at every level, and know more people"),
    Option("BEN-43", "I have become better at leading people"),
    Option("BEN-44", "I am in touch with younger colleagues"),
    Option("BEN-45", "I feel valued for what I do"),
    Option("BEN-46", "My work has become more varied"),
    Option("BEN-47", "I have learned new things myself"),
)
"""What a mentor of existing staff may have gained (framework 7.1)."""


def _lasting(by: Role) -> tuple[Question, ...]:
    """What has lasted, by the role's own list of benefits."""
    return (
        Question(
            id="used",
            ask="How much do you still use what you learned?",
            kind=Kind.SCALE,
            reads=PROGRAMME,
            source="FUP-02",
        ),
        Question(
            id="benefits",
            ask="What has mentoring brought you?",
            kind=Kind.CHOICES,
            reads=PROGRAMME,
            help="Choose all that is true for you. If nothing is, go on.",
            options=MENTEE_BENEFITS if by is Role.MENTEE else MENTOR_BENEFITS,
            required=False,
            source="FUP-04",
        ),
    )


_CHANGED = Question(
    id="changed",
    ask="Has your job changed since the programme ended?",
    kind=Kind.CHOICE,
    reads=PROGRAMME,
    options=(
        Option("same_job", "I do the same job"),
        Option("new_role", "I have other tasks or another role"),
        Option("promoted", "I have been promoted"),
        Option("other_department", "I work in another department"),
    ),
    help="If more than one is true, choose what has changed most.",
    source="MET-03",
)
_WISH = Question(
    id="wish",
    ask="Is there anything you wish for, or want to tell us?",
    kind=Kind.LONG_TEXT,
    reads=PROGRAMME,
    required=False,
    source="FUP-03",
)


def _follow_up(by: Role) -> Questionnaire:
    """The follow-up, asked a few times in the year or more after the end (FUP-01)."""
    partner = "%(mentor)s" if by is Role.MENTEE else "%(mentee)s"
    now = (
        Question(
            id="in_touch",
            ask=f"Are you still in touch with your {partner}?",
            kind=Kind.YES_NO,
            reads=PROGRAMME,
            help="There is no need to be. We only like to know.",
            source="FRE-02",
        ),
        Question(
            id="satisfied",
            ask="Looking back, how satisfied are you with the programme?",
            kind=Kind.SCALE,
            reads=PROGRAMME,
            source="MET-05",
        ),
    )
    today = (*now, _CHANGED) if by is Role.MENTEE else now
    return Questionnaire(
        id=f"follow_up_{by}",
        title="How are you doing now?",
        intro=(
            "Some time has passed since the programme ended. We would like to know what has lasted. "
            "It takes about 4 minutes. The coordinator and the project team read your answers."
        ),
        phase="evaluation",
        by=by,
        ladder=_LADDER,
        sections=(
            Section("You, today", today),
            Section("What has lasted", _lasting(by)),
            Section("One more thing", (_WISH,)),
        ),
        next="Your answers go into a report without names. It shows what mentoring does in the long run.",
        source="FUP-M01",
    )


FORMS: tuple[Questionnaire, ...] = (
    _final(Role.MENTOR),
    _final(Role.MENTEE),
    _final(Role.TEAM),
    _follow_up(Role.MENTOR),
    _follow_up(Role.MENTEE),
)

FORM_OF: dict[tuple[str, Role], str] = {
    ("final", Role.MENTOR): "programme_evaluation_mentor",
    ("final", Role.MENTEE): "programme_evaluation_mentee",
    ("final", Role.TEAM): "programme_evaluation_team",
    ("follow_up", Role.MENTOR): "follow_up_mentor",
    ("follow_up", Role.MENTEE): "follow_up_mentee",
}
"""The form that a role gets: the final evaluation, and the follow-up."""
