"""Staff: users, roles and permissions, sign-in with a second factor, sessions, and the page of the audit trail.

Nouns: User, Role, StaffSession, one-time code, recovery code, reset link. Posts no journal.
"""
