"""Nodes that tell or do what was asked for, after the PIN."""

from __future__ import annotations

from uuid import UUID

from sacco_app.kernel.errors import SaccoError
from sacco_app.kernel.money import Money
from sacco_app.members.errors import MemberNotActive
from sacco_app.savings.errors import InsufficientFunds
from sacco_app.transactions.errors import AboveLimit
from sacco_app.ussd.screens import MORE, amount, cut, lines, signed
from sacco_app.ussd.types import Screen
from sacco_app.ussd.visit import Again, End, Kind, Move, Visit, label


class ShowBalance(Kind):
    """Book balance and what of it is available."""

    def enter(self, visit: Visit) -> Move:
        account = visit.account("account")
        return visit.end(
            visit.node.name,
            account=label(account),
            balance=amount(account.balance),
            available=amount(account.available),
        )


class ShowStatement(Kind):
    """The last lines, newest first; a long one takes several screens."""

    def _pages(self, visit: Visit) -> tuple[str, list[list[str]]]:
        account = visit.account("account")
        head = visit.say(visit.node.name, account=label(account), balance=amount(account.balance))
        told = [f"{line.day:%d/%m} {signed(line.amount)}" for line in visit.bank.statement(visit.member_id, account.id)]
        around = lines(head, visit.say("home_only"))
        pages = cut(told or [visit.say("statement.empty")], around, visit.say("more"))
        return head, [list(page) for page in pages]

    def enter(self, visit: Visit) -> Move | None:
        head, pages = self._pages(visit)
        return End(lines(head, *pages[0])) if len(pages) == 1 else None

    def show(self, visit: Visit) -> Screen:
        head, pages = self._pages(visit)
        page = min(visit.state.page, len(pages) - 1)
        return Screen(lines(head, *pages[page], visit.say("more"), visit.say("home_only")), more=True)

    def take(self, visit: Visit, typed: str) -> Move:
        if typed != MORE:
            return Again()
        head, pages = self._pages(visit)
        page = visit.state.page + 1
        return Again(page=page) if page + 1 < len(pages) else End(lines(head, *pages[-1]))


class MoveMoney(Kind):
    """The transfer. Its key was given by the yes, so it happens once however often the hop arrives."""

    def enter(self, visit: Visit) -> Move:
        slots = visit.state.slots
        source, target = visit.account("from"), visit.account("to")
        money = Money.parse(slots["amount"], source.available.currency)
        try:
            done = visit.bank.transfer(visit.member_id, UUID(slots["from"]), UUID(slots["to"]), money, slots["key"])
        except InsufficientFunds:
            return visit.refuse("note.too_much", available=amount(visit.account("from").available))
        except AboveLimit:
            return visit.refuse("end.limit")
        except MemberNotActive:
            return visit.refuse("end.not_served")
        except SaccoError:
            return visit.refuse("end.refused")
        return visit.end(
            visit.node.name,
            amount=amount(done.amount),
            source=label(source),
            target=label(target),
            fee=done.fee.format(),
            ref=done.number,
        )


class Told(Kind):
    """One text, and the session is over."""

    def enter(self, visit: Visit) -> Move:
        return visit.end(visit.node.name)
