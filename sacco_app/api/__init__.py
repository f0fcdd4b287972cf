"""The JSON API under /api/v1: members' apps by token, partners' programs by client credentials and scope.

Nouns: device (a member's app on one telephone, the family of its refresh tokens), access token, refresh token, scope,
problem, cursor. Money moves by the rooms below; this room owns its words on the wire. Posts no journal of its own.
"""
