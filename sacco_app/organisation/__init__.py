"""The SACCO itself: profile, branches, calendar, business dates and dated parameters.

Nouns: SaccoProfile, Branch, Holiday, Parameter, business date. Posts no journal.
"""
