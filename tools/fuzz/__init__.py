"""Feeds the reader damaged files: each must end as a plan that holds together or in one clear sentence.

seeds (whole files of every format) → changes (a seeded random damages them) → workers (read them within the bounds the
product has) → judge (plan, sentence or fault) → minimise (the smallest file with the same fault is kept).
"""
