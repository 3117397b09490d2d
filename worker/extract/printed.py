"""What a reader sees of an article, as a digest and as a number of words. **Pure**, **total**."""

import re
from collections.abc import Sequence
from hashlib import blake2b

FINGERPRINT_BYTES = 16

_PART, _NAME = "\x1f", "\x1e"
_NO_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
"""Letters of scripts that part no words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""


def fingerprint(
    headline: str, authors: Sequence[str], agency: str | None, lead: str | None, body: Sequence[str]
) -> str:
    """Return the digest of what a reader sees: 32 hex digits. Another comma makes another one."""
    parts = (headline, _NAME.join(authors), agency or "", lead or "", *body)
    return blake2b(_PART.join(parts).encode("utf-8", "replace"), digest_size=FINGERPRINT_BYTES).hexdigest()


def word_count(texts: Sequence[str]) -> int:
    """Return the number of words of the texts; in scripts without spaces each letter is one."""
    total = 0
    for text in texts:
        if text.isascii():
            total += len(text.split())
        else:
            bare, letters = _NO_SPACES.subn(" ", text)
            total += letters + len(bare.split())
    return total
