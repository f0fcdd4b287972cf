"""Messages to members and staff: SMS, e-mail, the in-app inbox and web push. Knows no product.

Nouns: Message (one text to one address, with its state and cost), template (the words, by code, channel, language and
version), Note (a line in the inbox of a member of staff), preference, opt-out, report (what a gateway says later).
Rooms above call `service.send` and `service.tell` from their `jobs.py`; the words stand in `data/messages.json` and are
changed by administrators. Gateways are ports, bound in `app.py`. Posts no journal.
"""
