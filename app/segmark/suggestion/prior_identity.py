"""Which prior ships with the program. ``make prior`` writes this module."""

#: The SHA-256 of its file. The C parser of CRFsuite trusts its input, so no other bytes are read.
SHA256 = "b14a71eec7e590c2fbfa4f8f7340ab8dad48528fa70e4f4d0bbe13a5a756db14"
#: The labels that it knows.
LABELS = frozenset({"body", "caption", "comment", "headline", "ticker"})
