"""The menus as a pure state machine: `handle(state, event, bank)` gives the next state and the screen.

What a session may do is written in the tree (`menu.py`), what it says in the catalogues (`texts.py`); everything that
is read or changed goes through the bank. The engine sees an event and never a request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sacco_app.kernel.gsm7 import clip
from sacco_app.ussd.answers import MoveMoney, ShowBalance, ShowStatement, Told
from sacco_app.ussd.choices import Block, ChooseAccount, Confirm, Language, Menu, Messages, Resume
from sacco_app.ussd.entries import CLOSED, EnterAmount, EnterPin, NewPin, RepeatPin
from sacco_app.ussd.menu import HOME, NODES
from sacco_app.ussd.ports import Bank
from sacco_app.ussd.screens import BACK, SACCO_WIDTH
from sacco_app.ussd.screens import HOME as HOME_KEY
from sacco_app.ussd.texts import say
from sacco_app.ussd.types import Outcome, Screen, State, UssdEvent
from sacco_app.ussd.visit import Again, End, Go, Kind, Move, Vanished, Visit

KINDS: dict[str, Kind] = {
    "menu": Menu(),
    "language": Language(),
    "resume": Resume(),
    "account": ChooseAccount(),
    "amount": EnterAmount(),
    "confirm": Confirm(),
    "pin": EnterPin(),
    "new_pin": NewPin(),
    "repeat_pin": RepeatPin(),
    "balance": ShowBalance(),
    "statement": ShowStatement(),
    "transfer": MoveMoney(),
    "messages": Messages(),
    "block": Block(),
    "told": Told(),
}
WELCOME, RESUME = "welcome", "resume"
# Where a short-cut dialled behind the code stops: what is shown there must be read, and a PIN is never dialled.
HALTS = ("confirm", "pin", "new_pin", "repeat_pin", "block", "messages")


class PinNotProved(RuntimeError):
    """A node behind the PIN was reached without it: a programmer's error, never a member's."""


def handle(state: State, event: UssdEvent, bank: Bank) -> tuple[State, Screen]:
    """Answer one hop. A state without a member is a session that begins."""
    if not state.member_id:
        return _begin(state, event, bank)
    return _answer(state, event.latest.strip(), bank)


def broken_off(state: State) -> Mapping[str, Any] | None:
    """What can be gone on with when the member dials again: a branch that was begun, up to its PIN; never past it."""
    node = NODES[state.node]
    if not state.slots or node.needs_pin or node.kind not in ("account", "amount", "confirm", "pin"):
        return None
    return {"node": state.node, "trail": list(state.trail), "slots": dict(state.slots)}


def sorry(language: str = "en", key: str = "end.sorry") -> Screen:
    """The screen when the house is on fire."""
    return Screen(say(language, key), more=False, outcome=Outcome.FAILED)


def _begin(state: State, event: UssdEvent, bank: Bank) -> tuple[State, Screen]:
    """Greet whose telephone this is; choose the language once; then the main menu, or what was dialled behind the code."""
    caller = bank.caller(event.phone)
    if caller is None:
        text = say("en", "end.unknown", sacco=clip(bank.sacco, SACCO_WIDTH))
        return state, Screen(text, more=False, menu="start", outcome=Outcome.REFUSED)
    state = replace(state, member_id=str(caller.id), language=caller.language)
    visit = Visit(state, NODES[HOME], bank)
    if not caller.served:
        return _ended(state, visit.refuse("end.not_served"))
    if caller.pin in CLOSED:
        return _ended(state, visit.refuse(CLOSED[caller.pin]))
    if not caller.chosen:
        return _shown(replace(state, node=WELCOME), bank)
    if state.earlier and not event.latest:
        return _shown(replace(state, node=RESUME), bank)
    return _dialled(*_shown(replace(state, node=HOME), bank), event.latest, bank)


def _dialled(state: State, screen: Screen, behind_the_code: str, bank: Bank) -> tuple[State, Screen]:
    for typed in behind_the_code.split("*") if behind_the_code else ():
        if not screen.more or NODES[state.node].kind in HALTS:
            break
        state, screen = _answer(state, typed.strip(), bank)
    return state, screen


def _answer(state: State, typed: str, bank: Bank) -> tuple[State, Screen]:
    if NODES[state.node].needs_pin and not state.proved:
        raise PinNotProved(state.node)
    state = replace(state, step=state.step + 1)
    if typed == HOME_KEY and state.node != WELCOME:
        return _follow(state, Go(HOME), bank)
    if typed == BACK and state.trail:
        return _follow(*_back(state), bank)
    try:
        move = KINDS[NODES[state.node].kind].take(Visit(state, NODES[state.node], bank), typed)
    except Vanished:
        move = Visit(state, NODES[state.node], bank).refuse("end.no_account")
    return _follow(state, move, bank)


def _back(state: State) -> tuple[State, Go]:
    """One node back; from behind the PIN to the last node before it."""
    trail = list(state.trail)
    target = trail.pop()
    while trail and NODES[target].needs_pin:
        target = trail.pop()
    return replace(state, trail=tuple(trail), node=""), Go(target)


def _follow(state: State, move: Move, bank: Bank) -> tuple[State, Screen]:
    """Go where the move leads, through nodes that lead on at once, to a screen."""
    note = ""
    while isinstance(move, Go):
        state, note = _moved(state, move), move.note
        visit = Visit(state, NODES[state.node], bank)
        try:
            led_on = KINDS[visit.node.kind].enter(visit)
        except Vanished:
            led_on = visit.refuse("end.no_account")
        if led_on is None:
            return _shown(state, bank, note)
        if isinstance(led_on, Go) and state.trail:  # it was not shown, so one does not come back to it
            state = replace(state, node=state.trail[-1], trail=state.trail[:-1])
        move = led_on
    if isinstance(move, Again):
        return _shown(state if move.page is None else replace(state, page=move.page), bank, move.note)
    return _ended(state, move)


def _moved(state: State, move: Go) -> State:
    if NODES[move.to].needs_pin and not move.proved:
        raise PinNotProved(move.to)
    if move.to == HOME:
        fresh = State(state.key, state.member_id, move.slots.get("language", state.language), step=state.step)
        return fresh
    trail = (*state.trail, state.node) if state.node and state.node != RESUME else state.trail
    if state.node == RESUME and state.earlier:
        trail = tuple(state.earlier["trail"])
    if move.to in trail:
        trail = trail[: trail.index(move.to)]
    return replace(
        state,
        node=move.to,
        trail=trail,
        page=0,
        slots={**state.slots, **move.slots},
        sealed=dict(move.sealed),
        proved=move.proved,
        earlier=None,
    )


def _shown(state: State, bank: Bank, note: str = "") -> tuple[State, Screen]:
    visit = Visit(state, NODES[state.node], bank, note)
    try:
        screen = KINDS[visit.node.kind].show(visit)
    except Vanished:
        return _ended(state, visit.refuse("end.no_account"))
    return state, replace(screen, menu=state.node)


def _ended(state: State, move: End) -> tuple[State, Screen]:
    closed = replace(state, slots={}, sealed={}, proved=False, earlier=None)
    return closed, Screen(move.text, more=False, menu=state.node, outcome=move.outcome)
