"""How a relationship goes: check-ins, the pair's review, the new hire's review, and the facilitator's own (REV).

Mentor and mentee are asked apart, so that their answers can be laid side by side (REV-04); neither sees the other's.
Scales point one way: 5 is always the good end.
"""

from framework.people import Role
from framework.questions import Kind, Ladder, Option, Question, Questionnaire, Section
from framework.visibility import Visibility

REVIEW, CONTENT = Visibility.REVIEW, Visibility.CONTENT

_LADDER = Ladder(due=14, remind=(5, 10), escalate=12, silence="The coordinator calls the pair.")
_NEXT = (
    "The coordinator reads your answers and contacts you if you asked for something or if something is wrong. "
    "What you wrote about working together is not shown to the other one of the two of you."
)


def _partner(by: Role) -> str:
    """The placeholder for the other one of the pair."""
    return "%(mentor)s" if by is Role.MENTEE else "%(mentee)s"


_CONTACT = Question(
    id="contact",
    ask="Do the two of you meet as you planned?",
    kind=Kind.YES_NO,
    reads=REVIEW,
    source="REV-P1",
)
_ENOUGH_TIME = Question(
    id="enough_time",
    ask="Do the two of you have enough time and energy for this?",
    kind=Kind.SCALE,
    reads=REVIEW,
    low="Far too little",
    high="Plenty",
    source="REV-P1",
)
_FREE_TO_SPEAK = Question(
    id="free_to_speak",
    ask="How freely can you say what you think?",
    kind=Kind.SCALE,
    reads=REVIEW,
    low="I hold back",
    high="I can say anything",
    source="REV-P4",
)
_GOAL_PROGRESS = Question(
    id="goal_progress",
    ask="How far have you come towards the goal you agreed?",
    kind=Kind.SCALE,
    reads=REVIEW,
    low="No progress yet",
    high="We have reached it",
    source="REV-P3",
)
_CREDIT = Question(
    id="credit",
    ask="Has your work been used, or presented as someone else's, in a way that troubles you?",
    kind=Kind.YES_NO,
    reads=REVIEW,
    help="You need not answer. If you say yes, only the coordinator knows, and talks with you first.",
    required=False,
    source="RSK-07",
)


def _satisfied(by: Role) -> Question:
    """How content one is with the other, asked of either side for comparison (MET-05, MET-06)."""
    return Question(
        id="satisfied",
        ask=f"How satisfied are you with how you and your {_partner(by)} work together?",
        kind=Kind.SCALE,
        reads=REVIEW,
        source="REV-P4",
    )


def _rematch(by: Role) -> Question:
    """Whether someone else would be the better match (REV-03, CAP-100)."""
    return Question(
        id="rematch",
        ask=f"Would someone else suit you better as your {_partner(by)}?",
        kind=Kind.YES_NO,
        reads=REVIEW,
        help="It is nobody's fault if a match does not work. If you say yes, the coordinator talks with you first.",
        source="REV-03",
    )


_HELP = Question(
    id="help",
    ask="Can the coordinator do something for you?",
    kind=Kind.LONG_TEXT,
    reads=REVIEW,
    help="For example a talk, more time, or some training.",
    required=False,
    source="REV-06",
)


def _state(by: Role) -> Section:
    """The short questions on which check-in and pair review agree."""
    questions = (_CONTACT, _ENOUGH_TIME, _satisfied(by), _FREE_TO_SPEAK, _GOAL_PROGRESS)
    return Section("How it goes", questions)


def _to_coordinator(by: Role) -> Section:
    """What one asks of the coordinator; the mentee may also say that work was misused (RSK-07, RSK-08)."""
    questions = (_rematch(by), _CREDIT, _HELP) if by is Role.MENTEE else (_rematch(by), _HELP)
    return Section("For the coordinator", questions)


def _check_in(by: Role) -> Questionnaire:
    """A short look at the relationship, the same for both sides but for the words."""
    return Questionnaire(
        id=f"check_in_{by}",
        title="How is it going?",
        intro=(
            "A short check, so that we can help in time if something is not right. It takes about 3 minutes. "
            f"Only the coordinator reads your answers; your {_partner(by)} and your line manager do not."
        ),
        phase="review",
        by=by,
        ladder=_LADDER,
        sections=(_state(by), _to_coordinator(by)),
        next=_NEXT,
        source="REV-06",
    )


_PAIR_TEXTS = (
    Question(
        id="rev_p1",
        ask="What helps the two of you to keep meeting, and what gets in the way?",
        kind=Kind.LONG_TEXT,
        reads=REVIEW,
        required=False,
        source="REV-P1",
    ),
    Question(
        id="rev_p2",
        ask="Which subjects have come up so far, and what has been done with the advice?",
        kind=Kind.LONG_TEXT,
        reads=REVIEW,
        help="The broad lines are enough. Leave out what is personal.",
        source="REV-P2",
    ),
    Question(
        id="rev_p3",
        ask="What growth do you see, and who else has noticed it?",
        kind=Kind.LONG_TEXT,
        reads=REVIEW,
        help="A result, a figure or a remark by a colleague: anything that shows it.",
        source="REV-P3",
    ),
    Question(
        id="rev_p4",
        ask="What is good about how you work together, and what could be better?",
        kind=Kind.LONG_TEXT,
        reads=REVIEW,
        required=False,
        source="REV-P4",
    ),
    Question(
        id="rev_p6",
        ask="Were there difficulties between the two of you, and have they been settled?",
        kind=Kind.LONG_TEXT,
        reads=REVIEW,
        required=False,
        source="REV-P6",
    ),
)
_PAIR_FUTURE = (
    Question(
        id="continue",
        ask="Do you want to go on together?",
        kind=Kind.YES_NO,
        reads=REVIEW,
        source="REV-P5",
    ),
    Question(
        id="rev_p5",
        ask="What is there still to learn if you go on, or why is this a good moment to stop?",
        kind=Kind.LONG_TEXT,
        reads=REVIEW,
        source="REV-P5",
    ),
)


def _pair_review(by: Role) -> Questionnaire:
    """The pair's review of itself every few months, answered by each apart (REV-01)."""
    return Questionnaire(
        id=f"pair_review_{by}",
        title="Looking back together",
        intro=(
            "Now and then it is good to stop and see whether mentoring still brings what you hoped for. "
            "It takes about 15 minutes, and each of you answers alone. "
            f"Only the coordinator reads your answers; your {_partner(by)} and your line manager do not."
        ),
        phase="review",
        by=by,
        ladder=_LADDER,
        sections=(
            _state(by),
            Section("In your own words", _PAIR_TEXTS),
            Section("From here on", _PAIR_FUTURE),
            _to_coordinator(by),
        ),
        next=_NEXT,
        source="REV-01",
    )


def _training_given(by: Role) -> Section:
    """The training on the job: its quality, and whether the newcomer is told too little or too much (RSK-01)."""
    new = by is Role.MENTEE
    return Section(
        "Learning on the job",
        (
            Question(
                id="rev_n1",
                ask="How good is the training you get on the job?" if new else "How good is the training on the job?",
                kind=Kind.SCALE,
                reads=REVIEW,
                low="Poor",
                high="Excellent",
                source="REV-N1",
            ),
            Question(
                id="rev_n1_text",
                ask="What is good about it, and what is missing?",
                kind=Kind.LONG_TEXT,
                reads=REVIEW,
                required=False,
                source="REV-N1",
            ),
            Question(
                id="informed",
                ask="How much information do you get?" if new else "How much information does your %(mentee)s get?",
                kind=Kind.CHOICE,
                reads=REVIEW,
                options=(
                    Option("too_little", "Too little"),
                    Option("right", "Just right"),
                    Option("too_much", "Too much at once"),
                ),
                help="Think of everything together: from the line manager, from HR and from colleagues.",
                source="RSK-01",
            ),
        ),
    )


def _plan_progress(by: Role) -> Section:
    """The part that the line manager may read: progress of the training plan, and recommendations (LEG-09)."""
    return Section(
        "The training plan",
        (
            Question(
                id="rev_n2",
                ask="How far have you got with the training plan?"
                if by is Role.MENTEE
                else "How far has your %(mentee)s got with the training plan?",
                kind=Kind.SCALE,
                reads=CONTENT,
                low="Hardly begun",
                high="Finished",
                source="REV-N2",
            ),
            Question(
                id="rev_n2_text",
                ask="Which parts go well already, and which ones need more time?",
                kind=Kind.LONG_TEXT,
                reads=CONTENT,
                help="Write about the work and what there is to learn, not about the person.",
                source="REV-N2",
            ),
            Question(
                id="rev_n4",
                ask="What do you recommend for the coming weeks?",
                kind=Kind.LONG_TEXT,
                reads=CONTENT,
                required=False,
                source="REV-N4",
            ),
        ),
        intro="This part, and only this part, can also be read by the line manager and by both of you.",
    )


def _talked(by: Role) -> Question:
    """Whether the talks that are planned with newcomers are really held (REV-N5, RSK-14)."""
    return Question(
        id="rev_n5",
        ask="Has somebody from HR or the management asked you how you are doing?"
        if by is Role.MENTEE
        else "Has somebody from HR or the management asked your %(mentee)s how it goes?",
        kind=Kind.CHOICE,
        reads=REVIEW,
        options=(Option("yes", "Yes"), Option("no", "No"), Option("unknown", "I don't know")),
        required=False,
        source="REV-N5",
    )


_WORK_POINTS = Question(
    id="rev_n7",
    ask="What should be put right soon, and who could do that?",
    kind=Kind.LONG_TEXT,
    reads=REVIEW,
    help="For example: no access to a program yet. Leave this open if all is well.",
    required=False,
    source="REV-N7",
)


def _new_hire_review(by: Role) -> Questionnaire:
    """The review of a newcomer's first months, answered by each apart (REV-N)."""
    new = by is Role.MENTEE
    feedback = Question(
        id="rev_n3",
        ask="How are your first months here, and what would you like us to know?"
        if new
        else "How are these months for you as %(mentor)s, and what would you like us to know?",
        kind=Kind.LONG_TEXT,
        reads=REVIEW,
        source="REV-N3",
    )
    settling = Question(
        id="rev_n6",
        ask="Is the job what you had hoped for?" if new else "How well does your %(mentee)s find the way in the job?",
        kind=Kind.SCALE,
        reads=REVIEW,
        help="Your honest impression helps; it does not decide about the trial period." if new else "",
        source="REV-N6",
    )
    return Questionnaire(
        id=f"new_hire_review_{by}",
        title="Your first months here" if new else "The first months of your %(mentee)s",
        intro=(
            "We would like to know how the first months are going, so that we can help where it is needed. "
            "It takes about 10 minutes. The coordinator reads your answers; only the part on the training plan is "
            "shared with others."
        ),
        phase="review",
        by=by,
        version=2,
        ladder=_LADDER,
        sections=(
            _training_given(by),
            _plan_progress(by),
            Section("Working together", (_satisfied(by), feedback, settling)),
            Section("For the coordinator", (_talked(by), _WORK_POINTS, _rematch(by), _HELP)),
        ),
        next=_NEXT,
        source="REV-N3",
    )


def _early_check(by: Role) -> Questionnaire:
    """Some weeks after a match that others made: does it fit, or would one rather change (MAT-05, MAT-M09)."""
    fits = Question(
        id="satisfied",
        ask=f"How well does it fit so far, between you and your {_partner(by)}?",
        kind=Kind.SCALE,
        reads=REVIEW,
        low="It does not fit",
        high="It fits very well",
        source="MAT-M09",
    )
    return Questionnaire(
        id=f"early_check_{by}",
        title="Does it fit?",
        intro=(
            "You did not choose each other: we brought you together. So we would like to know early whether it fits. "
            f"It takes 2 minutes. Only the coordinator reads your answers; your {_partner(by)} does not."
        ),
        phase="review",
        by=by,
        ladder=_LADDER,
        sections=(
            Section("So far", (fits, _FREE_TO_SPEAK)),
            Section("If you would rather change", (_rematch(by), _HELP)),
        ),
        next=_NEXT,
        source="MAT-M09",
    )


FACILITATOR_REVIEW = Questionnaire(
    id="facilitator_review",
    title="Your look at the programme",
    intro=(
        "Once the answers of a round are in, take a moment to look at the programme as a whole. "
        "It takes about 15 minutes. Only coordinators read your answers, except for the last one."
    ),
    phase="review",
    by=Role.COORDINATOR,
    ladder=Ladder(
        due=14,
        remind=(7,),
        escalate=12,
        silence="The round closes without the coordinator's view, and the report says so.",
    ),
    sections=(
        Section(
            "Contact and meetings",
            (
                Question(
                    id="rev_f1",
                    ask="Are you in touch with the participants regularly?",
                    kind=Kind.YES_NO,
                    reads=REVIEW,
                    source="REV-F1",
                ),
                Question(
                    id="rev_f2",
                    ask="Has each pair had at least the number of meetings that was set?",
                    kind=Kind.YES_NO,
                    reads=REVIEW,
                    source="REV-F2",
                ),
                Question(
                    id="rev_f3",
                    ask="Do the pairs look back on their meetings and activities?",
                    kind=Kind.SCALE,
                    reads=REVIEW,
                    low="Hardly any pair does",
                    high="Every pair does",
                    source="REV-F3",
                ),
                Question(
                    id="rev_f4",
                    ask="Is the time spent in line with the time planned?",
                    kind=Kind.YES_NO,
                    reads=REVIEW,
                    source="REV-F4",
                ),
                Question(
                    id="rev_f5",
                    ask="Do you find the time to help and advise the pairs?",
                    kind=Kind.SCALE,
                    reads=REVIEW,
                    low="Hardly ever",
                    high="Whenever needed",
                    source="REV-F5",
                ),
            ),
        ),
        Section(
            "What stands out",
            (
                Question(
                    id="rev_f6",
                    ask="Which problems do you hear about more than once?",
                    kind=Kind.LONG_TEXT,
                    reads=REVIEW,
                    help='Write "none" if there are none.',
                    source="REV-F6",
                ),
                Question(
                    id="rev_f7",
                    ask="Which side effects do you notice, good or bad?",
                    kind=Kind.LONG_TEXT,
                    reads=REVIEW,
                    required=False,
                    source="REV-F7",
                ),
                Question(
                    id="rev_f8",
                    ask="What do you recommend?",
                    kind=Kind.LONG_TEXT,
                    reads=REVIEW,
                    source="REV-F8",
                ),
            ),
        ),
        Section(
            "Back to the participants",
            (
                Question(
                    id="changed",
                    ask="What will change because of what people have told us?",
                    kind=Kind.LONG_TEXT,
                    reads=Visibility.NOTICE,
                    help="We send this text to all participants. Leave out names.",
                    required=False,
                    source="REV-M09",
                ),
            ),
        ),
    ),
    next="The round is closed. If you wrote what will change, the participants hear it from us.",
    source="REV-M05",
)

FORMS: tuple[Questionnaire, ...] = (
    _check_in(Role.MENTOR),
    _check_in(Role.MENTEE),
    _pair_review(Role.MENTOR),
    _pair_review(Role.MENTEE),
    _new_hire_review(Role.MENTOR),
    _new_hire_review(Role.MENTEE),
    _early_check(Role.MENTOR),
    _early_check(Role.MENTEE),
    FACILITATOR_REVIEW,
)

FORM_OF: dict[tuple[str, Role], str] = {
    (kind, role): f"{kind}_{role}"
    for kind in ("check_in", "pair_review", "new_hire_review", "early_check")
    for role in (Role.MENTOR, Role.MENTEE)
}
"""The form that a role gets, by the kind of review."""
