"""Tills, vault and cash counts: the teller's day.

Nouns: Till, TillSession (one teller, one till, one day), Vault, float, blind count, CashCount (of a vault, or of a till by surprise). Journals J-01 to J-09.
A till's cash is its open session's balance; a closed till holds nothing, because closing returns the cash to the vault.
"""
