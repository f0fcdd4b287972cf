"""Maker-checker: commands that wait for a second person.

Nouns: CommandKind, ApprovalRequest, ApprovalDecision, ApprovalPolicy, maker, checker. A request keeps the typed command
as it was made, so that what is approved is what is done. An amount that waits on an account is held meanwhile.
"""
