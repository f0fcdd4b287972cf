"""Statements: one against bare WeasyPrint, and a thousand in the background while tellers post."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from benchmarks.sacco import Sacco
from deploy.dev.setup import ROOT
from sacco_app.documents import jobs as document_jobs
from sacco_app.documents import service as documents
from sacco_app.documents.models import Document
from sacco_app.documents.types import RequestDocument
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import local_date
from sacco_app.kernel.db import db
from sacco_app.kernel.uow import run
from sacco_app.savings.documents import request_statement, wish_for
from sacco_app.savings.queries import get_account
from sacco_app.webkit.pdf import STATIC, load_engine

TRIES = 15


def in_the_name_of(sacco: Sacco) -> Actor:
    """The program, signing as the first teller: whoever asks for a document is a person."""
    return replace(Actor.system(), user_id=sacco.tellers[0].user_id)


def one_statement(sacco: Sacco) -> tuple[float, float]:
    """Median seconds of the job for one statement (read, render, keep, mark), and of bare WeasyPrint for the same HTML."""
    engine = load_engine()
    app, actor, clock = sacco.app, in_the_name_of(sacco), sacco.app.extensions["clock"]
    ours, bare = [], []
    with app.app_context():
        today = local_date(clock.now())
        for _ in range(TRIES):
            document_id = run(
                actor,
                clock,
                lambda s: request_statement(s, actor, clock, sacco.accounts[0], today - timedelta(days=30), today),
            )
            began = time.perf_counter()
            document_jobs.make(clock, document_id)
            ours.append(time.perf_counter() - began)
            html = _html(document_id, clock)
            began = time.perf_counter()
            engine.HTML(string=html, base_url=f"{STATIC.as_uri()}/").write_pdf()
            bare.append(time.perf_counter() - began)
        db.session.remove()
    return median(ours), median(bare)


def _html(document_id: UUID, clock: Any) -> str:
    from sacco_app.documents.registry import get_document_kind

    row = db.session.get_one(Document, document_id)
    content = get_document_kind(row.kind).build(db.session(), clock, row.params)
    html = document_jobs.html_of(row, content, clock)
    db.session.remove()
    return html


@contextlib.contextmanager
def workers(environment: dict[str, str]) -> Iterator[None]:
    """The relay and the worker of long runs, as the Procfile starts them."""
    commands = (["sacco_app.relay"], ["sacco_app.worker", "bulk"])
    settings = {**os.environ, **environment}
    running = [
        subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=settings,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for command in commands
    ]
    try:
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(60)


def ask_for(sacco: Sacco, count: int) -> UUID:
    """A run of `count` statements over the accounts there are."""
    actor, clock = in_the_name_of(sacco), sacco.app.extensions["clock"]
    with sacco.app.app_context():
        today = local_date(clock.now())
        facts = [run(actor, clock, lambda s, a=account: get_account(s, actor, a)) for account in sacco.accounts]
        wishes = [wish_for(one, today - timedelta(days=30), today) for one in facts]
        many: list[RequestDocument] = [wishes[number % len(wishes)] for number in range(count)]
        batch = run(actor, clock, lambda s: documents.request_batch(s, actor, clock, "Bench", None, many))
        db.session.remove()
    return batch


def ready(sacco: Sacco, batch_id: UUID) -> int:
    """How many of a run are made."""
    with sacco.app.app_context():
        query = select(func.count()).where(Document.batch_id == batch_id, Document.status == "ready")
        count = db.session.scalar(query) or 0
        db.session.remove()
    return count
