"""Write what is generated from the contracts: ``python -m schemas`` (``make contracts``).

JSON Schemas, the AsyncAPI document and docs/topics.md follow from the models and the registry alone,
so that a change of contract shows in review, in each of its forms.
"""

from pathlib import Path

from schemas.publish import generated

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Write every generated file whose content differs, and name it."""
    for path, text in generated().items():
        file = ROOT / path
        if file.is_file() and file.read_text(encoding="utf-8") == text:
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        print(f"wrote {path}")  # noqa: T201  the command's output


if __name__ == "__main__":
    main()
