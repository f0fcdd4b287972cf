"""Flask without domain: how a page answers, how a form is read, who may enter, how a list is shown and exported.

Nouns: respond, redirect_to, requires, SaccoForm, MoneyField, Table. Knows no table of the database but the kernel's.
"""
