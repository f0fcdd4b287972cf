"""Documents on paper: asked for, rendered by a worker, kept, and provable by anybody who holds one.

Nouns: document, kind of document, batch, check code. The room knows no product: the rooms above say what stands in a
document (`registry.DocumentKind`).
"""
