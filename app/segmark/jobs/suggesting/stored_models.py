"""The models in a project, sealed with the key of this machine.

A model that another machine or another program stored counts as missing; it is learnt again.
"""

from contextlib import suppress

from segmark.environment.machine_key import machine_key
from segmark.store.store import Store
from segmark.suggestion.seal import seal, unseal
from segmark.suggestion.serialisation import ModelError


class StoredModels:
    """Reads and writes the models of a project."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._key = machine_key()

    def get(self, name: str, version: str) -> bytes | None:
        """Return the bytes of a model of this version; None if this machine has stored none."""
        if sealed := self._store.suggestions.model(name, version):
            with suppress(ModelError):
                return unseal(self._key, name, version, sealed)
        return None

    def put(self, name: str, version: str, data: bytes) -> None:
        """Store a model in place of the one with the same name."""
        self._store.suggestions.keep_model(name, version, seal(self._key, name, version, data))
