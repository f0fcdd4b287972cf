"""Savings: products, accounts, holds, statements, transfers.

Nouns: SavingsProduct, SavingsAccount, Hold, ledger balance, available balance. Journals J-04 and J-05 (with the till),
J-43. The balance on the account row is what is locked; the statement is the account's journal lines.
"""
