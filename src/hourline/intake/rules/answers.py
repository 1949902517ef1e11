"""Understand yes and no as exports write them; a word nobody declared is no answer."""

from collections.abc import Mapping

from hourline.intake.rules.spelling import fold

# No word of one language is the opposite in another one of these.
_YES = frozenset(
    """
    yes y true 1 ja j oui o sí si s sì sim kyllä tak ano áno igen да так
    はい 是 예 네 כן نعم
    """.split()
)
_NO = frozenset(
    """
    no n false 0 nein nee non não nao nej nei ei nie ne nem нет ні
    いいえ 否 아니요 아니오 לא لا
    """.split()
)


def answer_of(text: str, words: Mapping[str, bool]) -> bool | None:
    """Return whether a word says yes; the connection's words come first."""
    said = fold(text)
    for word, means in words.items():
        if fold(word) == said:
            return means
    if said in _YES:
        return True
    return False if said in _NO else None
