"""Ground floor: money, time, identity, errors, and the one way to change the database.

Nouns: Money, Currency, Clock, Actor, SaccoError, transaction, lock, idempotency claim, outbox event, audit event.
Knows no Flask (the extension object in `db` excepted) and no domain. Every room may use it.
"""
