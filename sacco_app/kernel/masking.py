"""What may be shown to strangers of a name or an account number."""

from __future__ import annotations


def masked_name(full_name: str) -> str:
    """`N****** C***`: enough to recognise oneself, too little to learn a name."""
    return " ".join(f"{part[0]}{'*' * (len(part) - 1)}" for part in full_name.split())


def masked_number(number: str) -> str:
    """`REG-…123`: the kind and the last three characters."""
    return f"{number[:4]}…{number[-3:]}" if len(number) > 7 else number
