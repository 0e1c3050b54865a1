"""Labels generated target inputs with the answers of the Python reference model.

usage: label_target_inputs.py MODEL_FOLDER < cases without `expect` > cases with `expect`

Of messages with a place in the text only what stands before the place is kept: the model names the first column
always. Left out are templates that the model would call too short, which has no recorded message, and those that it
refuses for a placeholder in a name although they are no JSON: it looks for names with an expression that sees them in
broken text too, so which of the two messages comes first means nothing.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from reference_model import load  # noqa: E402


def main() -> int:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    transform = load(sys.argv[1], "transform")
    for line in sys.stdin:
        case = json.loads(line)
        expect = transform.run(case)
        message = expect.get("message", "")
        substituted = transform.PH.sub("null", case.get("input_template", ""))
        if message == "length" or ("JSON object key" in message and not transform.json_seq_ok(substituted)):
            continue
        if expect.get("message", "").startswith("Invalid InputTemplate"):
            message = expect.pop("message")
            expect["message_prefix"] = message[: message.rindex("; line: 1")]
        case["expect"] = expect
        print(json.dumps(case))
    return 0


if __name__ == "__main__":
    sys.exit(main())
