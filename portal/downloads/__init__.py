"""What a coordinator may take along from the desk, as a spreadsheet, as a list, or as a calendar.

`sheets.py` says what there is, column by column, each with the class of answer that it comes from; `worded.py` gives
the rows. `cells.py` keeps a spreadsheet from running what people typed; `book.py` and `flat.py` write the two kinds of
file, `dates.py` the calendar; `evaluation.py` counts the final evaluation, and `pages.py` is the page.
"""
