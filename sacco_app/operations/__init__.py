"""The running of the program itself: engines, processes, queues, deliveries that failed.

Nouns: process, queue, delivery, recurring task. It posts no journals and knows no product.
"""
