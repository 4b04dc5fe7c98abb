"""The package mentor-match on a ready matrix: `python -P benchmarks/mentor_match.py scores.npy places.npy`.

Run by a Python that has `mentor-match` and numpy and nothing of ours: its top-level package is called `matching`, as
another one's on the index is. One round for each place of the busiest mentor; `-P` keeps our own files out of its way.
"""

import json
import resource
import sys
import time
from typing import Any

import numpy as np


def main() -> None:
    """Print seconds, megabytes, people matched and their total."""
    from matching.mentee import Mentee
    from matching.mentor import Mentor
    from matching.process import process_data
    from matching.rules.rule import Disqualify, Rule

    matrix, places = np.load(sys.argv[1]).tolist(), np.load(sys.argv[2]).tolist()

    class Score(Rule):  # type: ignore[misc]
        """What the matrix says."""

        def apply(self, pair: Any) -> int:
            score: int = matrix[pair.mentee.grade][pair.mentor.grade]
            return max(0, score)

    def may_not(pair: Any) -> bool:
        mentee, mentor = pair.mentee, pair.mentor
        full = bool(mentee.mentors) or len(mentor.mentees) >= places[mentor.grade]
        return full or matrix[mentee.grade][mentor.grade] < 0

    about = {"organisation": "", "profession": "", "first name": "", "last name": "", "role": ""}
    mentees = [Mentee(grade=row, email=f"mentee{row}", **about) for row in range(len(matrix))]
    mentors = [Mentor(grade=column, email=f"mentor{column}", **about) for column in range(len(places))]
    start = time.process_time()
    process_data(mentors, mentees, [[Score(), Disqualify(may_not)] for _ in range(max(places))])
    cpu = time.process_time() - start
    pairs = [(one.grade, other.grade) for one in mentees for other in one.mentors]
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    total = sum(matrix[row][column] for row, column in pairs)
    print(json.dumps({"cpu": cpu, "mb": megabytes, "matched": len(pairs), "total": total}))


if __name__ == "__main__":
    main()
