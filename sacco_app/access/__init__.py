"""Staff users, roles, permissions, sign-in, TOTP, sessions, the page of the audit trail."""
