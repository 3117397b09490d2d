"""Write the results of all golden cases anew: ``python -m tests.golden.accept [NAME ...]``.

Read the difference before it is committed: every line of it is a page that reads otherwise than before.
"""

import json
import sys

from tests.golden.case import cases


def main(names: list[str]) -> None:
    """Rewrite ``expected.json`` of the named cases, of all without a name."""
    for case in cases():
        if names and case.folder.name not in names:
            continue
        path = case.folder / "expected.json"
        text = json.dumps(case.result(), ensure_ascii=False, indent=2) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"{case.folder.name}: rewritten")


if __name__ == "__main__":
    main(sys.argv[1:])
