"""Members: persons, their KYC, documents, next of kin and life cycle.

Nouns: Member, NextOfKin, MemberDocument. Applicants become members by approval of a second person. Posts no journal.
"""
