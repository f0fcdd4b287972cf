"""Development tooling: embedded servers, the set-up of a fresh clone, the supervisor behind `make run`."""
