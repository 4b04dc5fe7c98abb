"""What a pair rests on, in plain words: facts, rules, alternatives and what would help. Each value is a phrase."""

from collections.abc import Mapping, Sequence

from babel import Locale

from framework.content.recruitment import STYLES, TIMES
from framework.content.skills import SKILLS
from framework.matching.settings import Rule
from framework.matching.why import Change, Kind
from notifications.dates import WRITTEN_AS
from portal.page import Page

FACTS = {
    "goal_unknown": "There is no wish list, so nothing could count for it",
    "ambitions_unknown": "The reasons to take part are not known",
    "years_even": "As many years of experience",
    "years_even_reverse": "As many years of experience",
    "interests": "In common: %(list)s",
    "interests_none": "No interests in common that we know of",
    "language_same": "Both speak %(list)s",
    "language_common": "Different first languages; can talk in %(list)s",
    "language_none": "No language in common",
    "site_same": "Same site: %(list)s",
    "site_unknown": "Their sites are not known",
    "site_online": "They would meet online",
    "site_other": "Different sites: %(list)s",
    "channel_in_person": "Both like to meet in person",
    "channel_online": "Both like to meet online",
    "channel_both": "Both are happy to meet in person or online",
    "channel_other": "One likes to meet in person, the other online",
    "times": "Both have time: %(list)s",
    "times_none": "No part of the day suits both",
    "times_unknown": "When they have time is not known",
    "style": "Both like to work this way: %(list)s",
    "style_none": "They like to work in different ways, which can teach as well",
    "style_unknown": "How they like to work is not known",
    "preference_both": "They asked for each other",
    "preference_one": "One of the two asked for the other",
    "preference_none": "Neither asked for the other",
}
"""Facts without a number."""
COUNTED = {
    "goal": (
        "Can teach the one thing on the wish list: %(list)s",
        "Can teach %(done)s of %(num)s things on the wish list: %(list)s",
    ),
    "goal_none": (
        "Cannot teach the one thing on the wish list",
        "Can teach none of the %(num)s things on the wish list",
    ),
    "ambitions": (
        "Can help with the one reason to take part",
        "Can help with %(done)s of %(num)s reasons to take part",
    ),
    "ambitions_none": (
        "Cannot help with the one reason to take part",
        "Can help with none of the %(num)s reasons to take part",
    ),
    "years_lead": ("One year ahead", "%(num)s years ahead"),
    "years_little": ("Only one year ahead", "Only %(num)s years ahead"),
    "years_much": ("One year ahead: a wide gap", "%(num)s years ahead: a wide gap"),
    "years_behind": ("One year of experience less", "%(num)s years of experience less"),
    "years_lead_reverse": ("One year of experience less, as wished", "%(num)s years of experience less, as wished"),
    "years_little_reverse": ("Only one year of experience less", "Only %(num)s years of experience less"),
    "years_much_reverse": (
        "One year of experience less: a wide gap",
        "%(num)s years of experience less: a wide gap",
    ),
    "years_behind_reverse": (
        "One year of experience more, where fewer are wished",
        "%(num)s years of experience more, where fewer are wished",
    ),
}
"""Facts with a number: the phrase for one, and for more."""
SHORT = {
    "goal": "wish list",
    "ambitions": "reasons to take part",
    "experience": "experience",
    "interests": "interests",
    "language": "language",
    "site": "place",
    "channel": "way of meeting",
    "availability": "times of the day",
    "style": "way of working",
    "preference": "wishes by name",
}
FLAGS = {
    "bent": "Bends a rule",
    "no_goal": "Nothing of the wish list",
    "low": "Low score",
    "rival": "Somebody else fits about as well",
}
RULES = {
    Rule.UNAVAILABLE: "The two are available to each other",
    Rule.REPORTING_LINE: "Neither stands above the other, however far",
    Rule.OTHER_DEPARTMENT: "They work in different departments",
    Rule.SAME_DEPARTMENT: "They work in the same department",
    Rule.COMMON_LANGUAGE: "They share a language for a good talk",
    Rule.SAME_SITE: "They work at the same site, or meet online",
    Rule.OTHER_COUNTRY: "They work in different countries",
    Rule.SAME_COUNTRY: "They work in the same country",
    Rule.WAS_MENTEE: "Who guides has followed a programme before",
    Rule.MORE_EXPERIENCED: "Who guides has more years of experience",
}
"""What each rule asks of a pair."""
AGAINST = {
    Rule.UNAVAILABLE: "These two are not available to each other.",
    Rule.REPORTING_LINE: "One of the two stands above the other.",
    Rule.OTHER_DEPARTMENT: "They work in the same department.",
    Rule.SAME_DEPARTMENT: "They work in different departments.",
    Rule.COMMON_LANGUAGE: "They share no language for a good talk.",
    Rule.SAME_SITE: "They work at different sites, and meeting online does not suit both.",
    Rule.OTHER_COUNTRY: "They work in the same country.",
    Rule.SAME_COUNTRY: "They work in different countries.",
    Rule.WAS_MENTEE: "Who would guide has not followed a programme before.",
    Rule.MORE_EXPERIENCED: "Who would guide has not more years of experience.",
}
"""What stands against a pair, by the rule that it breaks."""
MEANS = {
    Rule.REPORTING_LINE: "What is said may weigh on somebody's work later, and people speak less freely.",
    Rule.OTHER_DEPARTMENT: "They share a chief and targets, so talking about a next step elsewhere is harder.",
    Rule.SAME_DEPARTMENT: "Who guides knows this work less, so questions about the job need somebody else.",
    Rule.COMMON_LANGUAGE: "They need help with language, or a lot of patience.",
    Rule.SAME_SITE: "Somebody has to travel for each meeting.",
    Rule.OTHER_COUNTRY: "They see less of how things are done elsewhere.",
    Rule.SAME_COUNTRY: "Time zones and habits differ, so plan meetings with care.",
    Rule.WAS_MENTEE: "Who guides has not seen it from the other side, so let the training come first.",
    Rule.MORE_EXPERIENCED: "Who guides may have little to tell that is new.",
}
"""What it means to bend each rule."""
ORIGINS = {
    "mutual": "They chose each other.",
    "pick": "Chosen from a list of wishes.",
    "lot": "Drawn by lot.",
    "chosen": "Chosen on the desk.",
}
LABELS = {one.id: one.label for one in (*SKILLS, *TIMES, *STYLES)}


def language(page: Page, code: str) -> str:
    """The name of a language, in the reader's: Dutch, Nederlands, néerlandais."""
    names: Mapping[str, str] = Locale.parse(WRITTEN_AS.get(page.language, page.language)).languages
    return names.get(code, code)


def option(page: Page, code: str) -> str:
    """What can be learned, a part of the day or a way of working, in the middle of a sentence."""
    label = page.say(LABELS.get(code, code))
    return label[:1].lower() + label[1:]


def fact(page: Page, code: str, data: Mapping[str, object]) -> str:
    """A fact of `framework.matching.facts` as a short sentence."""
    told = page.listed(_items(page, data))
    if code not in COUNTED:
        return page.say(FACTS[code], list=told)
    number = data.get("of", data.get("years", 0))
    done = data.get("served", len(_names(data.get("taught"))))
    return page.count(*COUNTED[code], int(str(number)), done=done, list=told)


def _items(page: Page, data: Mapping[str, object]) -> list[str]:
    if chosen := data.keys() & {"taught", "times", "styles"}:
        return [option(page, one) for name in chosen for one in _names(data[name])]
    if "language" in data or "languages" in data:
        return [language(page, one) for one in _names(data.get("languages") or [data.get("language")])]
    return [one for one in _names(data.get("shared") or data.get("sites") or [data.get("site", "")]) if one]


def _names(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, Sequence) and not isinstance(value, str) else []


def factors(page: Page, codes: Sequence[str]) -> str:
    """Some factors in a row, in few words."""
    return page.listed([page.say(SHORT.get(code, code)) for code in codes])


def change(page: Page, one: Change, names: Mapping[int, str]) -> str:
    """What would help somebody who has nobody, as something to do."""
    name = names.get(one.mentor or 0, "")
    match one.kind:
        case Kind.PLACE:
            return page.say("Ask %(name)s whether there is room for one more.", name=name)
        case Kind.RULE if one.rule:
            rule = page.say(RULES[one.rule])
            return page.say("Set this rule aside for this person: “%(rule)s”.", rule=rule)
        case _:
            spoken = language(page, one.language)
            return page.say("Ask whether a talk in %(language)s would do as well.", language=spoken)
