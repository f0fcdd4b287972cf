"""USSD: the menus that a member reaches by dialling a code on any telephone.

Nouns: UssdEvent (what a gateway tells), Screen (what it is answered), State (where a session stands), Dialect (how a
gateway writes), Bank (what the menus need of the rooms below). The engine is pure: `engine.handle(state, event, bank)`
gives the next state and the screen. The desk keeps the state in Valkey, lets one hop of a session in at a time and
answers a repeated hop with the same screen. Posts J-43 through the savings room.
"""
