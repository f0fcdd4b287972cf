"""The desk between the gateways and the menus: one hop of a session at a time, a repeated hop answered alike.

Whatever goes wrong behind it, the member reads a short, polite screen and the log says where; what was typed is in
neither.
"""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from sacco_app.kernel import crypto
from sacco_app.kernel.clock import Clock, local_date
from sacco_app.kernel.db import db
from sacco_app.kernel.gsm7 import clip
from sacco_app.kernel.masking import masked_phone
from sacco_app.kernel.uow import run
from sacco_app.ussd import engine, service
from sacco_app.ussd.bank import gateway_actor
from sacco_app.ussd.errors import SessionBusy, SessionsLost
from sacco_app.ussd.ports import Bank
from sacco_app.ussd.rules import typed_since
from sacco_app.ussd.screens import ROOM
from sacco_app.ussd.store import Kept, SessionStore
from sacco_app.ussd.types import EventKind, Hop, Outcome, Screen, State, UssdEvent
from sacco_app.webkit import logs

log = logging.getLogger("sacco.ussd")


class Reading(StrEnum):
    """What a call is to a session: its beginning, something new, or what was answered before."""

    FRESH = "fresh"
    ON = "on"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class Names:
    """Keyed names of a session and its telephone: they can be found again and not be read."""

    session: str
    phone: str

    @classmethod
    def of(cls, event: UssdEvent) -> Names:
        """The session belongs to the telephone too: another one cannot go on with it."""
        session = crypto.fingerprint(f"ussd:{event.gateway}:{event.session_id}:{event.phone}")
        return cls(session, crypto.fingerprint(f"phone:{event.phone}"))

    def mark(self, text: str) -> str:
        """Of what was typed, only whether it is the same again."""
        return crypto.fingerprint(f"{self.session}|{text}|")


def read(kept: Kept | None, before: Kept | None, event: UssdEvent, names: Names) -> Reading:
    """What the call is. `before` is the session as it was before this call waited for its turn."""
    if kept is None:
        return Reading.FRESH
    over, starts = not kept.screen.more, event.kind is EventKind.START
    if event.path is not None:
        return _read_path(kept, event.path, names)
    if event.sequence is not None and kept.sequence is not None and event.sequence <= kept.sequence:
        return Reading.FRESH if starts and over and event.sequence < kept.sequence else Reading.REPEAT
    if starts:
        return Reading.REPEAT if kept.answered == 1 and not over else Reading.FRESH
    if over:
        return Reading.REPEAT
    # Nobody can answer a screen that was not shown yet: the same input that came while we were answering is a twin.
    waited = kept.answered != (before.answered if before else 0)
    twin = waited and event.sequence is None and names.mark(event.latest) == kept.latest
    return Reading.REPEAT if twin else Reading.ON


def _read_path(kept: Kept, path: str, names: Names) -> Reading:
    """Everything typed so far: more than we know is new, anything else was answered."""
    known = path[: kept.length]
    if len(path) == kept.length and names.mark(path) == kept.path:
        return Reading.REPEAT
    if not kept.screen.more:
        return Reading.FRESH if path == "" else Reading.REPEAT
    grown = names.mark(known) == kept.path and (kept.length == 0 or path[kept.length : kept.length + 1] == "*")
    return Reading.ON if grown else Reading.REPEAT


class Desk:
    """Answers hops. `hops_a_minute` holds for one telephone; what was broken off can be gone on with for a while."""

    def __init__(self, store: SessionStore, clock: Clock, *, hops_a_minute: int, resume_minutes: int) -> None:
        self._store = store
        self._clock = clock
        self._hops_a_minute = hops_a_minute
        self._resume_minutes = resume_minutes

    def answer(self, event: UssdEvent, bank: Bank) -> Screen:
        """The screen for this hop; never an exception."""
        names, language = Names.of(event), "en"
        try:
            if self._store.count(names.phone) > self._hops_a_minute:
                return engine.sorry(key="end.busy")
            before = self._store.load(names.session)
            language = before.state.language if before else language
            with self._store.alone(names.session):
                kept = self._store.load(names.session)
                reading = read(kept, before, event, names)
                if kept is not None and reading is Reading.REPEAT:
                    return kept.screen
                return self._hop(event, kept, reading, bank, names)
        except (SessionsLost, SessionBusy) as error:
            log.warning("ussd: %s", error.message)
        except Exception as error:  # noqa: BLE001 - a member never sees a stack trace
            _report(error)
        return engine.sorry(language)

    def end(self, event: UssdEvent) -> None:
        """The gateway tells that the session is over. An unknown session is nothing to us."""
        outcome = Outcome.TIMED_OUT if event.kind is EventKind.TIMEOUT else event.outcome
        name = Names.of(event).session
        run(gateway_actor(), self._clock, lambda session: service.end_session(session, self._clock, name, outcome))

    def _hop(self, event: UssdEvent, kept: Kept | None, reading: Reading, bank: Bank, names: Names) -> Screen:
        fresh = kept is None or reading is Reading.FRESH
        state = self._begin(event, kept, names) if kept is None or fresh else kept.state
        length = 0 if kept is None or fresh else kept.length
        asked = replace(event, kind=EventKind.START if fresh else EventKind.INPUT, latest=_latest(event, length, fresh))
        state, screen = engine.handle(state, asked, bank)
        screen = replace(screen, text=clip(screen.text, ROOM))
        row = self._note(event, names, state, screen, "" if kept is None or fresh else kept.row)
        path = event.path or ""
        answered = 1 if kept is None or fresh else kept.answered + 1
        now = Kept(
            state,
            screen,
            names.mark(path),
            len(path),
            names.mark(event.latest),
            event.sequence,
            answered,
            str(row or ""),
        )
        self._keep(names, now)
        return screen

    def _begin(self, event: UssdEvent, kept: Kept | None, names: Names) -> State:
        """A command is named by session, day and step: a session whose state was lost names it the same again."""
        day = local_date(self._clock.now())
        key = crypto.fingerprint(f"{names.session}:{day}")
        step = kept.state.step + 1 if kept else 0
        return State(key, step=step, earlier=self._store.broken_off(names.phone))

    def _keep(self, names: Names, kept: Kept) -> None:
        """A last screen is true even when it cannot be kept: what was done is on the book."""
        earlier = (engine.broken_off(kept.state) or kept.state.earlier) if kept.screen.more else None
        try:
            self._store.save(names.session, kept)
            self._store.break_off(names.phone, earlier, self._resume_minutes)
        except SessionsLost:
            if kept.screen.more:
                raise
            log.warning("ussd: the end of a session could not be kept")

    def _note(self, event: UssdEvent, names: Names, state: State, screen: Screen, row: str) -> UUID | None:
        """The audit row. That it fails does not undo what was answered."""
        hop = Hop(
            session_hash=names.session,
            gateway=event.gateway,
            phone_masked=masked_phone(event.phone),
            phone_hash=names.phone,
            service_code=event.service_code,
            network=event.network,
            member_id=UUID(state.member_id) if state.member_id else None,
            language=state.language,
            menu=screen.menu,
            outcome=screen.outcome,
        )
        known = UUID(row) if row else None
        try:
            return run(gateway_actor(), self._clock, lambda session: service.note_hop(session, self._clock, known, hop))
        except Exception as error:  # noqa: BLE001 - see above
            _report(error)
            return known


def _latest(event: UssdEvent, length: int, fresh: bool) -> str:
    """What was typed on this hop. A session that we do not know begins at its beginning, whatever was typed in it."""
    if event.path is not None:
        return event.path if fresh else typed_since(length, event.path)
    return "" if fresh and event.kind is EventKind.INPUT else event.latest


def _report(error: Exception) -> None:
    """Where it happened, without the message: that of the database shows the values of a statement."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("ussd: unexpected error %s, %s\n%s", logs.request_id(), type(error).__name__, where)
    db.session.rollback()
