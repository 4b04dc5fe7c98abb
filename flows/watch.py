"""Watch: from what runs by itself to a word to the operator when it does not.

1. One round at a time: a second one beside it leaves at once.
2. Everything is looked at: runs in Prefect, the outbox, the programmes, HR's files, the keys, the disk, the tables.
3. What is wrong is remembered by its code, and since when; what is out of sight for two rounds is over. A run that is
   dead beyond doubt is marked so, should Prefect's own automation have missed it.
4. The operator gets one mail: on the first sight of something, again after a day, and when it is over.

Run it as often as you like: what was told is not told again before its time.
Ends as Completed, as Needs-Attention with the codes of what is wrong, or as Already-Running.
"""

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from tasks.watching import begin_round, end_round, look_round, mark_silent, remember, tell_operator


@flow(name="watch", flow_run_name="Baken · watch")
def watch() -> State[None]:
    """Look whether all that runs by itself does, and tell the operator what does not."""
    token = begin_round()
    if not token:
        return Completed(name="Already-Running")
    found = look_round()
    remember(found)
    told = {"marked": mark_silent(), **tell_operator()}
    end_round(token)
    seen = [f"{code} {number}" if number else code for code, number in sorted(found.items())]
    seen += [f"{name} {number}" for name, number in told.items() if number]
    return Completed(name="Needs-Attention" if found else "Completed", message=", ".join(seen))
