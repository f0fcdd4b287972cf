"""The same deposit in django-hordak, run by an interpreter of its own: prints deposits per second as JSON.

`python hordak_deposits.py <database url> <clients> <of them in one process> <seconds> bare|whole`. A bare deposit is a
transaction with two legs in one `atomic()` block; hordak's triggers check the balance, nothing else is written or read. A
whole one does what a counter cannot do without: the account is locked first, and its balance is read afterwards for the
receipt.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import random
import sys
import threading
import time
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings

fork = multiprocessing.get_context("fork")


def configure(url: str) -> None:
    parts = urlsplit(url)
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.path[1:],
                "USER": parts.username,
                "HOST": parse_qs(parts.query)["host"][0],
                "CONN_MAX_AGE": None,
            }
        },
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "hordak"],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DEFAULT_CURRENCY="UGX",
        CURRENCIES=["UGX"],
        HORDAK_CURRENCIES=["UGX"],
        HORDAK_DECIMAL_PLACES=0,
        SECRET_KEY="benchmark",
        USE_TZ=True,
    )
    django.setup()


def prepare(accounts: int, tills: int) -> tuple[list[int], list[int]]:
    from django.core.management import call_command
    from hordak.models import Account

    call_command("migrate", verbosity=0)
    kinds = (("Savings", "LI", accounts), ("Till", "AS", tills))
    made = [
        [Account.objects.create(name=f"{name} {n}", type=kind, currencies=["UGX"]).pk for n in range(count)]
        for name, kind, count in kinds
    ]
    return made[0], made[1]


def work(number: int, till: int, accounts: list[int], start, results, seconds: float, whole: bool) -> None:
    from django.db import transaction
    from hordak.models import Account
    from moneyed import Money

    dice = random.Random(number)
    cash, amount, count = Account.objects.get(pk=till), Money(1000, "UGX"), 0
    start.wait()
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        with transaction.atomic():
            chosen = Account.objects.select_for_update() if whole else Account.objects
            account = chosen.get(pk=dice.choice(accounts))
            account.transfer_to(cash, amount)
            if whole:
                account.get_balance()
        count += 1
    results.put(count)


def side_by_side(numbers: range, tills: list[int], shared: tuple) -> None:
    threads = [threading.Thread(target=work, args=(number, tills[number], *shared)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    url, clients, together, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    configure(url)
    accounts, tills = prepare(200, clients)
    from django.db import connections

    connections.close_all()
    gc.collect()
    gc.freeze()
    sys.stdout.write(json.dumps({"per_second": measure(accounts, tills, together, seconds, sys.argv[5] == "whole")}))


def measure(accounts: list[int], tills: list[int], together: int, seconds: float, whole: bool) -> float:
    """Deposits per second by as many clients as there are tills, `together` of them as threads of one process."""
    start, results = fork.Barrier(len(tills)), fork.Queue()
    for first in range(0, len(tills), together):
        numbers, shared = range(first, first + together), (accounts, start, results, seconds, whole)
        fork.Process(target=side_by_side, args=(numbers, tills, shared)).start()
    return sum(results.get(timeout=seconds + 60) for _ in tills) / seconds


if __name__ == "__main__":
    main()
