"""A project's export settings: parts of sites, presets, the adjudicator, what is published."""

import os
from collections.abc import Mapping
from typing import Any

from segmark.store.file.connection import Database
from segmark.store.people.people import People
from segmark.store.project_values import keep_dictionary, keep_value, read_dictionary, read_value

_FIXED, _PRESETS, _ADJUDICATOR, _SALT, _PUBLICATION = (
    "export_parts",
    "export_presets",
    "adjudicator",
    "export_salt",
    "publication",
)
_SALT_BYTES = 32


class ExportSettings:
    """The export settings of a project, over one connection.

    Call the methods that write inside a write transaction.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def fixed_parts(self) -> dict[str, str]:
        """The part that people chose for a site, in every split, by site in alphabetical order."""
        return read_dictionary(self._db, _FIXED)

    def fix_part(self, site: str, part: str | None) -> None:
        """Fix a site to a part of every split; None lets the split assign it again."""
        parts = self.fixed_parts
        parts.pop(site, None)
        if part:
            parts[site] = part
        keep_dictionary(self._db, _FIXED, dict(sorted(parts.items())))

    @property
    def presets(self) -> dict[str, dict[str, Any]]:
        """The export presets by name, in alphabetical order."""
        return read_dictionary(self._db, _PRESETS)

    def keep_preset(self, name: str, preset: Mapping[str, Any] | None) -> None:
        """Keep a preset under a name, in place of an earlier one; None deletes it."""
        presets = self.presets
        presets.pop(name, None)
        if preset is not None:
            presets[name] = dict(preset)
        keep_dictionary(self._db, _PRESETS, dict(sorted(presets.items())))

    @property
    def adjudicator(self) -> str:
        """The annotator who decides where annotators disagree; "" for nobody."""
        name = read_value(self._db, _ADJUDICATOR) or ""
        return People(self._db).known_name(name) if name else ""

    def keep_adjudicator(self, name: str) -> None:
        """Set the adjudicator."""
        keep_value(self._db, _ADJUDICATOR, name)

    @property
    def publication(self) -> dict[str, Any]:
        """What the project says about its data set: title, authors and so on, by name."""
        return read_dictionary(self._db, _PUBLICATION)

    def keep_publication(self, about: Mapping[str, Any]) -> None:
        """Keep what the project says about its data set, in place of what it said before."""
        keep_dictionary(self._db, _PUBLICATION, dict(about))

    @property
    def salt(self) -> bytes | None:
        """The salt of pseudonyms, which keeps them from being guessed; None before the first."""
        kept = read_value(self._db, _SALT)
        return kept.encode() if kept else None

    def make_salt(self) -> None:
        """Draw the salt of all pseudonyms, unless there is one."""
        if not self.salt:
            keep_value(self._db, _SALT, os.urandom(_SALT_BYTES).hex())
