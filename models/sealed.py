"""Rows that hold what people confide: one column of sealed text beside the open ones (`vault.py`).

`SEALS` names what is sealed and the open column in which it stood before. A value is read as if nothing were sealed;
once the key is destroyed, it is as if nothing had been told.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, class_mapper, mapped_column, object_session
from sqlalchemy.orm.attributes import flag_modified, instance_state

from models import vault
from models.base import transaction


class Sealed:
    """A row with a sealed text: `owner` is the person whose key seals it, `seal_place` the column and row it is in."""

    SEALS: ClassVar[Mapping[str, str]] = {}

    sealed: Mapped[str] = mapped_column(sa.Text, default="")

    @property
    def owner(self) -> int | None:
        """The person whose key seals this row; None where it stands open."""
        raise NotImplementedError

    @property
    def seal_place(self) -> str:
        """Column and row, the same for ever."""
        raise NotImplementedError

    @property
    def told(self) -> dict[str, Any]:
        """What is sealed here, opened; empty where nothing is, or the key was destroyed. Raises VaultError."""
        if "_untold" in self.__dict__:
            return dict(self.__dict__["_untold"])
        if not self.sealed or self.owner is None:
            return {}
        seen = self.__dict__.get("_seen")
        if seen is None or seen[0] != self.sealed:
            seen = self.__dict__["_seen"] = (self.sealed, self._opened(self.owner))
        return dict(seen[1] or {})

    def _opened(self, owner: int) -> Any:
        if (session := object_session(self)) is not None:
            return vault.unseal(session, owner, self.seal_place, self.sealed)
        with transaction() as own:  # the row has outlived its transaction
            return vault.unseal(own, owner, self.seal_place, self.sealed)

    def loose(self) -> dict[str, Any]:
        """What stands open and is to be sealed: of rows that an older version wrote."""
        return {name: value for name, column in self.SEALS.items() if (value := getattr(self, column, None))}

    def value_of(self, name: str) -> Any:
        """One thing that this row tells, sealed or still open; None where it tells nothing."""
        told = self.told
        return told[name] if name in told else self.loose().get(name)

    def tell(self, name: str, value: object) -> None:
        """Write one thing, in the place of what was told before."""
        whole = self.loose() | self.told
        whole.pop(name, None)
        self._leave_open({})
        whole |= {name: value} if value else {}
        if (session := object_session(self)) is not None and instance_state(self).persistent:
            self._close(session, whole)
        else:
            self.__dict__["_untold"] = whole  # it is sealed when the row is written

    def tighten(self, session: Session) -> bool:
        """Seal what an older version left open; False where nothing is."""
        loose = self.loose()
        if not loose or self.owner is None:
            return False
        whole = self.told | loose
        self._leave_open({})
        self._close(session, whole)
        return True

    def loosen(self, session: Session) -> bool:  # noqa: ARG002 - others need it
        """Lay open what is sealed, as an older version reads it; False where nothing is, or the key was destroyed."""
        told = self.told
        if not told:
            return False
        self._leave_open(told)
        self.sealed = ""
        return True

    def reseal(self, session: Session) -> bool:
        """Seal again with the person's newest key; False where it is, or nothing opens."""
        if not self.sealed or self.owner is None or not self.told:
            return False
        if vault.number_of(self.sealed) == vault.newest(session, self.owner):
            return False
        self._close(session, self.told)
        return True

    def _leave_open(self, told: Mapping[str, Any]) -> None:
        """Only these stand open from now on, each in its column."""
        for name, column in self.SEALS.items():
            empty: object = {} if isinstance(class_mapper(type(self)).columns[column].type, sa.JSON) else ""
            setattr(self, column, told.get(name, empty))
            flag_modified(self, column)  # written even where we think it is so: somebody may have sealed it meanwhile

    def _close(self, session: Session, whole: Mapping[str, Any]) -> None:
        if whole and self.owner is None:
            raise vault.VaultError("nobody's key seals this row")
        self.sealed = vault.seal(session, self.owner or 0, self.seal_place, whole) if whole else ""
        flag_modified(self, "sealed")


@event.listens_for(Sealed, "before_insert", propagate=True)
def _sealed_when_written(_: object, __: object, row: Sealed) -> None:
    whole, session = row.__dict__.pop("_untold", None), object_session(row)
    if whole and session is not None:
        row._close(session, whole)  # noqa: SLF001 - our own
