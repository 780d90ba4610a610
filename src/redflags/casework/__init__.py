"""What people do with alerts, from the claim to the closing: plain functions of a unit of work.

Each checks in one order: may they know of it (NotForYou), is it as they saw it (CaseChanged), is
there such a move (IllegalMove), is it theirs to do (NotAllowed), is it filled in (InvalidAct).
Only then does it write: the change, and its audit entry.
"""
