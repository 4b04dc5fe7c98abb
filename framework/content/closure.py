"""The end of a relationship: what it has brought, what comes next, a story to tell, and a leaver's view (FRE, CEL).

The final questions are asked at every end: planned, early, or after a trial period (FRE-01). A story is published only
where its writer says so, channel by channel (LEG-29).
"""

from framework.people import Role
from framework.questions import Kind, Ladder, Option, Question, Questionnaire, Section, When
from framework.visibility import Visibility

REVIEW, CONTENT, STORY, PERSONAL = Visibility.REVIEW, Visibility.CONTENT, Visibility.STORY, Visibility.PERSONAL

CHANNELS: tuple[Option, ...] = (
    Option("newsletter", "In the staff newsletter"),
    Option("intranet", "On the intranet"),
    Option("event", "Read out at the closing event"),
    Option("website", "On the public website"),
    Option("none", "Nowhere: only the coordinator may read it"),
)
"""Where a story may appear; `none` outweighs whatever is ticked beside it."""

_RESULTS = (
    Question(
        id="goal_reached",
        ask="How far has the goal been reached?",
        kind=Kind.SCALE,
        reads=REVIEW,
        high="Completely",
        source="MET-07",
    ),
    Question(
        id="fre_q1",
        ask="What has mentoring brought each of you that you had hoped for?",
        kind=Kind.LONG_TEXT,
        reads=REVIEW,
        help="Think of knowledge, habits, tasks, or the part you play at work.",
        source="FRE-Q1",
    ),
    Question(
        id="fre_q1b",
        ask="And what has it brought that you had not expected?",
        kind=Kind.LONG_TEXT,
        reads=REVIEW,
        required=False,
        source="FRE-Q1",
    ),
    Question(
        id="fre_q2",
        ask="What did not work out, and what was the reason?",
        kind=Kind.LONG_TEXT,
        reads=REVIEW,
        help='If everything worked out, write "nothing".',
        source="FRE-Q2",
    ),
)


def _needs(by: Role) -> Section:
    """What there is to learn next, whether another mentor could help (FRE-D1), and recommendations."""
    mentee = by is Role.MENTEE
    another = (
        "Is there something else you would like to learn with another %(mentor)s?"
        if mentee
        else "Could another %(mentor)s help your %(mentee)s with something else?"
    )
    questions = (
        Question(
            id="fre_q3",
            ask="What would you like to learn in the coming years?"
            if mentee
            else "What could your %(mentee)s learn in the coming years?",
            kind=Kind.LONG_TEXT,
            reads=REVIEW,
            required=False,
            source="FRE-Q3",
        ),
        Question(id="fre_q4", ask=another, kind=Kind.YES_NO, reads=REVIEW, source="FRE-Q4"),
        Question(
            id="fre_q4b",
            ask="What would that be?",
            kind=Kind.LONG_TEXT,
            reads=REVIEW,
            when=When("fre_q4", ("yes",)),
            source="FRE-Q4",
        ),
    )
    mentor_oneself = Question(
        id="become_mentor",
        ask="Would you like to help someone else in the same way one day?",
        kind=Kind.YES_NO,
        reads=REVIEW,
        help="If you say yes, we may ask you when we look for %(mentors)s. You promise nothing now.",
        source="FRE-D1",
    )
    in_touch = Question(
        id="stay_in_touch",
        ask="Do the two of you want to stay in touch, on your own account?",
        kind=Kind.YES_NO,
        reads=REVIEW,
        help="You are free to. We note it and do not follow it.",
        required=False,
        source="FRE-02",
    )
    return Section("What comes next", (*questions, mentor_oneself, in_touch) if mentee else (*questions, in_touch))


_RECOMMENDATIONS = Section(
    "Recommendations",
    (
        Question(
            id="fre_q5",
            ask="Which next steps do you recommend?",
            kind=Kind.LONG_TEXT,
            reads=CONTENT,
            help="For example a course, a task to take on, or someone to meet.",
            required=False,
            source="FRE-Q5",
        ),
    ),
    intro="This part can be read by both of you, and for new colleagues by the line manager too.",
)


def _relationship_end(by: Role) -> Questionnaire:
    """The five final questions, answered by each apart (CAP-175)."""
    return Questionnaire(
        id=f"relationship_end_{by}",
        title="The end of your mentoring",
        intro=(
            "Your time of mentoring together comes to an end. "
            "Tell us what it has brought, what not, and what comes next. It takes about 10 minutes. "
            "Only the coordinator reads your answers, except for your recommendations."
        ),
        phase="closure",
        by=by,
        ladder=Ladder(
            due=14,
            remind=(5, 10),
            silence="The relationship is closed without these answers, and the evaluation counts them as missing.",
        ),
        version=2,
        sections=(Section("What it has brought", _RESULTS), _needs(by), _RECOMMENDATIONS),
        next="The coordinator reads your answers and helps with what comes next. You may of course stay in touch.",
        source="CAP-175",
    )


_OTHERS = Question(
    id="others",
    ask="Can somebody else be recognised in your story?",
    kind=Kind.CHOICE,
    reads=STORY,
    options=(
        Option("nobody", "No"),
        Option("agreed", "Yes, and they agree to it"),
        Option("not_asked", "Yes, and I have not asked them yet"),
    ),
    help="A story in which others can be recognised is published only once they agree.",
    source="LEG-29",
)


def _story(by: Role) -> Questionnaire:
    """A story with consent for each channel, and a word of thanks to the other (CEL-M02, CEL-M03)."""
    partner = "%(mentor)s" if by is Role.MENTEE else "%(mentee)s"
    return Questionnaire(
        id=f"story_{by}",
        title="Your story",
        intro=(
            "What you have been through together may inspire others. Tell us about one moment that mattered. "
            "It takes about 10 minutes. You decide where it may be published, and you may leave this out altogether."
        ),
        phase="closure",
        by=by,
        ladder=Ladder(due=14, remind=(7,), silence="No story is published, and nobody asks why."),
        sections=(
            Section(
                "Your story",
                (
                    Question(
                        id="story",
                        ask="Which moment will you remember, and what has it changed?",
                        kind=Kind.LONG_TEXT,
                        reads=STORY,
                        help=f"A few sentences are enough. Name your {partner} only if you have asked first.",
                        source="CEL-03",
                    ),
                    _OTHERS,
                    Question(
                        id="channels",
                        ask="Where may we publish it?",
                        kind=Kind.CHOICES,
                        reads=STORY,
                        options=CHANNELS,
                        help="We use it only where you allow it. Tell the coordinator if you change your mind.",
                        source="LEG-29, CAP-184",
                    ),
                ),
            ),
            Section(
                "A word of thanks",
                (
                    Question(
                        id="thanks",
                        ask=f"What would you like to say to your {partner}?",
                        kind=Kind.LONG_TEXT,
                        reads=PERSONAL,
                        help="Only the two of you can read this.",
                        required=False,
                        source="CEL-M03",
                    ),
                ),
            ),
        ),
        version=2,
        next="The coordinator reads your story and publishes it only where you allow it.",
        source="CEL-M02",
    )


EXIT_INTERVIEW = Questionnaire(
    id="exit_interview",
    title="Before you go",
    intro=(
        "You are leaving %(company)s or the programme. We would like to learn from what you have seen of mentoring. "
        "Only the coordinator reads your answers. It takes about 4 minutes, and you may leave it out."
    ),
    phase="closure",
    by=Role.MENTEE,
    ladder=Ladder(due=10, remind=(5,), silence="Nothing: who leaves owes no answer.", wakes=False),
    sections=(
        Section(
            "Looking back",
            (
                Question(
                    id="leaving",
                    ask="What are you leaving?",
                    kind=Kind.CHOICE,
                    reads=REVIEW,
                    options=(Option("company", "My job at %(company)s"), Option("programme", "Only this programme")),
                    source="CAP-183",
                ),
                Question(
                    id="brought",
                    ask="What has mentoring brought you while you were here?",
                    kind=Kind.LONG_TEXT,
                    reads=REVIEW,
                    required=False,
                    source="FRE-04",
                ),
                Question(
                    id="part",
                    ask="Did mentoring have anything to do with your leaving?",
                    kind=Kind.CHOICE,
                    reads=REVIEW,
                    options=(
                        Option("stayed", "No, it was rather a reason to stay"),
                        Option("none", "No, nothing at all"),
                        Option("grew", "Yes, it helped me to take this step"),
                        Option("left", "Yes, it was one of the reasons to leave"),
                    ),
                    help="You need not answer.",
                    required=False,
                    source="MET-36",
                ),
                Question(
                    id="better",
                    ask="What should we do differently?",
                    kind=Kind.LONG_TEXT,
                    reads=REVIEW,
                    required=False,
                    source="FRE-04",
                ),
                Question(
                    id="hand_over",
                    ask="Is there something that only you know, and that a colleague should learn before you go?",
                    kind=Kind.LONG_TEXT,
                    reads=REVIEW,
                    help="The coordinator discusses with you who that could be.",
                    required=False,
                    source="CAP-196",
                ),
                Question(
                    id="recommend",
                    ask="Would you recommend mentoring here to a colleague?",
                    kind=Kind.YES_NO,
                    reads=REVIEW,
                    source="CAP-183",
                ),
            ),
        ),
    ),
    next="The coordinator reads your answers. We wish you all the best.",
    source="CAP-183",
)

FORMS: tuple[Questionnaire, ...] = (
    _relationship_end(Role.MENTOR),
    _relationship_end(Role.MENTEE),
    _story(Role.MENTOR),
    _story(Role.MENTEE),
    EXIT_INTERVIEW,
)

FORM_OF: dict[tuple[str, Role], str] = {
    (kind, role): f"{kind}_{role}" for kind in ("relationship_end", "story") for role in (Role.MENTOR, Role.MENTEE)
}
"""The form that a role gets at the end of a relationship."""
