"""Counts with the Python reference model how many of the first events each rule matches.

usage: count_with_model.py MODEL_FOLDER EVENTS.ndjson EVENT_COUNT RULES.tsv...
prints: rules file, tab, matches of all rules together
"""

import itertools
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from reference_model import load  # noqa: E402


def main() -> int:
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    patterns = load(sys.argv[1], "patterns")
    with open(sys.argv[2], encoding="utf-8") as file:
        events = list(itertools.islice(file, int(sys.argv[3])))
    for path in sys.argv[4:]:
        with open(path, encoding="utf-8") as file:
            rules = [line.rstrip("\n").split("\t")[1] for line in file]
        answers = (patterns.answer(rule, event, "engine")[0] for rule in rules for event in events)
        print(path, sum(answer == "match" for answer in answers), sep="\t")
    return 0


if __name__ == "__main__":
    sys.exit(main())
