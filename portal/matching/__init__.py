"""The desk's pages on matching: what is proposed, why, why not, what if, and how each group fared.

`front.py` shows the proposals, `pages.py` routes to one pair (`one_pair.py`) and to who has nobody
(`unmatched.py`); `what_if.py` with `settings_form.py`, `fairness.py`. What they show of a pair, and a run opened
from what was kept, come from `models/desk/`.
"""
