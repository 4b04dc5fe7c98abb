"""The start of a relationship: the agreement, its signatures, and the line manager's consent (REL).

The growth contract is a draft by the mentee, the new-hire agreement one by the mentor; the other of the pair signs with
`contract_signature`. What the line manager reads is the plan; limits and ways to reach each other stay with the pair.
"""

from framework.content.talks import MEDIA, TOPICS
from framework.people import Role
from framework.questions import Column, Kind, Ladder, Option, Question, Questionnaire, Section, When
from framework.visibility import Visibility

CONTRACT, PERSONAL, CONTENT = Visibility.CONTRACT, Visibility.PERSONAL, Visibility.CONTENT

_SIGNED_NEXT = (
    "The other one of the two of you now gets the agreement to read and sign. "
    "If something has to change, you get it back with a remark."
)
_PAIR_LADDER = Ladder(
    due=14,
    remind=(6, 10),
    escalate=12,
    silence="The coordinator calls the pair. No meetings are planned before both have signed.",
)

GROWTH_CONTRACT = Questionnaire(
    id="growth_contract",
    title="Our agreement",
    intro=(
        "Sit down with your %(mentor)s and write down what the two of you agree. "
        "Clear agreements at the start spare you misunderstandings later. It takes about 30 minutes. "
        "Your line manager and the coordinator read it too, except for what stays between the two of you."
    ),
    phase="agreement",
    by=Role.MENTEE,
    ladder=_PAIR_LADDER,
    sections=(
        Section(
            "What you want to reach",
            (
                Question(
                    id="rel_c01",
                    ask="What do the two of you expect of each other?",
                    kind=Kind.LONG_TEXT,
                    reads=CONTRACT,
                    help="Let each of you name two or three things.",
                    source="REL-C01",
                ),
                Question(
                    id="rel_c02",
                    ask="What do you want to learn, and why does it matter for your work?",
                    kind=Kind.LONG_TEXT,
                    reads=CONTRACT,
                    help="Be concrete, and choose something that can be reached in the time you have.",
                    source="REL-C02",
                ),
                Question(
                    id="rel_c02_plan",
                    ask="Which steps will take you there?",
                    kind=Kind.ROWS,
                    reads=CONTRACT,
                    help="One step a line. Small steps with a date help. You can still change them together.",
                    columns=(
                        Column("goal", "What for", Kind.TEXT),
                        Column("step", "Step", Kind.TEXT),
                        Column("by", "By when", Kind.DATE),
                    ),
                    most=8,
                    required=False,
                    source="REL-C02",
                ),
                Question(
                    id="rel_c02_measure",
                    ask="How will you see that you have got there?",
                    kind=Kind.TEXT,
                    reads=CONTRACT,
                    help="One line is enough. For example: I lead the team meeting on my own.",
                    source="REL-C02",
                ),
                Question(
                    id="rel_c03_months",
                    ask="For how long do you agree to work together at first?",
                    kind=Kind.NUMBER,
                    reads=CONTRACT,
                    help="Choose a period that suits your goal. You can extend it later.",
                    unit="months",
                    source="REL-C03",
                ),
                Question(
                    id="rel_c09",
                    ask="Which career matters will you take to your line manager?",
                    kind=Kind.LONG_TEXT,
                    reads=CONTRACT,
                    help=(
                        "For example your development plan. Decisions about your job are made there, not in mentoring."
                    ),
                    required=False,
                    source="REL-C09",
                ),
            ),
        ),
        Section(
            "How you work together",
            (
                Question(
                    id="rel_c05",
                    ask=(
                        "You agree on your roles. You take the lead and prepare the meetings. Your %(mentor)s listens, "
                        "asks questions and shares experience, and never appraises your work."
                    ),
                    kind=Kind.CONFIRM,
                    reads=CONTRACT,
                    source="REL-C05",
                ),
                Question(
                    id="rel_c06_every",
                    ask="How often will you meet?",
                    kind=Kind.CHOICE,
                    reads=CONTRACT,
                    options=(
                        Option("weekly", "Every week"),
                        Option("fortnightly", "Every two weeks"),
                        Option("monthly", "Every month"),
                        Option("as_needed", "When there is a need"),
                    ),
                    source="REL-C06",
                ),
                Question(
                    id="rel_c06_number",
                    ask="How many times do you want to meet in that period?",
                    kind=Kind.NUMBER,
                    reads=CONTRACT,
                    unit="meetings",
                    required=False,
                    source="REL-C06",
                ),
                Question(
                    id="rel_c06_medium",
                    ask="How will you talk to each other?",
                    kind=Kind.CHOICES,
                    reads=CONTRACT,
                    options=MEDIA,
                    help="Choose all that suit both of you.",
                    source="REL-C06",
                ),
                Question(
                    id="rel_c07_hours",
                    ask="How much time will your %(mentor)s give to this?",
                    kind=Kind.NUMBER,
                    reads=CONTRACT,
                    help="Count the meetings and the preparation.",
                    unit="hours a month",
                    source="REL-C07",
                ),
                Question(
                    id="rel_c15",
                    ask="Which rules do you set for your contact?",
                    kind=Kind.TEXT,
                    reads=CONTRACT,
                    help="For example: answer within two days, and cancel the day before at the latest.",
                    source="REL-C15",
                ),
            ),
        ),
        Section(
            "Between the two of you",
            (
                Question(
                    id="rel_c04",
                    ask="Which subjects do you leave out of your talks?",
                    kind=Kind.CHOICES,
                    reads=PERSONAL,
                    help="Tick them, or add your own. You need not give a reason, and you may leave nothing out.",
                    options=TOPICS,
                    own=True,
                    required=False,
                    source="REL-C04, LEG-19",
                ),
                Question(
                    id="rel_c11",
                    ask="How can you best reach each other?",
                    kind=Kind.TEXT,
                    reads=PERSONAL,
                    help="For example a phone number each, and the best hours.",
                    source="REL-C11",
                ),
            ),
            intro="Only you and your %(mentor)s can read these two answers.",
        ),
        Section(
            "What you promise each other",
            (
                Question(
                    id="rel_c08",
                    ask="What you tell each other stays between the two of you, unless you both agree to share it.",
                    kind=Kind.CONFIRM,
                    reads=CONTRACT,
                    source="REL-C08",
                ),
                Question(
                    id="rel_c10",
                    ask="At set times you look back together: does mentoring still help you towards your goal?",
                    kind=Kind.CONFIRM,
                    reads=CONTRACT,
                    help="We send each of you a short list of questions for this.",
                    source="REL-C10",
                ),
                Question(
                    id="rel_c12",
                    ask=(
                        "If it does not work, either of you may stop. "
                        "Nobody is blamed, and nobody has to explain in public."
                    ),
                    kind=Kind.CONFIRM,
                    reads=CONTRACT,
                    help="A word to the coordinator is enough.",
                    source="REL-C12",
                ),
                Question(
                    id="rel_c13",
                    ask="You know that your line manager is asked to consent to this agreement.",
                    kind=Kind.CONFIRM,
                    reads=CONTRACT,
                    help="What you say in your meetings is never shown to your line manager.",
                    source="REL-C13",
                ),
                Question(
                    id="signature",
                    ask="Type your name to sign",
                    kind=Kind.SIGNATURE,
                    reads=CONTRACT,
                    source="REL-C14",
                ),
            ),
        ),
    ),
    version=2,
    next=_SIGNED_NEXT,
    source="CAP-124",
)

NEW_HIRE_AGREEMENT = Questionnaire(
    id="new_hire_agreement",
    title="Our agreement for the first months",
    intro=(
        "Fill this in together with your %(mentee)s in the first days. It says what there is to learn, who helps with "
        "what, and what stays between the two of you. It takes about 20 minutes. "
        "The line manager and the coordinator read it too."
    ),
    phase="agreement",
    by=Role.MENTOR,
    ladder=_PAIR_LADDER,
    sections=(
        Section(
            "A good start",
            (
                Question(
                    id="rel_n01",
                    ask="You have taken time to get to know each other.",
                    kind=Kind.CONFIRM,
                    reads=CONTRACT,
                    source="REL-N01",
                ),
                Question(
                    id="rel_n02",
                    ask="You have explained what you do as %(mentor)s and how you like to work together.",
                    kind=Kind.CONFIRM,
                    reads=CONTRACT,
                    source="REL-N02",
                ),
                Question(
                    id="rel_n09",
                    ask="You have said out loud that you trust your %(mentee)s to succeed here.",
                    kind=Kind.CONFIRM,
                    reads=CONTRACT,
                    source="REL-N09",
                ),
            ),
        ),
        Section(
            "What there is to learn",
            (
                Question(
                    id="rel_n03",
                    ask="Which skills does this job ask for, and how will your %(mentee)s learn them?",
                    kind=Kind.ROWS,
                    reads=CONTENT,
                    help="This is the training plan: one skill a line, with a date if you can.",
                    columns=(
                        Column("skill", "Skill", Kind.TEXT),
                        Column("how", "How to learn it", Kind.TEXT),
                        Column("by", "By when", Kind.DATE),
                    ),
                    most=12,
                    source="REL-N03",
                ),
                Question(
                    id="rel_n08_weeks",
                    ask="How long will you guide your %(mentee)s?",
                    kind=Kind.NUMBER,
                    reads=CONTRACT,
                    unit="weeks",
                    source="REL-N08",
                ),
                Question(
                    id="rel_n08",
                    ask="On which day does this agreement end?",
                    kind=Kind.DATE,
                    reads=CONTRACT,
                    help="It ends by itself on that day, unless the two of you agree to go on.",
                    source="REL-N08",
                ),
            ),
        ),
        Section(
            "Working together with others",
            (
                Question(
                    id="rel_n04",
                    ask="What do the line manager and the colleagues take care of, and what do you?",
                    kind=Kind.LONG_TEXT,
                    reads=CONTRACT,
                    help="Name who explains what, so that nothing is told twice or forgotten.",
                    source="REL-N04",
                ),
                Question(
                    id="rel_n06",
                    ask="What do the two of you agree about working together?",
                    kind=Kind.LONG_TEXT,
                    reads=CONTRACT,
                    help="For example when you sit together, and what to do with a question in between.",
                    source="REL-N06",
                ),
                Question(
                    id="rel_n07",
                    ask="When is the line manager brought in?",
                    kind=Kind.LONG_TEXT,
                    reads=CONTRACT,
                    help="Let your %(mentee)s take the first step whenever possible.",
                    source="REL-N07",
                ),
                Question(
                    id="rel_n05",
                    ask=(
                        "You join the regular talks about progress. "
                        "Appraising the work is up to the line manager alone."
                    ),
                    kind=Kind.CONFIRM,
                    reads=CONTRACT,
                    source="REL-N05",
                ),
            ),
        ),
        Section(
            "What is shared, and what is not",
            (
                Question(
                    id="rel_n10",
                    ask="Progress with the work itself is discussed with the line manager, and both of you know this.",
                    kind=Kind.CONFIRM,
                    reads=CONTRACT,
                    source="REL-N10",
                ),
                Question(
                    id="rel_n11",
                    ask=(
                        "Personal matters stay with you. They go to the line manager only if your %(mentee)s asks for "
                        "it, and you do it together."
                    ),
                    kind=Kind.CONFIRM,
                    reads=CONTRACT,
                    source="REL-N11",
                ),
                Question(
                    id="rel_n12",
                    ask="You carry no messages, pass on no secrets and check up on nobody.",
                    kind=Kind.CONFIRM,
                    reads=CONTRACT,
                    source="REL-N12",
                ),
                Question(
                    id="signature",
                    ask="Type your name to sign",
                    kind=Kind.SIGNATURE,
                    reads=CONTRACT,
                    source="LEG-21",
                ),
            ),
        ),
    ),
    version=2,
    next=_SIGNED_NEXT,
    source="CAP-124",
)

CONTRACT_SIGNATURE = Questionnaire(
    id="contract_signature",
    title="Read and sign",
    intro=(
        "The agreement between the two of you is ready. Please read it calmly and sign, or say what should change. "
        "This takes about 5 minutes."
    ),
    phase="agreement",
    by=Role.MENTOR,
    ladder=Ladder(
        due=7,
        remind=(3, 5),
        escalate=6,
        silence="The coordinator calls the pair. No meetings are planned before both have signed.",
    ),
    sections=(
        Section(
            "Your answer",
            (
                Question(
                    id="agree",
                    ask="Do you agree with this text?",
                    kind=Kind.YES_NO,
                    reads=CONTRACT,
                    source="REL-C14",
                ),
                Question(
                    id="signature",
                    ask="Type your name to sign",
                    kind=Kind.SIGNATURE,
                    reads=CONTRACT,
                    when=When("agree", ("yes",)),
                    source="LEG-21",
                ),
                Question(
                    id="remark",
                    ask="What should change?",
                    kind=Kind.LONG_TEXT,
                    reads=PERSONAL,
                    help="Only the two of you can read this.",
                    when=When("agree", ("no",)),
                    source="REL-M03",
                ),
            ),
        ),
    ),
    next=(
        "If you have signed, you both get a copy, and you can plan your first meetings. "
        "If you asked for a change, the text goes back to be adapted."
    ),
    source="CAP-124",
)

MANAGER_CONSENT = Questionnaire(
    id="manager_consent",
    title="Your consent to mentoring",
    intro=(
        "One of your people has made an agreement to be mentored. You see the goal, the period and the time it takes; "
        "the talks themselves stay between the two of them. Please tell us whether you consent. "
        "This takes about 5 minutes."
    ),
    phase="agreement",
    by=Role.LINE_MANAGER,
    ladder=Ladder(
        due=7,
        remind=(3, 5),
        escalate=6,
        silence="After the due day the coordinator speaks with the line manager. The pair may start meeting.",
    ),
    sections=(
        Section(
            "Your answer",
            (
                Question(
                    id="consent",
                    ask="Do you consent to this agreement?",
                    kind=Kind.YES_NO,
                    reads=CONTRACT,
                    source="REL-C13",
                ),
                Question(
                    id="remark",
                    ask="Is there anything you would like to add?",
                    kind=Kind.LONG_TEXT,
                    reads=CONTRACT,
                    help="The pair and the coordinator read what you write here.",
                    required=False,
                    source="REL-M04",
                ),
            ),
        ),
    ),
    next=(
        "If you consent, the pair can go ahead as agreed. "
        "If you do not, the coordinator contacts you to look for a solution."
    ),
    source="LEG-14",
)

FORMS: tuple[Questionnaire, ...] = (GROWTH_CONTRACT, NEW_HIRE_AGREEMENT, CONTRACT_SIGNATURE, MANAGER_CONSENT)
