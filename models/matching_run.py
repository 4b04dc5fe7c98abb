"""What a matching began with and what came out, so that it can be held again with the same result (CAP-104).

`people` holds what the engine looked at, without a name or an address; `digest` binds settings, people and result.
What each of them told is sealed with that person's key; whose key was destroyed told nothing any more.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session
from sqlalchemy.orm.attributes import flag_modified

from models import vault
from models.base import Base, insert_once, transaction

SIDES, STANDS_OPEN = ("mentors", "mentees"), frozenset({"id", "person", "sealed"})
NEVER = f"{vault.MARK}.0."
"""The seal of a key that never was: what stood there is forgotten."""


class MatchingRun(Base):
    """One solving in one round; `number` counts within the round. `counts` are figures for people to read.

    A `trial` is somebody's what-if: nothing was proposed from it unless a decision adopts its settings.
    """

    __tablename__ = "matching_run"
    __table_args__ = (sa.UniqueConstraint("programme_id", "round", "number"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    round: Mapped[int]
    number: Mapped[int]
    made_on: Mapped[date]
    trial: Mapped[bool] = mapped_column(default=False)
    engine: Mapped[str] = mapped_column(sa.String(60), default="")
    digest: Mapped[str] = mapped_column(sa.String(64))
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    kept: Mapped[dict[str, Any]] = mapped_column("people", default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @property
    def people(self) -> dict[str, Any]:
        """Everybody who was looked at, with what they told and still opens. Raises VaultError."""
        return _both_sides(self._read(), _without_seal)

    @people.setter
    def people(self, value: dict[str, Any]) -> None:
        session = object_session(self)
        is_kept = session is not None and sa.inspect(self).persistent
        self._write(_shut(session, self._where, value) if session is not None and is_kept else value)

    @property
    def is_sealed(self) -> bool:
        """Whether what anybody told is sealed."""
        return any("sealed" in one for one in _everybody(self.kept))

    @property
    def is_thinner(self) -> bool:
        """Whether somebody's key was destroyed since: what it began with is no longer all there."""
        return any("sealed" in one for one in _everybody(self._read()))

    def loose(self) -> list[int]:
        """The participants of whom something stands open that is to be sealed."""
        return [one["id"] for one in _everybody(self.kept) if _told(one) and one["person"].get("id")]

    def tighten(self, session: Session) -> bool:
        """Seal what an older version left open; False where nothing is."""
        return bool(self.loose()) and self._write(_shut(session, self._where, self._read()))

    def loosen(self, session: Session) -> bool:  # noqa: ARG002 - others need it
        """Lay open what is sealed and still opens; False where nothing is."""
        return self.is_sealed and self._write(self._read())

    def reseal(self, session: Session) -> bool:
        """Seal again with everybody's newest keys; False where they are."""
        sealed = [one for one in _everybody(self.kept) if "sealed" in one]
        vault.load(session, (one["person"]["id"] for one in sealed))
        old = (vault.number_of(one["sealed"]) < vault.newest(session, one["person"]["id"]) for one in sealed)
        return any(old) and self._write(_shut(session, self._where, self._read()))

    def saw(self, person_id: int) -> bool:
        """Whether that person was among those who were looked at."""
        return any(one["person"].get("id") == person_id for one in _everybody(self.kept))

    def thin(self, people: Collection[int]) -> bool:
        """Forget all that was seen of these people but their numbers; False where there is nothing to forget."""
        lines = [row for row in self.kept.get("managers", []) if not set(row) & set(people)]
        before = self.kept
        self._write(_both_sides(before, lambda one: _bare(one, people)) | {"managers": lines})
        return self.kept != before

    def _write(self, people: dict[str, Any]) -> bool:
        self.kept = people
        flag_modified(self, "kept")
        return True

    @property
    def _where(self) -> str:
        return _place(self.programme_id, self.round, self.number)

    def _read(self) -> dict[str, Any]:
        """As kept, with all that opens laid open."""
        seen: tuple[object, dict[str, Any]] | None = self.__dict__.get("_seen")
        if seen is None or seen[0] is not self.kept:
            seen = self.__dict__["_seen"] = (self.kept, self._opened())
        return seen[1]

    def _opened(self) -> dict[str, Any]:
        if not self.is_sealed:
            return self.kept
        if (session := object_session(self)) is not None:
            return _laid_open(session, self._where, self.kept)
        with transaction() as own:  # the row has outlived its transaction
            return _laid_open(own, self._where, self.kept)


def write(session: Session, *, people: dict[str, Any], **values: Any) -> bool:
    """Keep a run, what people told sealed; False where there is one of that number."""
    place = _place(values["programme_id"], values["round"], values["number"])
    return insert_once(session, MatchingRun, kept=_shut(session, place, people), **values)


def _place(programme_id: int, number: int, within: int) -> str:
    return f"matching_run.people|{programme_id}:{number}:{within}"


@event.listens_for(MatchingRun, "before_insert")
def _sealed_when_written(_: object, __: object, run: MatchingRun) -> None:
    if (session := object_session(run)) is not None:
        run.kept = _shut(session, run._where, run.kept)  # noqa: SLF001 - our own


def _without_seal(one: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name != "sealed"}


def _both_sides(people: dict[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    return people | {side: [change(one) for one in people[side]] for side in SIDES if side in people}


def _bare(one: dict[str, Any], people: Collection[int]) -> dict[str, Any]:
    """Of these people the numbers alone, and a seal that nothing opens."""
    who = one["person"].get("id")
    return {"id": one["id"], "sealed": NEVER, "person": {"id": who}} if who in people else one


def _everybody(people: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for side in SIDES for one in people.get(side, ())]


def _told(one: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name not in STANDS_OPEN}


def _shut(session: Session, place: str, people: dict[str, Any]) -> dict[str, Any]:
    """The same people, with what each of them told as one sealed text."""
    mine = [one for one in _everybody(people) if _told(one) and one["person"].get("id")]
    told = [(one["person"]["id"], f"{place}:{one['id']}", _told(one)) for one in mine]
    texts = {(who, where): text for (who, where, _), text in zip(told, vault.seal_all(session, told), strict=True)}

    def shut(one: dict[str, Any]) -> dict[str, Any]:
        text = texts.get((one["person"].get("id"), f"{place}:{one['id']}"))
        return {"id": one["id"], "sealed": text, "person": one["person"]} if text else one

    return _both_sides(people, shut)


def _laid_open(session: Session, place: str, people: dict[str, Any]) -> dict[str, Any]:
    """The same people, as they told; of whose key was destroyed the sealed text stays."""
    vault.load(session, (one["person"]["id"] for one in _everybody(people) if "sealed" in one))

    def opened(one: dict[str, Any]) -> dict[str, Any]:
        if "sealed" not in one:
            return one
        told = vault.unseal(session, one["person"]["id"], f"{place}:{one['id']}", one["sealed"])
        return one if told is None else {"id": one["id"], **told, "person": one["person"]}

    return _both_sides(people, opened)


def of_programme(session: Session, programme_id: int) -> Sequence[MatchingRun]:
    """The runs, in the order made."""
    wanted = MatchingRun.programme_id == programme_id
    return session.scalars(sa.select(MatchingRun).where(wanted).order_by(MatchingRun.id)).all()


def last(session: Session, programme_id: int, number: int) -> MatchingRun | None:
    """The newest run of that round that is no trial."""
    wanted = (MatchingRun.programme_id == programme_id, MatchingRun.round == number, MatchingRun.trial.is_(False))
    return session.scalars(sa.select(MatchingRun).where(*wanted).order_by(MatchingRun.number.desc())).first()


def of_round(session: Session, programme_id: int, number: int) -> Sequence[MatchingRun]:
    """The runs of a round, trials too, in the order of their numbers."""
    wanted = (MatchingRun.programme_id == programme_id, MatchingRun.round == number)
    return session.scalars(sa.select(MatchingRun).where(*wanted).order_by(MatchingRun.number)).all()


def at(session: Session, programme_id: int, number: int, within: int) -> MatchingRun | None:
    """Run `within` of round `number`, if there is one."""
    wanted = (MatchingRun.programme_id == programme_id, MatchingRun.round == number, MatchingRun.number == within)
    return session.scalars(sa.select(MatchingRun).where(*wanted)).first()


def next_number(session: Session, programme_id: int, number: int) -> int:
    """The number that the next run of that round bears; trials are counted too."""
    wanted = (MatchingRun.programme_id == programme_id, MatchingRun.round == number)
    return (session.scalar(sa.select(sa.func.max(MatchingRun.number)).where(*wanted)) or 0) + 1
