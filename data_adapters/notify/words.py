"""The words of notices that leave the city, from the catalogues of the interface."""

from collections.abc import Mapping
from typing import Any

from services.notice_words import said
from services.notices import Words

OTHERWISE = "zh"


def notice_words(catalogues: Mapping[str, Mapping[str, str]]) -> Words:
    """`catalogues`: language -> message id -> text. A language that is none of them is Chinese."""

    def words(template: str, lang: str, params: Mapping[str, Any]) -> tuple[str, str]:
        return said(catalogues.get(lang, catalogues[OTHERWISE]), template, params)

    return words
