"""Paths of the project, and of the files that lie beside it on some machines."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
