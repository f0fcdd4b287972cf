"""What a monitor calls: each part in a line, and an exit code that says whether somebody must get up."""

from __future__ import annotations


def test_the_command_names_every_part_and_fails_while_nothing_runs(app, session):
    result = app.test_cli_runner().invoke(args=["sacco", "health"])
    assert result.exit_code == 1
    assert "well PostgreSQL: " in result.output
    assert "down Relay: no sign of life" in result.output
    assert "0 deliveries failed" in result.output
