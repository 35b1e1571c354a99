"""How Chinese names are spelled (pypinyin), for finding them by pinyin in full or by initials, from any syllable on."""

from services.catalogue_ports import Spelled

LONGEST = 40


def spelled(words: str) -> Spelled:
    """教育局 -> `|jiaoyuju|yuju|ju` and `|jyj|yj|j`; other letters stand for themselves."""
    from pypinyin import lazy_pinyin  # its dictionary takes most of a second: only who spells waits for it

    syllables = [one.lower() for one in lazy_pinyin(words[:LONGEST]) if one.strip()]
    parts = [letter for one in syllables for letter in ([one] if one.isascii() else list(one)) if letter.isalnum()]
    endings = [parts[at:] for at in range(len(parts))]
    full = "".join("|" + "".join(ending) for ending in endings)
    return Spelled(full, "".join("|" + "".join(one[0] for one in ending) for ending in endings))
