"""The models in a project, sealed with the key of this machine.

A model that another machine or another program stored counts as missing; it is learnt again.
"""

from segmark.environment.machine_key import machine_key
from segmark.environment.seal import seal, unseal
from segmark.store.store import Store


class StoredModels:
    """Reads and writes the models of a project."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._key = machine_key()

    def get(self, name: str, version: str) -> bytes | None:
        """Return the bytes of a model of this version; None if this machine has stored none."""
        return unseal(self._key, name, version, self._store.suggestions.model(name, version))

    def put(self, name: str, version: str, data: bytes) -> None:
        """Store a model in place of the one with the same name."""
        self._store.suggestions.keep_model(name, version, seal(self._key, name, version, data))
