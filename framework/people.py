"""People as the rules see them: frozen values, no addresses where a rule does not need one."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a person is in a programme; one person may hold several (CAP-027)."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    LINE_MANAGER = "line_manager"
    COORDINATOR = "coordinator"
    SPONSOR = "sponsor"
    TEAM = "team"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who works here, or a mentor from outside (CAP-067).

    `years` is experience in whole years, `level` the rank from 1 (junior) to 9 (board); both 0 where unknown.
    `email` is missing for people without a mailbox: their letters are held for print (CAP-042).
    """

    id: int = 0
    given_name: str
    family_name: str
    email: str | None = None
    language: str = "en"
    employee_number: str | None = None
    manager: int | None = None
    department: str = ""
    site: str = ""
    country: str = ""
    job_title: str = ""
    years: int = 0
    level: int = 0
    skills: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    left_on: date | None = None
    external: bool = False

    @property
    def name(self) -> str:
        """Given name and family name, as one writes them in a letter."""
        return f"{self.given_name} {self.family_name}".strip()

    def is_here(self, today: date) -> bool:
        """Whether the person still works here on `today`."""
        return self.left_on is None or self.left_on > today
