"""`make bench`: every measurement in one run, on embedded servers that keep what they commit. Prints Markdown."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from sqlalchemy import make_url

from benchmarks import http_load, load, papers
from benchmarks.load import Sample, table
from benchmarks.sacco import Sacco, build, config_for, depositor
from deploy.dev.servers import _programs, create_database, postgres, valkey
from deploy.dev.setup import ROOT, say

CLIENTS = 8
TOGETHER = 4
SECONDS = 5.0
ROUNDS = 4
TELLERS = 50
PAUSE = 2.0
STATEMENTS = 1_000
HORDAK = ROOT / "var" / "bench" / "bin" / "python"


def pgbench(admin: str) -> Callable[[], float]:
    """A measure of the transactions per second of the built-in TPC-B on the same server."""
    url = make_url(admin)
    where = ["-h", str(url.query["host"]), "-U", "postgres", make_url(create_database(admin, "pgbench")).database or ""]
    program = str(_programs() / "pgbench")
    subprocess.run([program, "-i", "-s", "10", "-q", *where], check=True, capture_output=True)
    command = [program, "-c", str(CLIENTS), "-j", "2", "-T", str(int(SECONDS)), *where]

    def measure() -> float:
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
        found = re.search(r"tps = ([\d.]+)", answer.stdout)
        assert found, answer.stdout
        return float(found.group(1))

    return measure


def hordak(admin: str) -> Callable[[str], float]:
    """A measure of the deposits per second in django-hordak, "bare" or "whole", by an interpreter of its own."""
    url = create_database(admin, "hordak").replace("+psycopg2", "")
    script = str(ROOT / "benchmarks" / "hordak_deposits.py")

    def measure(kind: str) -> float:
        command = [str(HORDAK), script, url, str(CLIENTS), str(TOGETHER), str(SECONDS), kind]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
        return float(json.loads(answer.stdout.strip().splitlines()[-1])["per_second"])

    return measure


def throughput(admin: str, sacco: Sacco, posted: Callable[[], Sample]) -> str:
    """Deposits per second through the service and the form, against pgbench and hordak with as many clients.

    Everything is measured in turn, several times, and the middle one counts: a machine is not equally fast all the time.
    """
    tpcb, rival = pgbench(admin), hordak(admin)
    parts: dict[str, Callable[[], float]] = {
        "pgbench": tpcb,
        "service": lambda: load.clients(depositor(sacco), CLIENTS, SECONDS, together=TOGETHER).per_second,
        "bare": lambda: rival("bare"),
        "whole": lambda: rival("whole"),
        "form": lambda: posted().per_second,
    }
    seen: dict[str, list[float]] = {name: [] for name in parts}
    for number in range(ROUNDS):
        say(f"round {number + 1} of {ROUNDS}: {', '.join(parts)}")
        for name, measure in parts.items():
            seen[name].append(measure())
    of = {name: median(figures) for name, figures in seen.items()}
    ours = of["service"]

    def row(what: str, name: str, against: str) -> tuple[str, str, str]:
        return what, f"{of[name]:,.0f} per second ({min(seen[name]):,.0f} to {max(seen[name]):,.0f})", against

    rows = [
        row("pgbench TPC-B", "pgbench", "1"),
        row("deposit through the service", "service", f"{ours / of['pgbench']:.2f} of pgbench (wanted 0.15)"),
        row("two legs in django-hordak", "bare", f"the service is {ours / of['bare']:.2f} × (wanted 2)"),
        row("the same, account locked, balance read", "whole", f"the service is {ours / of['whole']:.2f} ×"),
        row("deposit through the HTTP form", "form", f"{of['form'] / ours:.2f} of the service"),
    ]
    return table(f"Throughput, {CLIENTS} clients, middle of {ROUNDS} rounds", rows)


def latency(busy: Sample, idle: Sample) -> str:
    """The form under 50 tellers, against an empty page under as many."""
    rows = [
        (f"{name} of {TELLERS} tellers posting", f"{busy.percentile(share) * 1000:,.1f} ms", _ratio(busy, idle, share))
        for name, share in (("p50", 0.5), ("p95", 0.95))
    ]
    rows += [
        (f"{name} of an empty Flask page", f"{idle.percentile(share) * 1000:,.1f} ms", "1")
        for name, share in (("p50", 0.5), ("p95", 0.95))
    ]
    return table(f"One page, {TELLERS} at once, {PAUSE:.0f} s between two acts of one", rows)


def _ratio(one: Sample, other: Sample, share: float) -> str:
    return f"{one.percentile(share) / other.percentile(share):.1f} × the empty page"


def statements(sacco: Sacco, environment: dict[str, str], port: int, idle: Sample) -> str:
    """One statement against bare WeasyPrint; a thousand in the background while tellers post."""
    say("one statement")
    ours, bare = papers.one_statement(sacco)
    say(f"{STATEMENTS:,} statements in the background while {TELLERS} tellers post")
    batch, began = papers.ask_for(sacco, STATEMENTS), time.perf_counter()
    with papers.workers(environment):
        busy = load.clients(http_load.posting(sacco, port), TELLERS, 45, PAUSE)
        while (done := papers.ready(sacco, batch)) < STATEMENTS and time.perf_counter() - began < 900:
            say(f"{done:,} of {STATEMENTS:,}")
            time.sleep(10)
        spent = time.perf_counter() - began
    ratio = busy.percentile(0.95) / idle.percentile(0.95)
    rows = [
        ("one statement: read, render, keep, mark", f"{ours * 1000:,.0f} ms", f"{ours / bare:.2f} × bare (wanted 1.2)"),
        ("bare WeasyPrint, same HTML", f"{bare * 1000:,.0f} ms", "1"),
        (f"{done:,} statements by one worker", f"{spent:,.0f} s", f"{done / spent:.1f} per second"),
        ("p95 of the counter meanwhile", f"{busy.percentile(0.95) * 1000:,.1f} ms", f"{ratio:.2f} × idle (wanted 1.5)"),
    ]
    return table("Statements", rows)


def main() -> None:
    """Measure everything and print it."""
    wanted = set(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="sacco-bench-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        with postgres(root / "postgres", durable=True) as admin, valkey(root / "valkey") as redis_url:
            config = config_for(create_database(admin, "sacco"), redis_url, root)
            say(f"a SACCO with {TELLERS} open tills")
            sacco = build(config, TELLERS, 200)
            environment = config_environment(config)
            for part in measure(admin, sacco, environment, wanted):
                sys.stdout.write(f"{part}\n")
                sys.stdout.flush()


def config_environment(config: object) -> dict[str, str]:
    """The settings as the processes read them."""
    names = ("database_url", "redis_url", "secret_key", "field_encryption_key", "upload_dir")
    settings = {name.upper(): str(getattr(config, name)) for name in names}
    return {**settings, "SACCO_ENV": "development", "RATE_LIMIT": "1000000 per minute"}


def measure(admin: str, sacco: Sacco, environment: dict[str, str], wanted: set[str]) -> Iterator[str]:
    """The parts that are wanted, each as soon as it is measured; all when none is named."""
    with http_load.served("wsgi:app", environment) as port:
        if not wanted or "throughput" in wanted:
            yield throughput(admin, sacco, lambda: load.clients(http_load.posting(sacco, port), CLIENTS, SECONDS))
        say(f"{TELLERS} tellers at the form")
        calm = load.clients(http_load.posting(sacco, port), TELLERS, 30, PAUSE)
        if not wanted or "latency" in wanted:
            say("as many in front of an empty page")
            with http_load.served("benchmarks.http_load:empty()", {}, *http_load.AS_MANY) as other:
                idle = load.clients(http_load.looking(other), TELLERS, 30, PAUSE)
            yield latency(calm, idle)
        if not wanted or "statements" in wanted:
            yield statements(sacco, environment, port, calm)


if __name__ == "__main__":
    main()
