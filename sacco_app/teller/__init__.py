"""Tills, vault and cash counts: the teller's day.

Nouns: Till, TillSession (one teller, one till, one day), Vault, float, blind count. Journals J-01, J-02, J-04 to J-07, J-09.
A till's cash is its open session's balance; a closed till holds nothing, because closing returns the cash to the vault.
"""
