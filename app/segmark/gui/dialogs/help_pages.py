"""The pages of the help: the Markdown files of one folder."""

import re
from collections.abc import Iterator
from pathlib import Path

from segmark.environment.resource_path import resource_path

_LINK = re.compile(r"\]\(([\w./-]+\.md)(?:#[^)]*)?\)")
_COMMENT = re.compile(r"<!--.*?-->\n*", re.DOTALL)
_NOT_IN_SLUG = re.compile(r"[^\w\- ]")


class HelpPages:
    """The pages by file name: ``index.md``, then the others in the order of its links."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = (folder or resource_path("help")).resolve()
        found = {path.name: path for path in sorted(self._folder.glob("*.md"))}
        linked = _LINK.findall(self._read(found["index.md"])) if "index.md" in found else []
        order = dict.fromkeys(["index.md", *linked, *found])
        self._paths = {name: found[name] for name in order if name in found}

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __contains__(self, name: object) -> bool:
        return name in self._paths

    def text(self, name: str) -> str:
        """The Markdown of a page, without its comments."""
        return _COMMENT.sub("", self._read(self._paths[name]))

    def title(self, name: str) -> str:
        """The first heading of a page, or else its file name."""
        for line in self.text(name).splitlines():
            if line.startswith("# "):
                return line.removeprefix("# ").strip()
        return name

    def inside(self, relative: str) -> Path | None:
        """The file at a relative path; None if it is not in the folder of the help."""
        path = (self._folder / relative).resolve()
        return path if path.is_relative_to(self._folder) and path.is_file() else None

    @staticmethod
    def _read(path: Path) -> str:
        return path.read_text(encoding="utf-8")


def slug(heading: str) -> str:
    """A heading as in links, like on GitHub: ``Good to know`` becomes ``good-to-know``."""
    return _NOT_IN_SLUG.sub("", heading.strip().lower()).replace(" ", "-")
