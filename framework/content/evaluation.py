"""The programme's final evaluation, and the follow-up of at least a year (PFE, FUP).

Nine dimensions, the same for every role, so that their views can be compared (CAP-185); afterwards what has lasted.
"""

from framework.content.benefits import OF_PARTY
from framework.people import Role
from framework.questions import Kind, Ladder, Option, Question, Questionnaire, Section
from framework.visibility import Track, Visibility

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


def _benefits(by: Role, track: Track, ask: str) -> Question:
    """What it has brought to somebody's own party, by its list of the catalogue."""
    return Question(
        id="benefits",
        ask=ask,
        kind=Kind.CHOICES,
        reads=PROGRAMME,
        help="Choose all that is true. If nothing is, go on.",
        options=OF_PARTY[by, track],
        required=False,
        source="PFE-Q7, FUP-04",
    )


def _name(kind: str, by: Role, track: Track) -> str:
    """The id of a form: that of the growth track bears no mark, since it came first."""
    same_for_both = kind == "programme_evaluation" and by is not Role.TEAM
    return f"{kind}_{by}" if track is Track.GROWTH or same_for_both else f"{kind}_{by}_new_hire"


def _final(by: Role, track: Track = Track.GROWTH) -> Questionnaire:
    """The final evaluation, as one role gets it; team and managers are asked for the benefits that only they see."""
    sections = [
        Section("How it was set up", _SETTING_UP),
        Section("What it has brought", _RESULTS),
        Section("Looking back", _LOOKING_BACK),
    ]
    if by is Role.LINE_MANAGER:
        sections.insert(
            2, Section("You and your team", (_benefits(by, track, "What has it brought you and your team?"),))
        )
    if by is Role.TEAM:
        sections.insert(2, Section("The company", (_benefits(by, track, "What has it brought %(company)s?"),)))
    return Questionnaire(
        id=_name("programme_evaluation", by, track),
        title="What do you think of the programme?",
        intro=(
            "The programme has ended. Your opinion helps to decide what stays, what changes and whether there will be "
            "a next one. It takes about 10 minutes. The coordinator and the project team read your answers."
        ),
        phase="evaluation",
        by=by,
        ladder=_LADDER,
        version=2,
        sections=tuple(sections),
        next="All answers are brought together in a report without names.",
        source="CAP-185",
    )


def _lasting(by: Role, track: Track) -> tuple[Question, ...]:
    """What has lasted, by the role's own list of benefits."""
    used = Question(
        id="used",
        ask="How much do you still use what you learned?",
        kind=Kind.SCALE,
        reads=PROGRAMME,
        source="FUP-02",
    )
    return used, _benefits(by, track, "What has mentoring brought you?")


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


def _follow_up(by: Role, track: Track) -> Questionnaire:
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
        id=_name("follow_up", by, track),
        title="How are you doing now?",
        intro=(
            "Some time has passed since the programme ended. We would like to know what has lasted. "
            "It takes about 4 minutes. The coordinator and the project team read your answers."
        ),
        phase="evaluation",
        by=by,
        ladder=_LADDER,
        version=2,
        sections=(
            Section("You, today", today),
            Section("What has lasted", _lasting(by, track)),
            Section("One more thing", (_WISH,)),
        ),
        next="Your answers go into a report without names. It shows what mentoring does in the long run.",
        source="FUP-M01",
    )


FORMS: tuple[Questionnaire, ...] = (
    _final(Role.MENTOR),
    _final(Role.MENTEE),
    _final(Role.LINE_MANAGER),
    _final(Role.TEAM),
    _final(Role.TEAM, Track.NEW_HIRE),
    _follow_up(Role.MENTOR, Track.GROWTH),
    _follow_up(Role.MENTOR, Track.NEW_HIRE),
    _follow_up(Role.MENTEE, Track.GROWTH),
    _follow_up(Role.MENTEE, Track.NEW_HIRE),
)

KINDS = {"final": "programme_evaluation", "follow_up": "follow_up"}


def form_of(kind: str, role: Role, track: Track) -> str:
    """The form that a role gets on a track: the final evaluation, or the follow-up, which mentors and mentees get."""
    return _name(KINDS[kind], role, track)
