"""Who drafts, who consents, and that an agreement can always end."""

from framework.agreement import MOVES, AgreementStatus, drafts, needs_consent
from framework.content import FORMS
from framework.people import Role
from framework.visibility import Track

S = AgreementStatus


def test_track_says_who_drafts_which_form() -> None:
    assert drafts(Track.GROWTH) == ("growth_contract", Role.MENTEE)
    assert drafts(Track.NEW_HIRE) == ("new_hire_agreement", Role.MENTOR)
    for track in Track:
        form, role = drafts(track)
        assert FORMS[form].by is role


def test_line_manager_consents_on_the_growth_track_alone() -> None:
    assert [needs_consent(track) for track in (Track.GROWTH, Track.NEW_HIRE)] == [True, False]


def test_every_agreement_can_end_and_only_a_signed_one_is_active() -> None:
    assert all(S.ENDED in MOVES[status] for status in S if status is not S.ENDED)
    assert {now for now in S if S.ACTIVE in MOVES[now]} == {S.SIGNED}
