"""The desk's vocabulary: codes of the database in plain words. Each value is a phrase of the catalogues."""

from collections.abc import Callable

from framework.people import Role
from framework.signals import THRESHOLDS

PHASES = {
    "readiness": "Readiness",
    "recruitment": "Recruitment",
    "selection": "Selection",
    "matching": "Matching",
    "training": "Training",
    "agreement": "Agreements",
    "meetings": "Meetings",
    "review": "Review",
    "closure": "Celebration",
    "evaluation": "Evaluation",
}
KINDS = {
    "check_in": "short check",
    "pair_review": "review by the pair",
    "new_hire_review": "review of the first months",
    "early_check": "early check: does it fit?",
    "final": "final evaluation",
    "again": "another round",
}
FOLLOW_UP = "follow-up after %(months)s months"
STATES = {
    "Planned": "Planned",
    "Opened": "Under way",
    "Active": "Under way",
    "Completed": "Done",
    "Awaiting-Coordinator": "Waits for you",
    "Awaiting-Team": "Waits for the project team",
    "Awaiting-Calls": "Announced; the calls follow",
    "Awaiting-Answers": "Waits for answers",
    "Awaiting-Managers": "Waits for line managers",
    "Awaiting-Mentors": "Waits for the answers of %(mentors)s",
    "Awaiting-Participants": "Waits for those who take part",
    "Awaiting-Sessions": "Waits for the training",
    "Awaiting-Wishes": "Waits for people's choices",
    "Awaiting-Signatures": "Waits for signatures",
    "Cancelled": "Cancelled",
}
COUNTS = {
    "asked": "asked",
    "answered": "answered",
    "open": "still open",
    "undecided": "to decide",
    "to_mark": "to decide",
    "told": "told",
    "called": "called",
    "nominated": "named by somebody",
    "mentors": "%(mentors)s",
    "mentees": "%(mentees)s",
    "places": "places",
    "proposed": "proposed",
    "pairs": "pairs",
    "unmatched": "without a partner",
    "enrolled": "enrolled",
    "attended": "attended",
    "owing": "still to follow it",
    "agreements": "agreements",
    "active": "active",
    "planned": "planned",
    "held": "held",
    "missed": "missed",
    "unconfirmed": "unconfirmed",
    "below_minimum": "meeting too seldom",
    "signals": "signals",
    "ends": "looked back",
    "stories": "stories",
    "certificates": "certificates",
    "score": "score of 100",
    "goals_reached": "goals reached",
    "promoted": "promoted",
    "messages": "messages",
}
ASKED = {
    Role.MENTOR: "%(mentors)s",
    Role.MENTEE: "%(mentees)s",
    Role.LINE_MANAGER: "line managers",
    Role.COORDINATOR: "you",
    Role.TEAM: "project team",
    Role.SPONSOR: "sponsor",
}
MAILS = {
    "sent": "sent",
    "queued": "on the way",
    "draft": "waiting for your word",
    "held": "held for print",
    "printed": "on paper",
    "unsure": "perhaps not arrived",
    "refused": "refused",
    "dead": "not delivered",
    "cancelled": "no longer needed",
}
MAIL_STATES = {"leased": "queued", "sending": "queued", "bundled": "queued", "inside": "sent"}
FACTORS = {
    "goal": "What one wants to learn and the other can teach",
    "ambitions": "Reasons to take part that the other can answer",
    "experience": "A good difference in experience",
    "interests": "Interests in common",
    "language": "The same language",
    "site": "Easy to meet",
    "channel": "The same way of meeting",
    "availability": "Time at the same moments",
    "style": "The same way of working together",
    "preference": "Asked for by name",
}
WEIGHING = {
    "style": "how alike they work; a difference can teach too: then leave it at 0",
    "preference": "nobody is told who asked for whom",
}
"""What to know before one gives a factor a weight (MAT-22, MAT-Q14)."""
CARD = {"topics": "Can help with:", "competences": "Wants to learn:", "languages": "Speaks:"}
MEASURES = {
    "satisfied_least": "lowest score: %(value)s of 5",
    "satisfied_gap": "%(value)s steps apart on a scale of 5",
    "rematch": "asked by %(value)s of the two",
    "time_least": "lowest score: %(value)s of 5",
    "free_least": "lowest score: %(value)s of 5",
    "credit": "",
    "meetings_short": "short of the minimum: %(value)s",
    "silent": "",
    "unsigned": "",
    "refused": "",
    "missed": "in a row: %(value)s",
}
SAYS = {(threshold.code, threshold.measure): threshold.says for threshold in THRESHOLDS}
RISKS = {
    "RSK-01": "A new colleague hears too little or too much",
    "RSK-02": "The training on the job falls short",
    "RSK-03": "There is little or no feedback",
    "RSK-04": "An answer or a signature is missing",
    "RSK-05": "There is not enough time",
    "RSK-06": "Somebody takes part without really wanting to",
    "RSK-07": "Credit for work is at stake",
    "RSK-08": "Mentoring is used as an extra pair of hands",
    "RSK-09": "The match may not work",
    "RSK-10": "Trust may be at risk",
    "RSK-11": "People are disappointed",
    "RSK-12": "There is too much or too little guidance",
    "RSK-13": "The first step is left to the other",
    "RSK-14": "Meetings do not take place",
    "RSK-15": "The same people are asked each time",
    "RSK-16": "There are too few %(mentors)s",
    "RSK-17": "A relation fades without an end",
    "RSK-18": "The follow-up stops too early",
    "RSK-19": "The line manager has not consented",
    "RSK-20": "Mentoring is not well understood",
    "RSK-21": "Some groups are not reached",
    "RSK-22": "Too few people take part",
    "RSK-23": "Somebody leaves",
    "RSK-24": "There is no backing from above",
    "RSK-25": "Somebody with rare knowledge leaves soon",
    "RSK-26": "Something personal was passed on",
    "RSK-27": "The role is misunderstood",
}
WAYS = {
    "site": "Site",
    "department": "Department",
    "level": "Grade",
    "country": "Country",
    "language": "Language",
    "gender": "Gender",
}
UNDERSTOOD = {"yes": "yes", "partly": "partly", "no": "no"}
LANGUAGES = {"en": "English", "nl": "Nederlands", "fr": "Français", "de": "Deutsch"}

Say = Callable[..., str]


def plain(code: str) -> str:
    """A code that has no phrase yet, made legible."""
    return code.replace("-", " ").replace("_", " ").capitalize()


def milestone(say: Say, phase: str, kind: str) -> str:
    """The name of a milestone: its phase, and what tells its round apart."""
    name = say(PHASES.get(phase, plain(phase)))
    if kind.startswith("follow_up_"):
        return f"{name}: {say(FOLLOW_UP, months=kind.removeprefix('follow_up_'))}"
    return f"{name}: {say(KINDS[kind])}" if kind in KINDS else name


def signal(say: Say, code: str, measure: str = "", value: int = 0) -> str:
    """A finding in plain words, with the number behind it where that says more."""
    said = say(SAYS.get((code, measure), RISKS.get(code, code)))
    number = MEASURES.get(measure, f"{plain(measure)}: %(value)s" if measure else "")
    return f"{said} ({say(number, value=value)})" if number else said
