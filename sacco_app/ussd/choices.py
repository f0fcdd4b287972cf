"""Nodes on which one of several is chosen: menus, languages, accounts, yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sacco_app.kernel.gsm7 import clip
from sacco_app.kernel.money import Money
from sacco_app.ussd.menu import HOME
from sacco_app.ussd.screens import MORE, NAME_WIDTH, amount, cut, lines
from sacco_app.ussd.texts import LANGUAGE_NAMES
from sacco_app.ussd.types import Account, Screen
from sacco_app.ussd.visit import Again, Go, Kind, Move, Visit, label


class Choice(Kind):
    """A numbered list, on several pages if it must be. Numbers run on over the pages."""

    def head(self, visit: Visit) -> str:
        return visit.say(visit.node.name)

    def options(self, visit: Visit) -> Sequence[tuple[str, Any]]:
        """What is shown, and what it stands for."""
        raise NotImplementedError

    def chosen(self, visit: Visit, option: Any) -> Move:
        raise NotImplementedError

    def _pages(self, visit: Visit) -> list[Sequence[str]]:
        """Room for the note is kept whether there is one or not, so that pages do not shift."""
        items = [f"{number} {text}" for number, (text, _) in enumerate(self.options(visit), start=1)]
        around = lines(visit.say("note.choose"), self.head(visit), visit.footer)
        return cut(items, around, visit.say("more"))

    def show(self, visit: Visit) -> Screen:
        pages = self._pages(visit)
        page = min(visit.state.page, len(pages) - 1)
        more = visit.say("more") if page + 1 < len(pages) else ""
        return visit.ask(self.head(visit), *pages[page], more)

    def take(self, visit: Visit, typed: str) -> Move:
        options = self.options(visit)
        if typed == MORE and visit.state.page + 1 < len(self._pages(visit)):
            return Again(page=visit.state.page + 1)
        if typed.isascii() and typed.isdigit() and len(typed) < 4 and 1 <= int(typed) <= len(options):
            return self.chosen(visit, options[int(typed) - 1][1])
        return Again(visit.say("note.choose"))


class Menu(Choice):
    """The items that the tree names."""

    def options(self, visit: Visit) -> Sequence[tuple[str, str]]:
        return [(visit.say(f"item.{name}"), name) for name in visit.node.items]

    def chosen(self, visit: Visit, option: str) -> Move:
        return Go(option)


class Language(Choice):
    """Each language by its own name."""

    def options(self, visit: Visit) -> Sequence[tuple[str, str]]:
        return [(name, code) for code, name in LANGUAGE_NAMES.items()]

    def chosen(self, visit: Visit, option: str) -> Move:
        visit.bank.set_language(visit.member_id, option)
        return Go(visit.node.next, {"language": option})


class Resume(Choice):
    """Go on with what was broken off, or begin anew."""

    def options(self, visit: Visit) -> Sequence[tuple[str, bool]]:
        return [(visit.say("resume.on"), True), (visit.say("resume.anew"), False)]

    def chosen(self, visit: Visit, option: bool) -> Move:
        earlier = visit.state.earlier
        return Go(earlier["node"], earlier["slots"]) if option and earlier else Go(HOME)


class ChooseAccount(Choice):
    """One of the member's accounts; where there is no choice it is not asked."""

    def options(self, visit: Visit) -> Sequence[tuple[str, Account]]:
        left_out = visit.state.slots.get(visit.node.but)
        return [(label(one), one) for one in visit.accounts() if str(one.id) != left_out]

    def enter(self, visit: Visit) -> Move | None:
        options = self.options(visit)
        if len(options) < visit.node.fewest:
            return visit.refuse("end.no_account")
        return self.chosen(visit, options[0][1]) if len(options) == 1 else None

    def chosen(self, visit: Visit, option: Account) -> Move:
        return Go(visit.node.next, {visit.node.slot: str(option.id)})


class Confirm(Choice):
    """Who moves how much from where to where. The yes gives the command its name, so that it happens once."""

    def head(self, visit: Visit) -> str:
        source, target = visit.account("from"), visit.account("to")
        money = Money.parse(visit.state.slots["amount"], source.balance.currency)
        return visit.say(
            visit.node.name,
            name=clip(visit.bank.member(visit.member_id).name, NAME_WIDTH),
            amount=amount(money),
            source=label(source),
            target=label(target),
            fee=visit.fee(money).format(),
        )

    def options(self, visit: Visit) -> Sequence[tuple[str, None]]:
        return [(visit.say("yes"), None)]

    def take(self, visit: Visit, typed: str) -> Move:
        """A wrong key shows the same screen: a note would not fit beside the figures."""
        return self.chosen(visit, None) if typed == "1" else Again()

    def show(self, visit: Visit) -> Screen:
        return visit.ask(self.head(visit), f"1 {visit.say('yes')}")

    def chosen(self, visit: Visit, option: None) -> Move:
        return Go(visit.node.next, {"key": f"{visit.state.key}:{visit.state.step}"})


class Messages(Choice):
    """SMS on or off."""

    def head(self, visit: Visit) -> str:
        return visit.say("messages.on" if visit.bank.member(visit.member_id).messages else "messages.off")

    def options(self, visit: Visit) -> Sequence[tuple[str, bool]]:
        on = visit.bank.member(visit.member_id).messages
        return [(visit.say("messages.stop" if on else "messages.start"), not on)]

    def chosen(self, visit: Visit, option: bool) -> Move:
        visit.bank.set_messages(visit.member_id, agreed=option)
        return visit.end("messages.started" if option else "messages.stopped")


class Block(Choice):
    """A lost telephone or a fraud: shut at once, without the PIN, which may be known to a thief."""

    def options(self, visit: Visit) -> Sequence[tuple[str, None]]:
        return [(visit.say("yes"), None)]

    def chosen(self, visit: Visit, option: None) -> Move:
        visit.bank.block(visit.member_id)
        return visit.end("block.done")
