"""The company's face in one language: from the programme's file and its coordinator."""

from framework.people import Person
from framework.programme import Programme
from notifications.email import Brand
from notifications.logo import PREFIX


def brand(programme: Programme, coordinator: Person, language: str) -> Brand:
    """What every mail and page of this programme shows, in the company's own words (CAP-011)."""
    words = programme.words_in(language)
    return Brand(
        company=programme.company,
        programme=programme.title,
        colour=programme.colour,
        coordinator_name=coordinator.name,
        coordinator_email=coordinator.email or "",
        logo=programme.mail.logo if programme.mail.logo.startswith(PREFIX) else "",
        **words.model_dump(),
    )
