"""`flask ledger`: prove the book, make its totals anew, and hand it to another program."""

from __future__ import annotations

import sys
from functools import partial
from typing import TextIO

import click
from flask import current_app
from flask.cli import with_appcontext

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import db
from sacco_app.kernel.uow import run
from sacco_app.ledger import beancount, days, proofs
from sacco_app.organisation import queries as organisation


@click.group("ledger")
def ledger_commands() -> None:
    """Prove and export the book."""


@ledger_commands.command("check")
@with_appcontext
def check() -> None:
    """Prove the book. Exit 1 naming each difference; a clean book gives one line for each proof."""
    verdicts = []
    for verdict in proofs.prove(db.session()):
        verdicts.append(verdict)
        found = len(verdict.differences)
        mark = click.style("differs", fg="red") if found else click.style("ok     ", fg="green")
        click.echo(f"{mark} {verdict.proof.name}: {verdict.covers}, {verdict.seconds:.2f} s")
        for sentence in verdict.differences:
            click.echo(f"        {sentence}")
    db.session.rollback()
    found = sum(len(verdict.differences) for verdict in verdicts)
    if found:
        click.secho(f"The book differs in {found:,} places", fg="red")
        sys.exit(1)
    seconds = sum(verdict.seconds for verdict in verdicts)
    click.secho(f"The book is clean: {verdicts[0].covers}, {len(verdicts)} proofs in {seconds:.1f} s", fg="green")


@ledger_commands.command("rebuild-totals")
@click.option("--branch", "code", help="The code of one branch; without it, every branch.")
@with_appcontext
def rebuild_totals(code: str | None) -> None:
    """Make the totals of closed days anew from the lines of the book."""
    actor, clock = Actor.system(), current_app.extensions["clock"]
    chosen = [branch for branch in organisation.list_branches(db.session()) if code in (None, branch.code)]
    db.session.rollback()
    if not chosen:
        raise click.ClickException(f"There is no branch {code}")
    for branch in chosen:
        lines = run(actor, clock, partial(days.rebuild, actor=actor, clock=clock, branch_id=branch.id))
        click.echo(f"{branch.code}: {lines:,} lines")


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
