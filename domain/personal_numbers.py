"""Telephone and identity numbers as people write them in forms, recognised and brought to one form; texts are masked elsewhere
(domain/masking.py). A number that is none is no number: empty.
"""

import re

FULL = str.maketrans("０１２３４５６７８９－（）　Ｘｘ", "0123456789-() XX")
MOBILE = re.compile(r"1[3-9][0-9]{9}")
LANDLINE = re.compile(r"(0[0-9]{2,3})([2-9][0-9]{6,7})")
SHORT = re.compile(r"[2-9][0-9]{6,7}|[48]00[0-9]{7}|1[0-9]{4}")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
"""GB 11643-1999: the check character by the weighed sum modulo 11."""
IN_TEXT = re.compile(r"(?<![0-9])1[3-9][0-9](?:[\s\-]?[0-9]){8}(?![0-9])")


def phone(raw: str) -> str:
    """A mobile, landline or service number of China as digits, without 86; empty for anything else."""
    digits = re.sub(r"[\s\-()·.]", "", raw.translate(FULL)).removeprefix("+86").removeprefix("0086")
    if len(digits) == len("8613800000000") and digits.startswith("86"):
        digits = digits[2:]
    if MOBILE.fullmatch(digits) or SHORT.fullmatch(digits):
        return digits
    found = LANDLINE.fullmatch(digits)
    return f"{found[1]}-{found[2]}" if found else ""


def id_number(raw: str) -> str:
    """An identity number whose check character is right; empty for anything else."""
    number = re.sub(r"\s", "", raw.translate(FULL)).upper()
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number) or not number.isascii():
        return ""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number, strict=False))
    return number if CHECKS[total % 11] == number[17] else ""


def phone_in(text: str) -> str:
    """The first mobile number that a text holds; empty where there is none."""
    found = IN_TEXT.search(text.translate(FULL))
    return phone(found[0]) if found else ""
