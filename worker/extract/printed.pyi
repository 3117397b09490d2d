from collections.abc import Iterable, Sequence

FINGERPRINT_BYTES: int

def fingerprint(
    headline: str, authors: Sequence[str], agency: str | None, lead: str | None, body: Sequence[str]
) -> str: ...
def word_count(texts: Iterable[str]) -> int: ...
