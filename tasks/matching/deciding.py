"""What the coordinator decided about proposed pairs, applied in one go (CAP-090, CAP-104, LEG-07, MAT-08, MAT-D1).

Places are freed before they are given: pairs that were struck or swapped go first, then come the approvals, then those
who were chosen instead. Every verdict that cannot be carried out any more leaves the mentee free, to be proposed anew.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from framework.desk import SWAP
from framework.matching.proposal import broken_rules
from framework.matching.settings import Matching, Rule
from framework.matching.shapes import among_equals, without
from framework.pairing import OPEN, PairingStatus
from models import event, pairing, programme
from models.base import insert_once
from models.decision import Decision
from models.matching_run import MatchingRun
from models.pairing import Pairing
from models.programme import Programme
from tasks.matching.candidates import Seen, look
from tasks.matching.pinned import reasons
from tasks.stage import Stage

S = PairingStatus
UNAPPROVED = frozenset({S.PROPOSED, S.STRUCK, S.DROPPED})


def apply(session: Session, stage: Stage, taken: Sequence[Decision]) -> list[Pairing]:
    """Carry out these decisions, each once; the pairs that are approved now."""
    verdicts: list[tuple[Pairing, Decision]] = []
    for one in taken:
        one.applied = True
        kind, _, number = one.subject.partition(":")
        if kind == "run":
            firm = any(_approves(other) for _, other in verdicts)
            _adopt(session, stage, one, int(number), firm=firm)
            continue
        pair = session.get_one(Pairing, int(number))
        if pair.status == S.PROPOSED:
            verdicts.append((pair, one))
    verdicts = [(pair, one) for pair, one in verdicts if pair.status == S.PROPOSED]
    session.flush()
    return _Ruling(session, stage, verdicts).carry_out() if verdicts else []


def _approves(one: Decision) -> bool:
    return one.choice == "approve" or one.choice.startswith(SWAP)


def _adopt(session: Session, stage: Stage, taken: Decision, number: int, *, firm: bool) -> None:
    """The settings of a trial become the programme's, while nothing of this round is approved yet; proposals go.

    `firm`: an approval was given before. The programme's file is not written: loading it again brings its own back.
    """
    run = session.get_one(MatchingRun, number)
    row = session.get_one(Programme, stage.programme)
    of_round = pairing.of_programme(session, stage.programme, number=stage.round)
    if firm or not run.trial or run.programme_id != row.id or any(p.status not in UNAPPROVED for p in of_round):
        return
    settings = Matching.model_validate(run.settings)
    programme.keep(session, row.rules.model_copy(update={"matching": settings}))
    for pair in of_round:
        if pair.status == S.PROPOSED:
            pair.move(S.DROPPED)
    event.record(session, f"person:{taken.decided_by}", "adopted", f"matching_run:{run.id}")


class _Ruling:
    """The verdicts of one moment, and who holds which place while they are carried out."""

    def __init__(self, session: Session, stage: Stage, verdicts: list[tuple[Pairing, Decision]]) -> None:
        self.session, self.stage, self.verdicts = session, stage, verdicts
        self.seen: Seen = look(session, stage)
        self.apart = self.seen.apart()
        self.people = {**self.seen.mentors, **self.seen.mentees}
        self.decided = {pair.id for pair, _ in verdicts}
        self.held: dict[int, list[Pairing]] = {}
        for pair in pairing.of_programme(session, stage.programme, *OPEN):
            self._hold(pair)

    def carry_out(self) -> list[Pairing]:
        """Strike, approve, swap; the pairs that are approved now."""
        for pair, one in self.verdicts:
            if one.choice.startswith(SWAP):
                self._end(pair, S.DROPPED, one, "swapped")
            elif one.choice != "approve":
                self._end(pair, S.STRUCK, one, "struck")
        approved = [pair for pair, one in self.verdicts if one.choice == "approve" and self._approve(pair, one)]
        for pair, one in self.verdicts:
            if one.choice.startswith(SWAP):
                new = self._chosen(pair, int(one.choice.removeprefix(SWAP)))
                self._note(new or pair, one, "chosen" if new else "not-possible")
                approved += [new] if new else []
        return approved

    def _approve(self, pair: Pairing, taken: Decision) -> bool:
        """A bent rule needs the reason of the person who bends it: without one the pair is proposed anew (MAT-M11)."""
        if pair.relaxed and not taken.reason.strip():
            self._end(pair, S.DROPPED, taken, "not-approved")
            return False
        if not self._allowed(pair.mentor_id, pair.mentee_id, pair.language, frozenset(pair.relaxed)):
            self._end(pair, S.STRUCK, taken, "not-allowed")
            return False
        pair.move(S.APPROVED)
        self._note(pair, taken, "approved", relaxed=len(pair.relaxed))
        return True

    def _chosen(self, old: Pairing, mentor: int) -> Pairing | None:
        """The pair with the mentor who was chosen instead, as scored and reasoned on the desk; None if it cannot be."""
        if mentor == old.mentor_id or not self._allowed(mentor, old.mentee_id, old.language):
            return None
        listed = next((one["reasons"] for one in old.others if one["mentor"] == mentor), None)
        given = listed or reasons(self.session, old, mentor, self.seen)
        if given is None or not self._make_room(mentor):
            return None
        first = insert_once(
            self.session,
            Pairing,
            programme_id=self.stage.programme,
            round=self.stage.round,
            number=old.number,
            mentor_id=mentor,
            mentee_id=old.mentee_id,
            status=S.PROPOSED,
            score=sum(given.values()),
            reasons=given,
            origin="chosen",
            relaxed=[],
            language=old.language,
            others=[],
        )
        new = pairing.between(self.session, mentor, old.mentee_id, self.stage.round, old.number)
        if not first or new is None:
            return None
        new.move(S.APPROVED)
        self._hold(new)
        return new

    def _allowed(self, mentor_id: int, mentee_id: int, language: str, bent: frozenset[str] = frozenset()) -> bool:
        """Whether the hard rules allow the two today: people move, and lines of command with them (CAP-089).

        Rules that the pair is known to bend are left out, `unavailable` never. Two who are a pair already, in another
        language, are not made one again.
        """
        mentor, mentee = self.people.get(mentor_id), self.people.get(mentee_id)
        if mentor is None or mentee is None or (mentor_id, mentee_id) in self.apart:
            return False
        settings = self.seen.settings
        if settings.shape == "two_mentors":
            settings = without(settings, Rule.COMMON_LANGUAGE)
            pairs = [p for p in self.held.get(mentee_id, ()) if p.mentor_id == mentor_id and p.language != language]
            if pairs or (language and language not in mentor.languages):
                return False
        elif settings.shape == "peers":
            settings = among_equals(settings)
        hard = (Rule.UNAVAILABLE, *(rule for rule in settings.rules if rule not in bent))
        return not broken_rules(mentor, mentee, hard, self.seen.managers)

    def _make_room(self, mentor_id: int) -> bool:
        """A place with that mentor: a free one, or that of the weakest pair that is a mere proposal, which is dropped.

        What was approved, and what is decided in the same go, keeps its place.
        """
        held = self.held.get(mentor_id, [])
        if len(held) < self.people[mentor_id].places:
            return True
        loose = [pair for pair in held if pair.status == S.PROPOSED and pair.id not in self.decided]
        if not loose:
            return False
        self._release(min(loose, key=lambda pair: (pair.score, -pair.id)), S.DROPPED)
        return True

    def _hold(self, pair: Pairing) -> None:
        for one in (pair.mentor_id, pair.mentee_id):
            self.held.setdefault(one, []).append(pair)

    def _release(self, pair: Pairing, to: PairingStatus) -> None:
        pair.move(to)
        for one in (pair.mentor_id, pair.mentee_id):
            self.held[one].remove(pair)

    def _end(self, pair: Pairing, to: PairingStatus, taken: Decision, deed: str) -> None:
        self._release(pair, to)
        self._note(pair, taken, deed)

    def _note(self, pair: Pairing, taken: Decision, deed: str, **detail: int) -> None:
        event.record(self.session, f"person:{taken.decided_by}", deed, f"pairing:{pair.id}", **detail)
