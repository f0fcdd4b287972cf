"""How fast it is, as ratios measured in one run on one machine: `make bench`. Absolute figures say little elsewhere."""
