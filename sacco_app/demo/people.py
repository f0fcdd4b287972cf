"""The members of the demo SACCO: names, numbers and portraits that belong to nobody."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date

from PIL import Image, ImageDraw

NAMES = (
    ("Nakimuli", "Ssekandi-Nabwire Florence", "F"),
    ("Okello", "James", "M"),
    ("Namutebi", "Harriet", "F"),
    ("Mukasa", "Robert", "M"),
    ("Akello", "Beatrice", "F"),
    ("Byaruhanga", "Stephen", "M"),
    ("Nabirye", "Juliet", "F"),
    ("Ochieng", "Patrick", "M"),
    ("Kyambadde", "Sylvia", "F"),
    ("Tumwine", "Gerald", "M"),
    ("Atuhaire", "Doreen", "F"),
    ("Lubega", "Henry", "M"),
    ("Auma", "Scovia", "F"),
    ("Wandera", "Fred", "M"),
    ("Nansubuga", "Prossy", "F"),
    ("Opio", "Samuel", "M"),
    ("Kembabazi", "Immaculate", "F"),
    ("Ssempijja", "Vincent", "M"),
    ("Nalwoga", "Resty", "F"),
    ("Asiimwe", "Edgar", "M"),
    ("Birungi", "Jacqueline", "F"),
    ("Kato", "Dennis", "M"),
    ("Achan", "Mercy", "F"),
    ("Muwonge", "Isaac", "M"),
    ("Nyakato", "Lydia", "F"),
)
SKINS = ((92, 61, 46), (116, 77, 56), (78, 50, 38), (134, 92, 66))
SHIRTS = ((15, 90, 94), (158, 64, 48), (60, 76, 140), (92, 120, 60), (130, 60, 110))


@dataclass(frozen=True, slots=True)
class Individual:
    """One person who joins."""

    surname: str
    given_names: str
    sex: str
    born: date
    phone: str
    nin: str
    branch: str


def individuals() -> list[Individual]:
    """Twenty-five people, the same each time; every fifth joins in Mbarara."""
    return [_individual(index, *name) for index, name in enumerate(NAMES)]


def _individual(index: int, surname: str, given: str, sex: str) -> Individual:
    born = date(1962 + index * 7 % 40, 1 + index * 5 % 12, 1 + index * 11 % 28)
    phone = f"+25677{2_000_000 + index * 31_357:07d}"
    nin = f"C{sex}{born:%y}{index * 7_919 % 10**6:06d}{'ABCDEFGHJK'[index % 10]}{index:02d}Z"
    return Individual(surname, given, sex, born, phone, nin, "MBR" if index % 5 == 3 else "HQ")


def portrait(index: int) -> bytes:
    """A drawn head and shoulders as JPEG."""
    image = Image.new("RGB", (360, 420), (214 - index % 4 * 8, 222, 226))
    pen = ImageDraw.Draw(image)
    pen.ellipse((40, 280, 320, 620), fill=SHIRTS[index % len(SHIRTS)])
    pen.rectangle((150, 220, 210, 310), fill=SKINS[index % len(SKINS)])
    pen.ellipse((105, 70, 255, 270), fill=SKINS[index % len(SKINS)])
    pen.pieslice((95, 50, 265, 240), 180, 360, fill=(24, 20, 18))
    pen.ellipse((145, 155, 163, 170), fill=(250, 250, 250))
    pen.ellipse((197, 155, 215, 170), fill=(250, 250, 250))
    pen.arc((150, 190, 210, 235), 20, 160, fill=(250, 240, 235), width=4)
    return _jpeg(image)


def signature(index: int) -> bytes:
    """A drawn scribble as JPEG."""
    image = Image.new("RGB", (420, 140), (255, 255, 255))
    pen = ImageDraw.Draw(image)
    points = [(30 + step * 18, 70 + (step * step * (3 + index) % 70 - 35)) for step in range(20)]
    pen.line(points, fill=(20, 30, 110), width=4, joint="curve")
    pen.line((40, 112, 380, 100 - index % 9), fill=(20, 30, 110), width=3)
    return _jpeg(image)


def _jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=82)
    return buffer.getvalue()
