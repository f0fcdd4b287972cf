"""Start page by role, the facts in the top bar, global search. Reads what the rooms below have written, writes nothing."""
