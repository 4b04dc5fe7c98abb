"""A company of any size as arrays, skewed as companies are, and the scores of its pairs: career growth.

Mentor and mentee: another department, a language that both work in, a common hour, a higher level, not in one line.
Every factor that sees the mentee through a class only is a row of one table; a block of scores is one product with
it, and the interests and the calendar are added. Whole numbers below 2 ** 24 all the way: float32 is exact.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Rows = slice | Ints

FORBIDDEN, NEVER = -20_000, -10_000_000
MENTORS_FOR_EACH_MENTEE = 0.6
DEPARTMENTS = (0.22, 0.16, 0.12, 0.10, 0.08, 0.07, 0.06, 0.05, 0.04, 0.03, 0.03, 0.02, 0.01, 0.01)
# share, chance of fluent English, hours east of London, own language (0 is English)
COUNTRIES = (
    *((0.20, 1.0, 0, 0), (0.14, 0.75, 1, 1), (0.11, 0.60, 1, 2), (0.08, 0.90, 1, 3), (0.06, 0.75, 1, 2)),
    *((0.07, 0.55, 1, 4), (0.06, 0.55, 1, 5), (0.07, 0.65, 1, 6), (0.03, 0.90, 1, 7), (0.03, 0.80, 1, 1)),
    *((0.03, 0.70, 2, 8), (0.03, 1.0, 2, 0), (0.025, 0.85, 3, 9), (0.02, 0.55, 2, 9), (0.02, 0.50, 3, 10)),
    *((0.01, 1.0, 1, 0), (0.025, 0.90, 3, 11), (0.015, 0.65, 0, 4)),
)
LANGUAGES, LEVELS, INTERESTS, STYLES, YEARS = 12, 11, 40, 8, 45
GENERIC, OWN = 20, 10  # skills of everybody, and of each department
SKILLS = GENERIC + OWN * len(DEPARTMENTS)
DAYS, HOURS = 5, 8
GOALS = ((100,), (65, 35), (50, 30, 20), (40, 30, 20, 10))
GOAL, AMBITION, GAP, SHARED, LANGUAGE, CALENDAR, STYLE = 350, 150, 150, 100, 100, 100, 50
STAYS, ABROAD, MORE = 0.6, 0.12, 0.3  # aims at the own department; has a style of elsewhere; knows one more language
REPORTS = 7  # people under one manager


@dataclass(frozen=True)
class People:
    """One side, a row a person. `skills` are a mentee's priorities (sum 100), or a mentor's expertise (0 to 10)."""

    department: Ints
    country: Ints
    level: Ints
    years: Ints
    spoken: Ints
    interests: NDArray[np.bool_]
    hours: NDArray[np.uint64]
    style: Ints
    skills: NDArray[np.int16]


class Career:
    """The instance for so many mentees: `places`, and, once `ready`, `rows`: the scores in basis points."""

    def __init__(self, mentees: int, seed: int = 7) -> None:
        dice = np.random.default_rng(seed)
        self.mentees, self.mentors = mentees, round(mentees * MENTORS_FOR_EACH_MENTEE)
        self.places = dice.choice(3, self.mentors, p=(0.45, 0.35, 0.20)).astype(np.int64) + 1
        juniors = _people(dice, mentees, senior=False)
        self.juniors, self.seniors = juniors, _people(dice, self.mentors, senior=True)
        self._target(dice)
        self._line(dice)
        self._likes = juniors.interests.astype(np.float32), self.seniors.interests.T.astype(np.float32)
        self._liked = juniors.interests.sum(axis=1), self.seniors.interests.sum(axis=1)

    def ready(self) -> "Career":
        """With its tables, which is part of the scoring."""
        self.table, self.profile = self._tables()
        return self

    def rows(self, rows: Rows) -> NDArray[np.int16]:
        """The scores of these mentees with every mentor; forbidden = -20,000."""
        which = np.arange(self.mentees)[rows]
        block = np.empty((len(which), self.mentors), dtype=np.int16)
        for first in range(0, len(which), 64):
            block[first : first + 64] = self._block(which[first : first + 64])
        return block

    def _block(self, which: Ints) -> NDArray[np.int16]:
        score: Floats = self.profile[which] @ self.table
        both = self._likes[0][which] @ self._likes[1]
        either = (self._liked[0][which, None] + self._liked[1]).astype(np.float32) - both
        score += SHARED * np.rint(both * 1_000 / np.maximum(either, 1))
        common = np.bitwise_count(self.juniors.hours[which, None] & self.seniors.hours)
        score += CALENDAR * 250 * np.minimum(common, 4).astype(np.float32)
        score[common == 0] = NEVER
        found: NDArray[np.int16] = ((np.maximum(score, -1_000_000) + 50) / 100).astype(np.int16)
        found[score < 0] = FORBIDDEN
        for row, mentee in enumerate(which):
            found[row, self.in_line[self.line_start[mentee] : self.line_start[mentee + 1]]] = FORBIDDEN
        return found

    def _target(self, dice: np.random.Generator) -> None:
        size = self.mentees
        other = dice.choice(len(DEPARTMENTS), size, p=DEPARTMENTS)
        self.aim = np.where(dice.random(size) < STAYS, self.juniors.department, other)
        self.aim_level = np.minimum(self.juniors.level + dice.integers(1, 3, size), 8)
        for person in range(size):
            goals = GOALS[dice.integers(4)]
            home = GENERIC + OWN * self.aim[person]
            drawn = _skills(dice, len(goals), 0.5, home)
            self.juniors.skills[person, drawn] = goals

    def _line(self, dice: np.random.Generator) -> None:
        """One tree of managers; (mentee, mentor) of one line are apart."""
        department = np.concatenate((self.juniors.department, self.seniors.department))
        level = np.concatenate((self.juniors.level, self.seniors.level))
        years = np.concatenate((self.juniors.years, self.seniors.years))
        boss = np.full(len(level), -1)
        heads = []
        for one in range(len(DEPARTMENTS)):
            staff = np.flatnonzero(department == one)
            staff = staff[np.lexsort((staff, -years[staff], -level[staff]))]
            at = np.arange(1, len(staff))
            boss[staff[1:]] = staff[np.clip((at - 1) // REPORTS + dice.integers(-2, 3, len(at)), 0, at - 1)]
            heads += staff[:1].tolist()
        heads.sort(key=lambda head: (-level[head], -years[head], head))
        boss[heads[1:]] = heads[0]
        pairs, low, up = [], np.arange(len(boss)), boss
        while (up >= 0).any():
            pairs.append(np.stack((low[up >= 0], up[up >= 0])))
            up = np.where(up >= 0, boss[up], -1)
        below, above = np.concatenate(pairs, axis=1) if pairs else np.zeros((2, 0), dtype=np.int64)
        junior, senior = np.minimum(below, above), np.maximum(below, above) - self.mentees
        mixed = (junior < self.mentees) & (senior >= 0)
        junior, senior = junior[mixed], senior[mixed]
        self.in_line = senior[np.argsort(junior, kind="stable")]
        self.line_start = np.concatenate(([0], np.cumsum(np.bincount(junior, minlength=self.mentees))))

    def _tables(self) -> tuple[Floats, csr_matrix]:
        one, other = self.juniors, self.seniors
        spoken, profile = np.unique(one.spoken, axis=0, return_inverse=True)
        best = np.zeros((len(spoken), len(other.spoken)), dtype=np.int8)
        for mine, theirs in zip(spoken.T.astype(np.int8), other.spoken.T.astype(np.int8), strict=True):
            np.maximum(best, np.minimum(mine[:, None], theirs), out=best)
        language = np.array((NEVER, NEVER, LANGUAGE * 667, LANGUAGE * 1_000), dtype=np.float32)[best]
        level, years = np.arange(LEVELS)[:, None], np.arange(YEARS)[:, None]
        gap = other.years - years
        hump = np.rint(1_000 * np.clip(np.minimum((gap - 2) / 3, (25 - gap) / 13), 0, 1))
        wish, department = np.arange(3)[:, None, None], np.arange(len(DEPARTMENTS))[:, None]
        same = np.arange(STYLES)[None, :, None] == other.style
        style = np.where(wish == 0, 500, 1_000 * (same == (wish == 1))).reshape(-1, len(other.style))
        blocks = [
            (GOAL * other.skills.T, None),
            (AMBITION * 600 * (other.department == department), self.aim),
            (AMBITION * 400 * (other.level >= level), self.aim_level),
            (np.where(other.level > level, 0, NEVER), one.level),
            (STYLE * style, one.style),
            (GAP * hump, one.years),
            (language, profile.ravel()),
            (np.where(other.department == department, NEVER, 0), one.department),
        ]
        table = np.concatenate([block for block, _ in blocks], dtype=np.float32)
        starts = np.cumsum([0, *(len(block) for block, _ in blocks)])
        who, skill = np.nonzero(one.skills)
        columns = [skill, *(start + of for start, (_, of) in zip(starts, blocks, strict=False) if of is not None)]
        people = np.concatenate([who, np.tile(np.arange(self.mentees), len(columns) - 1)])
        value = np.concatenate([one.skills[who, skill], np.ones(len(people) - len(who))]).astype(np.float32)
        shape = (self.mentees, len(table))
        return table, csr_matrix((value, (people, np.concatenate(columns))), shape=shape)


def _people(dice: np.random.Generator, size: int, *, senior: bool) -> People:
    share = np.array([of for of, *_ in COUNTRIES])
    country = dice.choice(len(COUNTRIES), size, p=share / share.sum())
    department = dice.choice(len(DEPARTMENTS), size, p=DEPARTMENTS)
    shares = (0.20, 0.30, 0.25, 0.15, 0.07, 0.03) if senior else (0.34, 0.30, 0.20, 0.11, 0.05)
    level = dice.choice(len(shares), size, p=shares) + (3 if senior else 1)
    years = np.clip(np.rint(3 * level - 2 + dice.gamma(2, 2, size)), 0, YEARS - 1).astype(np.int64)
    skills = np.zeros((size, SKILLS), dtype=np.int16)
    interests = np.zeros((size, INTERESTS), dtype=bool)
    liking = 1 / np.arange(1, INTERESTS + 1) ** 0.7
    for person in range(size):
        interests[person, dice.choice(INTERESTS, dice.integers(2, 7), replace=False, p=liking / liking.sum())] = True
        if senior:
            drawn = _skills(dice, int(dice.integers(3, 11)), 0.45, GENERIC + OWN * department[person])
            skills[person, drawn] = dice.choice((5, 8, 10), len(drawn), p=(0.3, 0.4, 0.3))
    style = np.where(dice.random(size) < ABROAD, dice.integers(0, STYLES, size), country % STYLES)
    wish = 0 if senior else STYLES * dice.choice(3, size, p=(0.4, 0.4, 0.2))
    hours = _calendar(dice, np.array([east for _, _, east, _ in COUNTRIES])[country])
    return People(
        department,
        country,
        level,
        years,
        _spoken(dice, country),
        interests,
        hours,
        (style + wish).astype(np.int64),
        skills,
    )


def _skills(dice: np.random.Generator, many: int, generic: float, home: int) -> list[int]:
    drawn: dict[int, None] = {}
    while len(drawn) < many:
        shared = dice.random() < generic
        at = dice.choice(GENERIC, p=COMMON) if shared else home + dice.choice(OWN, p=SPECIAL)
        drawn[int(at)] = None
    return list(drawn)


def _zipf(size: int, power: float) -> NDArray[np.float64]:
    weight = 1 / np.arange(1, size + 1) ** power
    share: NDArray[np.float64] = weight / weight.sum()
    return share


COMMON, SPECIAL = _zipf(GENERIC, 0.9), _zipf(OWN, 0.8)


def _spoken(dice: np.random.Generator, country: Ints) -> Ints:
    """Levels of each language: 0 none, 1 basic, 2 working, 3 fluent."""
    size = len(country)
    spoken = np.zeros((size, LANGUAGES), dtype=np.int64)
    fluent = dice.random(size) < np.array([chance for _, chance, _, _ in COUNTRIES])[country]
    spoken[:, 0] = np.where(fluent, 3, dice.choice((2, 1, 0), size, p=(0.5, 0.3, 0.2)))
    more = np.flatnonzero(dice.random(size) < MORE)
    tongue = dice.integers(0, LANGUAGES, len(more))
    spoken[more, tongue] = np.maximum(spoken[more, tongue], dice.integers(1, 3, len(more)))
    spoken[np.arange(size), np.array([own for *_, own in COUNTRIES])[country]] = 3
    return spoken


def _calendar(dice: np.random.Generator, east: Ints) -> NDArray[np.uint64]:
    """Free hours of a week as bits, in the hours of London."""
    size = len(east)
    free = dice.random((size, DAYS, HOURS)) < dice.choice((0.15, 0.3, 0.5), size)[:, None, None]
    person, day, hour = np.nonzero(free)
    at = day * HOURS + np.clip(hour - east[person], 0, HOURS - 1)
    found = np.zeros(size, dtype=np.uint64)
    np.bitwise_or.at(found, person, np.uint64(1) << at.astype(np.uint64))
    return found
