"""Nodes on which something is typed: an amount, a PIN, a new PIN."""

from __future__ import annotations

import re

from sacco_app.kernel.money import Money, MoneyNotUnderstood
from sacco_app.ussd.screens import amount
from sacco_app.ussd.types import PinAnswer, PinCheck, Screen
from sacco_app.ussd.visit import Again, End, Go, Kind, Move, Visit, label

PIN = re.compile(r"[0-9]{4,6}", re.ASCII)
NEW_PIN = "pin.new"
CLOSED = {
    PinAnswer.LOCKED: "end.locked",
    PinAnswer.BLOCKED: "end.blocked",
    PinAnswer.EXPIRED: "end.expired",
    PinAnswer.NOT_SET: "end.no_pin",
}


class EnterAmount(Kind):
    """An amount that is there, with the fee. The last word has the savings room when it is moved."""

    def show(self, visit: Visit) -> Screen:
        source = visit.account("from")
        return visit.ask(visit.say(visit.node.name, account=label(source), available=amount(source.available)))

    def take(self, visit: Visit, typed: str) -> Move:
        source = visit.account("from")
        try:
            money = Money.parse(typed, source.available.currency)
        except MoneyNotUnderstood:
            return Again(visit.say("note.amount"))
        if money.minor <= 0:
            return Again(visit.say("note.amount"))
        if money + visit.fee(money) > source.available:
            return Again(visit.say("note.too_much", available=amount(source.available)))
        return Go(visit.node.next, {"amount": str(money.decimal)})


class EnterPin(Kind):
    """The member's PIN. A first one must be changed before anything else is done."""

    def show(self, visit: Visit) -> Screen:
        slots = visit.state.slots
        moved = {}
        if "amount" in slots and "from" in slots:
            moved = {"amount": amount(Money.parse(slots["amount"], visit.account("from").available.currency))}
        return visit.ask(visit.say(visit.node.name, **moved))

    def take(self, visit: Visit, typed: str) -> Move:
        if not PIN.fullmatch(typed):
            return Again(visit.say("note.pin_shape"))
        check = visit.bank.verify_pin(visit.member_id, typed)
        sealed = {"present": typed}
        if check.answer is PinAnswer.RIGHT:
            return Go(visit.node.next, sealed=sealed if visit.node.seals else {}, proved=True)
        if check.answer is PinAnswer.MUST_CHANGE:
            after = {} if visit.node.seals else {"after": visit.node.next}
            return Go(NEW_PIN, after, sealed, proved=True, note=visit.say("note.pin_temporary"))
        return refused(visit, check)


def refused(visit: Visit, check: PinCheck) -> Again | End:
    """What is said to a PIN that was not right."""
    if check.answer in CLOSED:
        return visit.refuse(CLOSED[check.answer])
    return Again(visit.say("note.pin_wrong", left=check.tries_left))


class NewPin(Kind):
    """A PIN that the member chooses."""

    def show(self, visit: Visit) -> Screen:
        return visit.ask(visit.say(visit.node.name))

    def take(self, visit: Visit, typed: str) -> Move:
        if not PIN.fullmatch(typed):
            return Again(visit.say("note.pin_shape"))
        return Go(visit.node.next, sealed={**visit.state.sealed, "wanted": typed}, proved=True)


class RepeatPin(Kind):
    """The chosen PIN once more; then it is changed, and what was asked for before is done."""

    def show(self, visit: Visit) -> Screen:
        return visit.ask(visit.say(visit.node.name))

    def take(self, visit: Visit, typed: str) -> Move:
        sealed = visit.state.sealed
        present = {"present": sealed["present"]}
        if typed != sealed["wanted"]:
            return Go(visit.node.again, sealed=present, proved=True, note=visit.say("note.pin_differs"))
        check = visit.bank.change_pin(visit.member_id, sealed["present"], sealed["wanted"])
        if check.answer is PinAnswer.WEAK:
            return Go(visit.node.again, sealed=present, proved=True, note=visit.say("note.pin_weak"))
        if check.answer is PinAnswer.RIGHT:
            return Go(visit.state.slots.get("after") or visit.node.next, proved=True)
        return visit.refuse(CLOSED.get(check.answer, "end.refused"))
