"""The dates of a programme on the desk: what is planned, and a word to move a phase, stretch it or call it off.

- `pages.py` the two pages and the one post; `lines.py` what they show; `phrases.py` the words.

Looking writes nothing, what follows included. A post records a word; `tasks/replanning.py` carries it out at the next
run, as `baken programme move` and `cancel` do at once.
"""
