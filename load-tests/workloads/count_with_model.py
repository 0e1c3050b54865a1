"""Counts with the Python reference model how many of the first events each rule matches.

usage: count_with_model.py MODEL_FOLDER EVENTS.ndjson EVENT_COUNT RULES.tsv...
prints: rules file, tab, matches of all rules together
"""

import itertools
import sys


def main() -> int:
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    sys.dont_write_bytecode = True
    sys.path.insert(0, sys.argv[1])
    try:
        import patterns
    except ImportError as error:
        sys.exit(f"error: no reference model in {sys.argv[1]} ({error})")
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
