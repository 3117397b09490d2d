from typing import Final

MIN_WORDS: Final[int]
MIN_LETTERS_WITHOUT_SPACES: Final[int]

def fold(text: str) -> str: ...
def is_identifying(headline_folded: str) -> bool: ...
