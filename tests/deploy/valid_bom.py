"""Hold bills of materials against CycloneDX's own schema of the version that each names; print a line each.

Runs in the environment of the tools: `.venv-deploy/bin/python tests/deploy/valid_bom.py FILE...`
"""

import json
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def fault(file: Path) -> str | None:
    """Return what the schema refuses in a file, None where it takes it."""
    text = file.read_text(encoding="utf-8")
    found = JsonStrictValidator(SchemaVersion.from_version(json.loads(text)["specVersion"])).validate_str(text)
    return str(found).splitlines()[0] if found else None


faults = {file: fault(Path(file)) for file in sys.argv[1:]}
for name, told in faults.items():
    print(f"fault {name}: {told}" if told else f"ok {name}")
sys.exit(any(faults.values()))
