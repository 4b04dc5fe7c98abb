"""The desk of a programme that runs: how its pairs and people are, what to look at, and what may be done by hand.

- `pairs.py` the list of pairs with the health of each (`lines.py` gathers it), `one_pair.py` all about one of them;
- `risks.py` the risk board; `advice.py` what one can do about each risk;
- `people.py` the search, `one_person.py` all about one person; `waiting.py` who owes an answer, and for how long;
- `hands.py` what may be done by hand, recorded once for exactly what was shown; `door.py` opens the desk for all these;
- `told.py` answers and mails as a coordinator may read them; `phrases.py` the words.

Nothing here writes on a GET, and nothing but a decision on a POST: `tasks/by_hand.py` carries it out.
"""
