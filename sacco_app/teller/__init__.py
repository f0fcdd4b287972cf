"""Tills, vault, cash counts. Journals J-01 to J-07."""
