"""`flask ledger`: prove the book, and hand it to another program."""

from __future__ import annotations

import sys
from typing import TextIO

import click
from flask.cli import with_appcontext

from sacco_app.kernel.db import db
from sacco_app.ledger import beancount, proofs


@click.group("ledger")
def ledger_commands() -> None:
    """Prove and export the book."""


@ledger_commands.command("check")
@with_appcontext
def check() -> None:
    """Exit 1 naming each difference: journals balance, controls equal their sub-ledgers, branches net to zero."""
    found = proofs.differences(db.session())
    journals, lines = proofs.size(db.session())
    db.session.rollback()
    for sentence in found:
        click.echo(sentence)
    if found:
        click.echo(f"{len(found)} differences in {journals:,} journals")
        sys.exit(1)
    click.echo(f"The book is clean: {journals:,} journals, {lines:,} lines")


@ledger_commands.command("export")
@click.option("--format", "kind", type=click.Choice(["beancount"]), default="beancount", show_default=True)
@click.option(
    "--output", type=click.File("w", encoding="utf-8"), default="-", help="A file; without it, standard output."
)
@with_appcontext
def export(kind: str, output: TextIO) -> None:
    """Write the whole book for another program."""
    for line in beancount.lines(db.session()):
        output.write(f"{line}\n")
    db.session.rollback()
