"""Savings products and accounts, holds, statements. Journals J-04, J-05, J-42 to J-44."""
