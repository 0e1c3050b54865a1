"""Labels generated cases with the answers of the Python reference model.

usage: label.py MODEL_FOLDER < cases without `expect` > cases with `expect`
"""

import json
import sys


def main() -> int:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.dont_write_bytecode = True
    sys.path.insert(0, sys.argv[1])
    try:
        import patterns
    except ImportError as error:
        sys.exit(f"error: no reference model in {sys.argv[1]} ({error})")
    for line in sys.stdin:
        case = json.loads(line)
        case["expect"], _reason = patterns.answer(case["pattern"], case["event"], case["profile"])
        print(json.dumps(case))
    return 0


if __name__ == "__main__":
    sys.exit(main())
