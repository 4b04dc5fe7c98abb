"""Mail: post what stands in the outbox.

1. What came back is read, where a mailbox for it is set. What waits has its clocks: what stayed unsure too long is
   given up and shown, letters to print are told about.
2. Messages that a dead sender left half sent go again under the same Message-ID, or wait until somebody knows.
3. What is stale is called off, what goes to one person is bundled, a mailing that is too large waits for a word.
4. What may go today goes, one message at a time a connection, from several senders side by side where there is
   much of it; what is refused is kept to be looked at.

Run it as often as you like: what was sent is not sent again.
Ends as Completed, or Awaiting-Relay when the relay is down or not set; as Unknown-Programme or Future-Date when it
cannot run.
"""

from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from tasks.bounces import read_mailbox
from tasks.letters import tell_about_letters
from tasks.mail import in_all
from tasks.manners import tend_outbox
from tasks.naming import run_name
from tasks.programme import begin_day
from tasks.senders import post_share, prepare
from tasks.spread import spread
from tasks.stage import nothing


@flow(name="mail", flow_run_name=run_name)
def mail(programme: str, today: date | None = None) -> State[None]:
    """Post the outbox.

    Args:
        programme: The programme whose date counts; everything that may go today is posted.
        today: Leave it empty. Only a rehearsal has a day of its own, and only there may it lie ahead.

    """
    day = begin_day(programme, today)
    if isinstance(day, str):
        return nothing(day)
    back = read_mailbox(day)
    tend_outbox()
    tell_about_letters(programme, day)
    senders, tidied = prepare(day)
    found = {**back, **in_all(spread(post_share, [{"today": day}] * senders)), **tidied}
    message = ", ".join(f"{key} {number}" for key, number in found.items())
    return Completed(name="Awaiting-Relay" if found["down"] else "Completed", message=message)
