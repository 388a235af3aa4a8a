"""Texts as values of TOML."""

import json


def toml_quoted(text: str) -> str:
    """A basic string: the escapes of JSON are those of TOML, but that TOML escapes one more."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
