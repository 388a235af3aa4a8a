"""What a project keeps for its exports: parts of sites, presets, the adjudicator, a secret."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from segmark.store.file.connection import Database

_FIXED, _PRESETS, _ADJUDICATOR, _SALT = (
    "export_parts",
    "export_presets",
    "adjudicator",
    "export_salt",
)
_SALT_BYTES = 32


class ExportSettings:
    """What a project keeps for its exports, seen through one connection.

    What writes is to be called inside a write transaction.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def fixed_parts(self) -> dict[str, str]:
        """The sites whose part of a split people have chosen, with that part, sites sorted."""
        return self._dictionary(_FIXED)

    def fix_part(self, site: str, part: str | None) -> None:
        """Keep a site in a part of every split from now on; None deals it out again."""
        parts = self.fixed_parts
        parts.pop(site, None)
        if part:
            parts[site] = part
        self._keep(_FIXED, json.dumps(dict(sorted(parts.items())), ensure_ascii=False))

    @property
    def presets(self) -> dict[str, dict[str, Any]]:
        """The kept choices for an export by their names, in alphabetical order."""
        return self._dictionary(_PRESETS)

    def keep_preset(self, name: str, preset: Mapping[str, Any] | None) -> None:
        """Keep a choice under a name, instead of one that has it; None deletes that."""
        presets = self.presets
        presets.pop(name, None)
        if preset is not None:
            presets[name] = dict(preset)
        self._keep(_PRESETS, json.dumps(dict(sorted(presets.items())), ensure_ascii=False))

    @property
    def adjudicator(self) -> str:
        """Who has the last word where annotators disagree; "" for nobody."""
        return self._value(_ADJUDICATOR) or ""

    def keep_adjudicator(self, name: str) -> None:
        """Give somebody the last word from now on."""
        self._keep(_ADJUDICATOR, name)

    @property
    def salt(self) -> bytes | None:
        """What pseudonyms are made with, so that they can't be guessed; None before the first."""
        kept = self._value(_SALT)
        return kept.encode() if kept else None

    def make_salt(self) -> None:
        """Draw the salt that all pseudonyms are made with from now on, where there is none."""
        if not self.salt:
            self._keep(_SALT, os.urandom(_SALT_BYTES).hex())

    def _dictionary(self, name: str) -> dict[str, Any]:
        """What is kept as JSON; nothing where a damaged project was saved and it makes no sense."""
        with suppress(ValueError, TypeError):
            return dict(json.loads(self._value(name) or "{}"))
        return {}

    def _value(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM project WHERE name = ?", [name]).fetchone()
        return str(row[0]) if row else None

    def _keep(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO project VALUES (?, ?)", [name, value])
