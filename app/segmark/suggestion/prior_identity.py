"""Which prior ships with the program. ``make prior`` writes this module."""

#: The SHA-256 of its file. The C parser of CRFsuite trusts its input, so no other bytes are read.
SHA256 = "b5fd5512e0fbba469df5ac7b0d6f8d4556c0ffd212d3fccab56913c981316e38"
#: The labels that it knows.
LABELS = frozenset({"body", "caption", "comment", "headline", "ticker"})
