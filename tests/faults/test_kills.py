"""Whatever is killed in the middle of traffic: no money, no message and no receipt is lost, and none is there twice."""

from __future__ import annotations

import dataclasses
import tempfile
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from benchmarks.sacco import build, config_for
from deploy.dev.servers import create_database
from sacco_app.documents.models import Document
from sacco_app.documents.service import file_of
from sacco_app.integrations.console import ConsoleMessage
from sacco_app.kernel import deliveries
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import db
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import run
from sacco_app.ledger import proofs
from sacco_app.notifications.models import MessageRow
from sacco_app.savings.queries import get_account
from sacco_app.teller import service as teller
from sacco_app.teller.types import CashDeposit
from sacco_app.transactions.models import Transaction
from tests.faults.house import environment_of, house, wait_for

DEPOSITS = 20
AMOUNT = 1_000
PATIENCE = 120


@pytest.fixture(scope="module")
def place():
    with tempfile.TemporaryDirectory(prefix="sacco-faults-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        with house(root) as made:
            yield made


@pytest.fixture(scope="module")
def sacco(place, config):
    admin, redis_url = place.start_engine("postgres"), place.start_engine("valkey")
    own = config_for(create_database(admin, "sacco"), redis_url, place.folder)
    # The keys of fields are one set for each process: those of the suite.
    own = dataclasses.replace(own, field_encryption_key=config.field_encryption_key)
    place.environment = environment_of(own)
    return build(own, tellers=2, accounts=4)


class Counter(threading.Thread):
    """A teller who posts on and on, and repeats with the same key what was not answered: each key is one deposit."""

    def __init__(self, sacco, number, beat):
        super().__init__(daemon=True)
        self.sacco, self.number, self.beat = sacco, number, beat
        self.answered = []

    def run(self):
        with self.sacco.app.app_context():
            for count in range(DEPOSITS // 2):
                self.post(f"{self.number}-{count}", count)
                self.beat.release()
            db.session.remove()

    def post(self, key, count):
        actor, clock = self.sacco.tellers[self.number], self.sacco.app.extensions["clock"]
        command = CashDeposit(self.sacco.accounts[count % 4], Money(AMOUNT, UGX), "", "", "", key)

        def attempt():
            try:
                facts = run(actor, clock, lambda s: teller.deposit(s, actor, clock, command))
            except DBAPIError:
                db.session.remove()
                db.engine.dispose()
                return False
            self.answered.append(facts.number)
            return True

        assert wait_for(attempt, 60), f"{key} was never answered"


def start_workers(place):
    place.start("worker", "sacco_app.worker", "critical", "default")
    place.start("bulk", "sacco_app.worker", "bulk")


def the_backlog_is_empty(sacco):
    with sacco.app.app_context():
        left = deliveries.backlog(db.session())
        made = db.session.scalar(select(func.count()).select_from(Document).where(Document.status == "ready"))
        wanted = db.session.scalar(
            select(func.count()).select_from(Transaction).where(Transaction.receipt_number != "")
        )
        db.session.remove()
        return left.unsent == left.waiting == 0 and made == wanted


def test_nothing_is_lost_and_nothing_is_doubled(place, sacco):
    beat = threading.Semaphore(0)

    def after(posted):
        for _ in range(posted):
            assert beat.acquire(timeout=60)

    place.start("relay", "sacco_app.relay")
    start_workers(place)
    counters = [Counter(sacco, number, beat) for number in (0, 1)]
    for counter in counters:
        counter.start()
    after(4)
    place.kill("worker")
    place.kill("bulk")
    after(2)
    start_workers(place)
    place.kill("relay")
    after(4)
    place.start("relay", "sacco_app.relay")
    place.kill_engine("valkey", forget=True)
    after(4)
    place.start_engine("valkey")
    after(2)
    place.kill_engine("postgres")
    place.start_engine("postgres")
    after(4)
    for counter in counters:
        counter.join(60)
    assert wait_for(lambda: the_backlog_is_empty(sacco), PATIENCE), _what_is_left(sacco, place)
    _the_money_is_there_once(sacco, counters)
    _every_message_and_receipt_is_there_once(sacco)


def _what_is_left(sacco, place):
    with sacco.app.app_context():
        left = deliveries.backlog(db.session())
        rows = db.session.scalars(select(deliveries.Delivery).where(deliveries.Delivery.done_at.is_(None))).all()
        told = [(row.subscriber, row.attempts, row.due_at, row.error) for row in rows]
        db.session.remove()
    logs = "\n".join(file.read_text()[-2000:] for file in place.folder.glob("*.log"))
    return f"{left}\n{told}\n{logs}"


def _the_money_is_there_once(sacco, counters):
    numbers = [number for counter in counters for number in counter.answered]
    assert len(numbers) == len(set(numbers)) == DEPOSITS
    with sacco.app.app_context():
        session = db.session()
        held = [get_account(session, Actor.system(), account).ledger_balance.minor for account in sacco.accounts]
        posted = session.scalars(select(Transaction.number).where(Transaction.kind == "deposit")).all()
        assert sum(held) == DEPOSITS * AMOUNT
        assert sorted(posted) == sorted(numbers)
        assert proofs.differences(session) == []
        db.session.remove()


def _every_message_and_receipt_is_there_once(sacco):
    with sacco.app.app_context():
        session = db.session()
        messages = session.scalars(select(MessageRow).where(MessageRow.code == "DEPOSIT")).all()
        taken = set(session.scalars(select(ConsoleMessage.our_id)))
        assert len(messages) == len({message.event_id for message in messages}) == DEPOSITS
        assert {message.id for message in messages} <= taken
        assert {message.status for message in messages} == {"accepted"}
        receipts = session.scalars(
            select(Document)
            .join(Transaction, Document.dedupe_key == func.concat("receipt:", Transaction.id))
            .where(Transaction.kind == "deposit")
        ).all()
        assert len(receipts) == DEPOSITS
        assert all(file_of(receipt.path).read_bytes().startswith(b"%PDF-") for receipt in receipts)
        assert deliveries.backlog(session).failed == 0
        db.session.remove()
