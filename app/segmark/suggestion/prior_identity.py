"""Which prior ships with the program. ``make prior`` writes this module."""

#: The SHA-256 of its file. The C parser of CRFsuite trusts its input, so no other bytes are read.
SHA256 = "7e8bf291ea1049584344dfa6b0310bca431d79d1a62f2ca1ad5e2dde3c61c9cc"
#: The labels that it knows.
LABELS = frozenset({"body", "caption", "comment", "headline", "ticker"})
