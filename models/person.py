"""People of the company, as the roster feeds them in."""

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from framework import people
from framework.recruitment import who_is_meant
from models.base import Base


class Person(Base):
    """One person. Found again by employee number, else by e-mail address (kept in lower case).

    `mail_refused_on` is the day on which mail to this address came back for good, until the roster brings another
    address; `no_campaigns_since` the day on which the person asked for no more calls and announcements.
    `gender` is the company's own word, kept only where its roster file was told to bring it, for one thing: the count
    of groups in `framework/matching/fairness.py` (LEG-23, LEG-28). `value()` leaves it out, so that no rule can see it.

    `erased_on`: nothing is known of this person any more; the row stays for the figures (models/erasure.py).
    """

    __tablename__ = "person"

    employee_number: Mapped[str | None] = mapped_column(sa.String(60), unique=True)
    email: Mapped[str | None] = mapped_column(sa.String(254), unique=True)
    given_name: Mapped[str] = mapped_column(sa.String(100))
    family_name: Mapped[str] = mapped_column(sa.String(100))
    language: Mapped[str] = mapped_column(sa.String(5), default="en")
    manager_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"), index=True)
    department: Mapped[str] = mapped_column(sa.String(120), default="")
    site: Mapped[str] = mapped_column(sa.String(120), default="")
    country: Mapped[str] = mapped_column(sa.String(60), default="")
    job_title: Mapped[str] = mapped_column(sa.String(120), default="")
    years: Mapped[int] = mapped_column(default=0)
    level: Mapped[int] = mapped_column(default=0)
    hired_on: Mapped[date | None]
    skills: Mapped[list[str]] = mapped_column(default=list)
    interests: Mapped[list[str]] = mapped_column(default=list)
    left_on: Mapped[date | None]
    external: Mapped[bool] = mapped_column(default=False)
    mail_refused_on: Mapped[date | None]
    mail_refused_code: Mapped[str] = mapped_column(sa.String(20), default="")
    no_campaigns_since: Mapped[date | None]
    gender: Mapped[str] = mapped_column(sa.String(40), default="")
    erased_on: Mapped[date | None]

    @property
    def mailbox(self) -> str | None:
        """The address that takes mail; None for who has none, or whose mail came back."""
        return None if self.mail_refused_on else self.email

    def value(self) -> people.Person:
        """The person as the rules see one."""
        return people.Person(
            id=self.id,
            given_name=self.given_name,
            family_name=self.family_name,
            email=self.email,
            language=self.language,
            employee_number=self.employee_number,
            manager=self.manager_id,
            department=self.department,
            site=self.site,
            country=self.country,
            job_title=self.job_title,
            years=self.years,
            level=self.level,
            skills=tuple(self.skills),
            interests=tuple(self.interests),
            left_on=self.left_on,
            external=self.external,
        )


def all_people(session: Session) -> Sequence[Person]:
    """Everybody, in the order they came."""
    return session.scalars(sa.select(Person).order_by(Person.id)).all()


def here_on(session: Session, today: date) -> Sequence[Person]:
    """Everybody who works here on `today`."""
    still = sa.or_(Person.left_on.is_(None), Person.left_on > today)
    return session.scalars(sa.select(Person).where(still).order_by(Person.id)).all()


def gone(session: Session, today: date) -> Sequence[Person]:
    """Everybody who does not work here any more on `today`, but for those of whom nothing is known any more."""
    left = (Person.left_on <= today, Person.erased_on.is_(None))
    return session.scalars(sa.select(Person).where(*left).order_by(Person.id)).all()


def managers(session: Session) -> dict[int, int | None]:
    """The manager of everybody, by id: the lines of command."""
    return {one: boss for one, boss in session.execute(sa.select(Person.id, Person.manager_id))}  # noqa: C416 - rows


def names(session: Session) -> list[tuple[int, str, str]]:
    """Everybody's id, given name and family name."""
    return [tuple(row) for row in session.execute(sa.select(Person.id, Person.given_name, Person.family_name))]


def by_key(session: Session, key: str) -> Person | None:
    """The person with that employee number or e-mail address."""
    wanted = sa.or_(Person.employee_number == key, Person.email == key.strip().lower())
    return session.scalars(sa.select(Person).where(wanted)).first()


def matching(session: Session, words: str) -> Sequence[Person]:
    """Everybody of whom each of these words stands in number, address or name; nobody for no words."""
    wanted = [
        sa.or_(
            *(
                sa.func.lower(column).contains(word, autoescape=True)
                for column in (Person.employee_number, Person.email, Person.given_name, Person.family_name)
            )
        )
        for word in words.lower().split()
    ]
    found = sa.select(Person).where(*wanted, Person.erased_on.is_(None)).order_by(Person.id)
    return session.scalars(found).all() if wanted else []


def by_keys(session: Session, keys: Iterable[str]) -> list[Person]:
    """The people with these employee numbers or addresses, in that order; unknown ones are left out."""
    return [person for key in keys if (person := by_key(session, key))]


def meant(session: Session, typed: str, today: date) -> Person | None:
    """The one colleague named by e-mail address, employee number or whole name; None where it is not sure who is meant.

    Only who works here on `today` is meant.
    """
    found = by_key(session, typed.strip())
    if found is None:
        here = [(one.id, one.given_name, one.family_name) for one in here_on(session, today)]
        only = who_is_meant(typed, here)
        found = session.get_one(Person, only) if only else None
    return found if found and found.value().is_here(today) else None
