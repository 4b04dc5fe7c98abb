"""Each cell of the table, in a programme that was lived through: what that reader really got, and what not.

A canary stands in every answer. Where the table says yes and the product shows it, it is found; where it says no, it is
nowhere. `SHOWN` says by hand where the product shows another's answer: what is allowed is not always shown.
"""

import pytest

from framework.visibility import CONFIDENTIAL, TABLE, Cell, Reader, Track, Visibility, Whose
from tests.visibility.lived import Life, Seen, at_home

pytestmark = pytest.mark.slow
NEW, GROWTH = Track.NEW_HIRE, Track.GROWTH
Key = tuple[Visibility, Track, Reader, Whose]
SHOWN: dict[tuple[str, Track], set[str]] = {
    ("content", NEW): {"mentor", "line_manager", "coordinator"},  # the proposal, learning progress, selection
    ("content", GROWTH): {"coordinator"},  # mentors and mentees chose each other; no proposal tells the goal
    ("contract", NEW): {"mentee", "coordinator"},  # what the mentor drafted, to be signed; a pair on the desk
    ("contract", GROWTH): {
        "mentor",
        "line_manager",
        "coordinator",
    },  # what the mentee drafted, to be signed and consented to
    ("personal", NEW): {"mentor", "mentee"},  # the preparation of a meeting; a word of thanks
    ("personal", GROWTH): {"mentor", "mentee"},
    ("review", NEW): {"coordinator"},  # a pair on the desk
    ("review", GROWTH): {"coordinator"},
    ("application", NEW): {"coordinator"},  # selection
    ("application", GROWTH): {"coordinator"},
    ("profile", NEW): {"coordinator"},  # selection
    ("profile", GROWTH): {"mentee", "coordinator"},  # the cards among which a mentee chooses
    ("notice", NEW): {"mentor", "mentee"},  # what changes
    ("notice", GROWTH): {"mentor", "mentee"},
}
SILENT = {Reader.SPONSOR}  # is asked nothing
PEOPLE = {Reader.MENTEE, Reader.MENTOR, Reader.LINE_MANAGER, Reader.COORDINATOR, Reader.TEAM, Reader.SPONSOR}
CELLS = [key for key in TABLE if key[2] in PEOPLE]
OPEN = {key: TABLE[key] for key in TABLE}
"""The table as it stands, whatever a test patches."""


def check(life: Life, key: Key) -> list[tuple[str, Seen]]:
    """What that cell's reader got, after seeing that it is what the table and `SHOWN` say."""
    what, track, reader, whose = key
    found = life.got(what, reader, whose)
    if whose is Whose.ANOTHER:
        shown = reader.value in SHOWN.get((what.value, track), set())
        assert not shown or OPEN[key] is Cell.YES, "the product may not show this"
        assert bool(found) is shown, found[:3]
    elif OPEN[key] is Cell.NO:
        assert not found, found[:3]
    elif what is Visibility.SPECIAL:
        pass  # its canary took the place of a choice when the sitting was over; tests/portal/test_check.py reads one back
    else:
        wrote = [plant for plant in life.plants.values() if plant.what is what and life.reader(plant.writer) is reader]
        assert bool(found) is bool(wrote), "everybody reads back what he or she wrote"
    return found


@pytest.mark.parametrize("key", CELLS, ids="-".join)
def test_reader_gets_what_the_cell_says_and_no_more(lives: dict[Track, tuple[object, Life]], key: Key) -> None:
    check(lives[key[1]][1], key)


@pytest.mark.parametrize("what", Visibility)
@pytest.mark.parametrize("track", Track)
def test_every_class_was_told_of(lives: dict[Track, tuple[object, Life]], what: Visibility, track: Track) -> None:
    """The control: no cell holds because nobody wrote such an answer."""
    assert [word for word, plant in lives[track][1].plants.items() if plant.what is what]


FOR_ALL = {Visibility.NOTICE, Visibility.PROFILE}  # told to everybody; shown to who may choose


@pytest.mark.parametrize("track", Track)
def test_nothing_of_one_pair_reaches_a_person_of_another(lives, track: Track) -> None:
    home, life = lives[track]
    with at_home(home):
        near = life.pairs_of()
    reached = 0
    for who, found in life.seen.items():
        if life.reader(who) not in {Reader.MENTOR, Reader.MENTEE}:
            continue
        for seen in found:
            for plant in (life.plants[word] for word in seen.words):
                reached += plant.writer != who
                assert plant.writer in near[who] or plant.what in FOR_ALL, (plant, seen)
    assert reached > 10


@pytest.mark.parametrize("track", Track)
def test_link_alone_shows_nothing_that_one_confided(lives, track: Track) -> None:
    """Who finds the mail finds no confidence of its reader behind it; that takes a fresh sitting."""
    _, life = lives[track]
    bare = [(who, seen) for who, found in life.seen.items() for seen in found if seen.where.startswith("link alone")]
    plants = [(who, life.plants[word]) for who, seen in bare for word in seen.words]
    assert any(plant.writer == who for who, plant in plants)
    assert [plant for who, plant in plants if plant.writer == who and plant.what in CONFIDENTIAL] == []


def first(found: list[tuple[str, Seen]]) -> Seen:
    """When it was got for the first time."""
    return min((seen for _, seen in found), key=lambda seen: seen.on)


SEEN = [
    (Visibility(what), track, Reader(reader), Whose.ANOTHER)
    for (what, track), readers in SHOWN.items()
    for reader in sorted(readers)
]


@pytest.mark.parametrize("key", SEEN, ids="-".join)
def test_flipped_cell_is_noticed(lives, again, monkeypatch: pytest.MonkeyPatch, key: Key) -> None:
    """The control, for every cell in which the product shows something: the table alone decides, and the check fails."""
    life = lives[key[1]][1]
    seen = first(check(life, key))
    monkeypatch.setitem(TABLE, key, Cell.NO)
    closed = again(life, seen)
    assert closed.today == seen.on, "it came as far"
    assert closed.mails
    with pytest.raises(AssertionError):
        check(closed, key)


AGAIN = [
    (Visibility.CONTENT, NEW, Reader.LINE_MANAGER, Whose.ANOTHER),
    (Visibility.PROFILE, GROWTH, Reader.MENTEE, Whose.ANOTHER),
    (Visibility.CONTRACT, GROWTH, Reader.LINE_MANAGER, Whose.ANOTHER),
]


@pytest.mark.parametrize("key", AGAIN, ids="-".join)
def test_same_days_lived_again_show_the_same(lives, again, key: Key) -> None:
    """The control of the control: without the flip it is seen again, by mail, on a card and beside a form."""
    life = lives[key[1]][1]
    assert check(again(life, first(check(life, key))), key)
