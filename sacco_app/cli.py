"""The `flask` commands. Each opens one transaction around one service call, like every front door."""

from __future__ import annotations

import os
import sys

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from sacco_app import demo
from sacco_app.demo.plan import WEEKS, YEAR, Plan
from sacco_app.kernel import resealing
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.uow import run
from sacco_app.operations.health import look
from sacco_app.operations.types import State
from sacco_app.setup import first_staff, install_all

PROFILES = ("UG-SACCO-TIER4", "KE-DT-SACCO")


def _clock() -> Clock:
    clock: Clock = current_app.extensions["clock"]
    return clock


@click.group("sacco")
def sacco_commands() -> None:
    """Set a SACCO up."""


@sacco_commands.command("setup")
@click.option("--profile", type=click.Choice(PROFILES), default=PROFILES[0], show_default=True)
@click.option("--administrator", metavar="EMAIL", help="The first administrator; prints a link to set the password.")
@click.option("--manager", metavar="EMAIL", help="The first manager, who approves what the administrator asks for.")
@with_appcontext
def setup(profile: str, administrator: str | None, manager: str | None) -> None:
    """Install the base data of every room, from the ground up, in one transaction. Safe to run again."""
    clock, system = _clock(), Actor.system()
    run(system, clock, lambda session: install_all(session, clock, profile))
    click.echo(f"The base data of {profile} is in place")
    for email, role in ((administrator, "administrator"), (manager, "branch_manager")):
        if email:
            token = run(system, clock, lambda s, e=email, r=role: first_staff(s, system, clock, e, r))  # type: ignore[misc]
            public_url = current_app.extensions["config"].public_url.rstrip("/")
            click.echo(
                f"{role.replace('_', ' ').capitalize()} {email} sets a password at {public_url}/set-password/{token}"
            )


@sacco_commands.command("reseal")
@with_appcontext
def reseal() -> None:
    """Bring every encrypted field under the newest key of FIELD_ENCRYPTION_KEY. Safe to stop and to run again."""
    clock, system = _clock(), Actor.system()
    for column in resealing.sealed_columns():
        count, after = 0, None
        while True:
            renewed, after = run(system, clock, lambda s, c=column, a=after: resealing.reseal(s, c, a))  # type: ignore[misc]
            count += renewed
            if after is None:
                break
        click.echo(f"{column.table}.{column.name}: {count} renewed")


@sacco_commands.command("health")
@with_appcontext
def health() -> None:
    """What the page of the program's health tells, for a monitor: exits 1 unless every part is well."""
    clock, connection = _clock(), current_app.extensions["valkey"]
    found = run(Actor.system(), clock, lambda session: look(session, connection, clock.now()))
    for part in (*found.engines, *found.processes, found.relay, *found.tasks, *found.branches):
        click.echo(f"{part.state:<5}{part.technical or part.name}: {part.note}")
    click.echo(f"{found.failed} deliveries failed")
    if found.failed or found.worst is not State.WELL:
        raise SystemExit(1)


@click.group("demo")
def demo_commands() -> None:
    """A SACCO to look at: never in production."""


def _refuse_production() -> None:
    if current_app.extensions["config"].is_production:
        raise click.ClickException("Demo data and its known passwords are refused where SACCO_ENV is production")


def _load(plan: Plan) -> None:
    """Load the demo with a bar that shows how far it is."""
    label = f"Making a SACCO with {plan.span} of business"
    with click.progressbar(length=100, label=label, width=30, file=sys.stderr) as bar:
        told = demo.load(_clock(), plan, lambda done, days: bar.update(done * 100 // days - bar.pos))
        bar.update(100 - bar.pos)
    click.echo(told, err=True)


@demo_commands.command("load")
@click.option("--small", is_flag=True, help="Three weeks of business instead of a year.")
@with_appcontext
def load(*, small: bool) -> None:
    """Make branches, staff, members and their business. Does nothing where that is there already."""
    _refuse_production()
    _load(WEEKS if small else YEAR)


@demo_commands.command("prepare")
@with_appcontext
def prepare() -> None:
    """Bring the tables up to date, make the demo data, print the sign-ins: all that a first start needs, at once."""
    _refuse_production()
    upgrade()
    _load(WEEKS if os.environ.get("DEMO") == "small" else YEAR)
    for line in demo.sign_ins(_clock()):
        click.echo(line)


@demo_commands.command("sign-ins")
@with_appcontext
def sign_ins() -> None:
    """Print how to sign in as each role, with the code of this moment."""
    _refuse_production()
    for line in demo.sign_ins(_clock()):
        click.echo(line)


def register(app: Flask) -> None:
    """Add the command groups to the application."""
    app.cli.add_command(sacco_commands)
    app.cli.add_command(demo_commands)
