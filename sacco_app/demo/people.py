"""The members of the demo SACCO: names, numbers and portraits that belong to nobody."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from datetime import date
from functools import cache

from PIL import Image, ImageDraw

from sacco_app.demo.plan import PLACES

SURNAMES = {
    "HQ": (
        "Mukasa Namutebi Kyambadde Lubega Nansubuga Ssempijja Nalwoga Kato Muwonge Nabatanzi Ssali Nakato Wasswa "
        "Kigozi Nabukenya Ssebunya Kintu Nalubega Mayanja Nakawesi Bbosa Namuli Kaweesa Nassuna Lukwago Nantongo"
    ).split(),
    "MBR": (
        "Byaruhanga Tumwine Atuhaire Kembabazi Asiimwe Birungi Nyakato Mugisha Ninsiima Tumusiime Kyomuhendo Ainebyoona "
        "Rwabwogo Katusiime Muhwezi Arinaitwe Natukunda Bashaija Kamugisha Ampaire"
    ).split(),
    "GUL": (
        "Okello Akello Ochieng Auma Opio Achan Odongo Apio Ojok Lamunu Okot Aber Oryem Adong Komakech Atim Ocan Laker "
        "Nyeko Aciro"
    ).split(),
}
WOMEN = (
    "Florence Harriet Beatrice Juliet Sylvia Doreen Scovia Prossy Immaculate Resty Jacqueline Mercy Lydia Esther Ruth "
    "Grace Annet Sarah Irene Peace Justine Rose Agnes Stella Margaret"
).split()
MEN = (
    "James Robert Stephen Patrick Gerald Henry Fred Samuel Vincent Edgar Dennis Isaac Joseph Moses Daniel Peter Brian "
    "Ivan Richard Paul Emmanuel Geoffrey Simon Charles Ronald"
).split()
LONG_NAME = ("Ssekandi-Nabwire", "Nakimuli Florence")
OCCUPATIONS = ("Trader", "Teacher", "Farmer", "Tailor", "Boda rider", "Nurse", "Carpenter", "Hairdresser", "Driver")
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
    occupation: str
    language: str


def individuals(count: int, dice: random.Random) -> list[Individual]:
    """So many people, the same for the same dice; nobody bears the name of another."""
    taken: set[tuple[str, str]] = set()
    places = [place.code for place in PLACES for _ in range(place.share)]
    found = []
    for index in range(count):
        branch, sex = (PLACES[0].code, "F") if index == 0 else (dice.choice(places), dice.choice("FM"))
        name = LONG_NAME if index == 0 else _name(branch, sex, dice)
        while name in taken:
            name = _name(branch, sex, dice)
        taken.add(name)
        found.append(_individual(index, *name, sex, branch, dice))
    return found


def _name(branch: str, sex: str, dice: random.Random) -> tuple[str, str]:
    return dice.choice(SURNAMES[branch]), dice.choice(WOMEN if sex == "F" else MEN)


def _individual(index: int, surname: str, given: str, sex: str, branch: str, dice: random.Random) -> Individual:
    born = date(dice.randint(1955, 2004), dice.randint(1, 12), dice.randint(1, 28))
    phone = f"+2567{dice.choice((7, 8, 0, 5))}{2_000_000 + index * 21_357:07d}"
    nin = f"C{sex}{born:%y}{index * 7_919 % 10**6:06d}{'ABCDEFGHJK'[index % 10]}{index % 1000:03d}"
    language = dice.choice(("en", "en", "lg" if branch == "HQ" else "en"))
    return Individual(surname, given, sex, born, phone, nin, branch, dice.choice(OCCUPATIONS), language)


@cache
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


@cache
def card(index: int) -> bytes:
    """A drawn identity card as JPEG: the same face, and lines where the words would be."""
    image = Image.new("RGB", (420, 264), (233, 240, 232))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 420, 44), fill=(188, 148, 40))
    image.paste(Image.open(io.BytesIO(portrait(index))).resize((126, 147)), (22, 78))
    for line, width in enumerate((210, 150, 180, 120, 190)):
        pen.rectangle((176, 84 + line * 30, 176 + width, 94 + line * 30), fill=(96, 104, 100))
    return _jpeg(image)


@cache
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
