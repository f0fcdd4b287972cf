"""The business transaction: number, channel, fees, limits, receipt, reversal.

Nouns: Transaction (append-only), receipt number (gap-free per till and day), check code, FeeRule. Posts no journal of its
own: the room that moves the money does.
"""
