"""E-mails about mail itself: what came back, and what to do about it."""

from typing import ClassVar, Self

from framework.people import Role
from notifications.email import Email


class AddressRefused(Email):
    """A mail to somebody came back (CAP-042): who, which address, what it was about, what to do.

    `about` is the phase to which the mail belonged, never its subject, which may be private. `lasting`: the address
    takes no mail, and later letters are held for print; otherwise this one mail alone did not arrive.
    """

    phase: ClassVar[str] = "mail"
    name: ClassVar[str] = "address_refused"
    to: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR,)
    reason: ClassVar[str] = "You receive this e-mail because you coordinate this programme."

    person: str
    address: str
    about: str
    lasting: bool

    @classmethod
    def sample(cls) -> Self:
        """Lotte's invitation came back."""
        return cls(
            given_name="Els",
            person="Lotte Claes",
            address="lotte.claes@vanaelst.example",
            about="matching",
            lasting=True,
        )
