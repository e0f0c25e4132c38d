"""`python -m tests.conformance FILE.jsonl [--results OUT.jsonl]`: interpret, print differences, count."""

import argparse
import json
import sys
from pathlib import Path

from tests.conformance.compare import differences, is_skipped
from tests.conformance.interpret import interpret


def main(argv: list[str] | None = None) -> int:
    """Return the exit code: 1 if a case that may not be skipped differs."""
    parser = argparse.ArgumentParser(prog="tests.conformance", description=__doc__)
    parser.add_argument("file", type=Path, help="scenarios with their expected results, one JSON object a line")
    parser.add_argument("--results", type=Path, help="write the actual results here, one JSON object a line")
    options = parser.parse_args(argv)
    passed = failed = skipped = 0
    results = []
    for line in options.file.read_text().splitlines():
        case = json.loads(line)
        actual = interpret(case["scenario"])
        results.append(json.dumps(actual) + "\n")
        if is_skipped(case["scenario"]):
            skipped += 1
            continue
        found = differences(case["scenario"], case["expected"], actual)
        passed, failed = passed + (not found), failed + bool(found)
        for difference in found:
            print(f"{case['scenario']['name']}: {difference}")
    if options.results:
        options.results.write_text("".join(results))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
