"""The phrase bank: how operatives, call handlers and housing officers write. Data only.

Each module holds `PHRASES`: (topic, wording) → phrases, one a line, with slots in braces that
`slots.py` fills. Invented from the ground up: no line was ever written about anybody.
"""
