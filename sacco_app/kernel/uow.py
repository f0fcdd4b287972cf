"""The unit of work: the only place that commits."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from sacco_app.kernel import appends
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.db import db
from sacco_app.kernel.dberrors import translate

R = TypeVar("R")

_RETRIED = {"40001", "40P01"}
_ATTEMPTS = 3


class CommitOutsideTransaction(RuntimeError):
    """Something other than `transaction()` tried to commit."""


class NestedTransaction(RuntimeError):
    """`transaction()` inside `transaction()`: one front door, one transaction."""


@contextmanager
def transaction(actor: Actor, clock: Clock) -> Iterator[Session]:
    """Open the one transaction of a front door, commit it at the end, roll everything back on any exception.

    Actor and clock are kept on the session for the audit trail alone. The commit runs inside the guarded block, so that
    what only the commit checks (an unbalanced journal) is an error like any other and never a 500 after "Saved".
    """
    session = db.session()
    if session.info.get("in_transaction"):
        raise NestedTransaction
    session.info.pop("reference_seen", None)
    session.info.update(in_transaction=True, actor=actor, clock=clock, appends=[], after_commit=[], nudges=set())
    try:
        yield session
        appends.finish(session)
        session.info["committing"] = True
        session.commit()
        callbacks = session.info["after_commit"]
    except DBAPIError as error:
        session.rollback()
        translated = translate(error)
        if translated is error:
            raise
        raise translated from error
    except BaseException:
        session.rollback()
        raise
    finally:
        for key in (
            "in_transaction",
            "committing",
            "actor",
            "clock",
            "appends",
            "after_commit",
            "nudges",
            "reference",
        ):
            session.info.pop(key, None)
    for callback in callbacks:
        callback()


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """A part of a transaction that may fail alone: what it wrote, queued and meant to tell is taken back with it."""
    appends.flush(session)
    callbacks, nudges = list(session.info["after_commit"]), set(session.info["nudges"])
    try:
        with session.begin_nested():
            yield
            appends.flush(session)
    except BaseException:
        session.info["appends"] = []
        session.info["after_commit"][:] = callbacks
        session.info["nudges"].intersection_update(nudges)
        raise


def run(actor: Actor, clock: Clock, work: Callable[[Session], R]) -> R:
    """Run `work` in a transaction; repeat the whole of it on a deadlock or serialization failure (three times)."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction(actor, clock) as session:
                return work(session)
        except OperationalError as error:
            if getattr(error.orig, "pgcode", None) not in _RETRIED or attempt == _ATTEMPTS:
                raise
            time.sleep(random.uniform(0.005, 0.03) * attempt)  # noqa: S311 - jitter, not a secret
    raise AssertionError("unreachable")


def after_commit(session: Session, callback: Callable[[], None]) -> None:
    """Call back once the transaction is safely committed: only for what may be lost (nudges, cache drops)."""
    session.info["after_commit"].append(callback)


@event.listens_for(Session, "before_commit")
def _refuse_stray_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    if not session.info.get("committing"):
        raise CommitOutsideTransaction
