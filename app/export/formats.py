"""The formats by name. A new one is a new module and its name in this list."""

from app.export import jsonl
from app.export.exporter import Exporter

_MODULES: tuple[Exporter, ...] = (jsonl,)

#: Every format by the name that ``--format`` takes.
EXPORTERS: dict[str, Exporter] = {exporter.name: exporter for exporter in _MODULES}
