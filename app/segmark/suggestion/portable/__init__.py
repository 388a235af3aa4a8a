"""What was learnt as plain values: written to a file, checked when it is read, made models again.

CRFsuite trusts the bytes of its models. Here they are taken apart into names and weights, and made
anew from checked ones, so that a file of a stranger never reaches its parser.

May import: suggestion.
"""
