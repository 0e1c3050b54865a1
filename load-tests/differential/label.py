"""Labels generated cases with the answers of the Python reference model.

usage: label.py MODEL_FOLDER < cases without `expect` > cases with `expect`
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from reference_model import load  # noqa: E402


def main() -> int:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    patterns = load(sys.argv[1], "patterns")
    for line in sys.stdin:
        case = json.loads(line)
        case["expect"], _reason = patterns.answer(case["pattern"], case["event"], case["profile"])
        print(json.dumps(case))
    return 0


if __name__ == "__main__":
    sys.exit(main())
