"""Audit: whether the trail of who did what is still what was written.

1. The whole chain is looked along, and compared with the anchors that stand outside the database.
2. Where it holds, its end is written down there: in a file of the machine, on a page of Prefect, and once a week in a
   mail to the operator.

Run it as often as you like: what has not grown is not written down again.
Ends as Completed with the number of links, or as Failed with the first link that does not hold.
"""

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from tasks.auditing import anchor_head, inspect_trail, mail_head


@flow(name="audit", flow_run_name="Baken · audit")
def audit() -> State[None]:
    """Look whether the trail of who did what holds, and write down where it ends."""
    if fault := inspect_trail():
        return Failed(message=f"The trail does not hold, {fault}.")
    links, mailed = anchor_head(), mail_head()
    return Completed(name="Completed", message=f"{links} links" + (", mailed to the operator" if mailed else ""))
