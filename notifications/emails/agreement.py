"""E-mails about the agreement: its draft, its signatures, the line manager's part, and the start (REL)."""

from datetime import date
from typing import ClassVar, Self

from framework.people import Role
from notifications.email import Email


class AgreementDraft(Email):
    """Asks one of the pair to write down what both agree: growth: the mentee; new hire: the mentor (REL-M02)."""

    phase: ClassVar[str] = "agreement"
    name: ClassVar[str] = "agreement_draft"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    partner: str
    closes_on: date
    minutes: int

    @classmethod
    def sample(cls) -> Self:
        """Ravi writes the agreement with Ingrid."""
        return cls(given_name="Ravi", partner="Ingrid Solberg", closes_on=date(2027, 4, 23), minutes=30)


class AgreementFirstMeeting(Email):
    """Helps the other of the pair to get to know the drafter; nothing to fill in (REL-M01)."""

    phase: ClassVar[str] = "agreement"
    name: ClassVar[str] = "agreement_first_meeting"
    pressing: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    partner: str

    @classmethod
    def sample(cls) -> Self:
        """Ingrid is about to meet Ravi."""
        return cls(given_name="Ingrid", partner="Ravi Menon")


class AgreementSignature(Email):
    """Asks to read the agreement, and to sign it or say what should change (REL-M03)."""

    phase: ClassVar[str] = "agreement"
    name: ClassVar[str] = "agreement_signature"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    partner: str
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Ingrid reads what Ravi wrote."""
        return cls(given_name="Ingrid", partner="Ravi Menon", closes_on=date(2027, 4, 30))


class AgreementRedraft(Email):
    """Asks to adapt the agreement; it does not say who asked for it (REL-C14)."""

    phase: ClassVar[str] = "agreement"
    name: ClassVar[str] = "agreement_redraft"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    partner: str
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Something in the agreement has to change."""
        return cls(given_name="Ravi", partner="Ingrid Solberg", closes_on=date(2027, 5, 7))


class ManagerConsent(Email):
    """Asks the line manager to consent to the agreement, and never to what is said in the talks (REL-M04, LEG-14)."""

    phase: ClassVar[str] = "agreement"
    name: ClassVar[str] = "manager_consent"
    to: ClassVar[tuple[Role, ...]] = (Role.LINE_MANAGER,)
    reason: ClassVar[str] = "You receive this e-mail because someone in your team takes part in this programme."

    report: str
    partner: str
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Marie-Claire is asked about Ravi's agreement."""
        return cls(given_name="Marie-Claire", report="Ravi Menon", partner="Ingrid Solberg", closes_on=date(2027, 5, 7))


class RoleSplit(Email):
    """Tells the line manager of a new hire who does what, and what will be told (REL-M05, LEG-08 to LEG-12)."""

    phase: ClassVar[str] = "agreement"
    name: ClassVar[str] = "role_split"
    to: ClassVar[tuple[Role, ...]] = (Role.LINE_MANAGER,)
    reason: ClassVar[str] = "You receive this e-mail because someone in your team takes part in this programme."

    report: str
    partner: str

    @classmethod
    def sample(cls) -> Self:
        """Tomasz has a new colleague, guided by Fatou."""
        return cls(given_name="Tomasz", report="Luca Bianchi", partner="Fatou Ndiaye")


class AgreementActive(Email):
    """Tells both that they can begin: when, how often, how to reach each other, how to stop (REL-M07).

    `every_days` is the rhythm agreed, in days; `partner_email` is empty for someone without a mailbox.
    """

    phase: ClassVar[str] = "agreement"
    name: ClassVar[str] = "agreement_active"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    partner: str
    partner_email: str
    first_on: date
    every_days: int

    @classmethod
    def sample(cls) -> Self:
        """Ravi and Ingrid meet every four weeks."""
        return cls(
            given_name="Ravi",
            partner="Ingrid Solberg",
            partner_email="ingrid.solberg@example.org",
            first_on=date(2027, 5, 13),
            every_days=28,
        )
