"""The words of the pages of dates. Each value is a phrase of the catalogues."""

from collections.abc import Mapping

from framework.by_hand import Deed

DEEDS: Mapping[str, str] = {
    Deed.MOVE: "Another first day",
    Deed.UNTIL: "Another last day",
    Deed.CALL_OFF: "Take it off the calendar",
}
DONE: Mapping[str, str] = {
    Deed.MOVE: "%(phase)s, from %(day)s on",
    Deed.UNTIL: "%(phase)s, until %(day)s",
    Deed.CALL_OFF: "%(phase)s is taken off the calendar",
}
"""What a word says, in short."""

REFUSED: Mapping[str, str] = {
    "opened": "%(phase)s opened on %(day)s, so its first day stays. It can get another last day.",
    "passed": "That day has passed. Choose %(day)s or later.",
    "over": "%(phase)s is over, so its last day stays.",
    "too_soon": "%(phase)s can close on %(day)s at the earliest.",
    "called": "People have been asked to take part. A programme in which people take part ends with its celebration.",
    "begun": "%(phase)s has begun or is over. One that is open can get an earlier last day.",
    "waits": "%(phase)s was planned for people who wait; it would be planned again.",
    "must_attend": "Nobody begins without the training, so the programme's settings say. Move it instead.",
    "rests": "Everything after %(phase)s rests on it. Move it instead.",
    "a_year": "One follow-up falls a year or more after the end, and this is the last of those. Move it instead.",
    "follows": "%(phase)s follows what comes before it. Choose %(day)s or later.",
    "then_passed": "%(phase)s would then open on %(day)s, which has passed.",
    "then_late": "%(phase)s would then open on %(day)s, when the meetings are over. Move that first, or take it off.",
}
"""Why the dates cannot be changed so, by the short word of `framework.replanning.Refused`."""

MISSING = {"what": "Choose one of the answers.", "day": "Choose a day."}
"""What the form still wants."""

TABLES = (DEEDS, DONE, REFUSED, MISSING)
