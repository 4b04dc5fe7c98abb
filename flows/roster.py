"""Roster: from HR's file in a folder to the people that Baken knows.

1. One round at a time: a second one beside it leaves at once.
2. Files that are whole are taken, the oldest first; the same file twice in a row changes nothing.
3. A file by which unusually many people leave or change their address is held until a person has looked.
4. What cannot be taken is put aside, with a report that names rows and columns; the operator is told.

Run it as often as you like: a file is taken once.
Ends as Completed, as Needs-Attention when a file or a row was not taken, as Not-Set, or as Already-Running.
"""

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from tasks.feed import begin_round, end_round, is_set, take_files

ASIDE = ("held", "refused", "rows refused", "away")


@flow(name="roster", flow_run_name="Baken · roster")
def roster() -> State[None]:
    """Take in what HR has left in the folder."""
    if not is_set():
        return Completed(name="Not-Set")
    token = begin_round()
    if not token:
        return Completed(name="Already-Running")
    found = take_files(token)
    end_round(token)
    message = ", ".join(f"{kind} {number}" for kind, number in found.items() if number)
    return Completed(name="Needs-Attention" if any(map(found.get, ASIDE)) else "Completed", message=message)
