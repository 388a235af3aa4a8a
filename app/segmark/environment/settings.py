"""The settings of the user: one small JSON file in the platform's folder for settings.

No project's data is in it. The environment variable ``SEGMARK_CONFIG`` names a folder that takes
the place of the platform's folders, for tests, for several set-ups side by side and for programs.
"""

import json
import logging
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

import platformdirs

ThemeName = Literal["system", "light", "dark"]

THEMES: tuple[ThemeName, ...] = get_args(ThemeName)
FONT_SIZES = range(7, 49)
MOST_RECENT = 10

_NAME = "segmark"
_log = logging.getLogger(__name__)


class SettingsError(Exception):
    """The settings could not be written; the message names the place and the reason."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of the user.

    Attributes:
        theme: the colours of the window.
        font_size: of the page's text, in points, within ``FONT_SIZES``.
        font_family: of the page's text; "" is the platform's own.
        folded: whether pages open folded.
        keys: a command's id to all its keys, only where they differ from the default.
        annotator: the name on the annotations; "" is the login name.
        without_suggestions: the annotators who want none.
        opens_at_work: whether a page opens at the first thing to settle, or at its likely headline;
            else in its first block.
        shows_pace: whether the status line shows the annotator's pace.
        recent: paths of projects, the newest first, at most ``MOST_RECENT``.
        folders: what a file dialog is for (``load``, ``export``) to the folder last used there.
        geometry: the window's place and size, as Qt saves it, in base64.
        state: the places of its panels, as Qt saves them, in base64.
        unknown: entries of another version of the program, kept as they were.
        problem: what was wrong with the file, as a sentence; "" for nothing. It is not saved.
    """

    theme: ThemeName = "system"
    font_size: int = 13
    font_family: str = ""
    folded: bool = True
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    annotator: str = ""
    without_suggestions: tuple[str, ...] = ()
    opens_at_work: bool = True
    shows_pace: bool = False
    recent: tuple[str, ...] = ()
    folders: Mapping[str, str] = field(default_factory=dict)
    geometry: str = ""
    state: str = ""
    unknown: Mapping[str, Any] = field(default_factory=dict)
    problem: str = field(default="", compare=False)

    def with_recent(self, project: str | Path) -> "Settings":
        """These settings with a project at the top of the recent ones."""
        path = os.path.abspath(project)
        others = (old for old in self.recent if old != path)
        return replace(self, recent=(path, *others)[:MOST_RECENT])

    def without_recent(self, project: str | Path) -> "Settings":
        """These settings without a project among the recent ones."""
        path = os.path.abspath(project)
        return replace(self, recent=tuple(old for old in self.recent if old != path))

    def wants_suggestions(self, annotator: str) -> bool:
        """Whether an annotator is shown suggestions."""
        return annotator not in self.without_suggestions

    def with_suggestions(self, annotator: str, wanted: bool) -> "Settings":
        """These settings with suggestions on or off for one annotator."""
        others = (name for name in self.without_suggestions if name != annotator)
        return replace(self, without_suggestions=(*others, *(() if wanted else (annotator,))))


def load() -> Settings:
    """Load the settings as last saved; the defaults if there are none.

    Never raises: an entry of a wrong kind falls back to its default. A file with such entries is
    kept as ``settings.json.broken``, because the next save replaces it; so is a file that is no
    settings file.
    """
    path = settings_path()
    try:
        data = json.loads(path.read_bytes())
        if not isinstance(data, dict):
            raise ValueError("not an object")
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        _log.warning("the settings could not be read, defaults are used: %s", error.strerror)
        return Settings()
    except (ValueError, RecursionError):
        return Settings(problem=_set_aside(path, "it is not a settings file; defaults are used"))
    read, odd = _from_json(data)
    if not odd:
        return read
    named = f"{', '.join(odd)}: the type is wrong; the default is used"
    return replace(read, problem=_set_aside(path, named))


def _set_aside(path: Path, why: str) -> str:
    """Keep a copy of a settings file that will be replaced; returns what to tell the user."""
    aside = path.with_name(f"{path.name}.broken")
    _log.warning("%s: %s; a copy is kept as %s", path.name, why, aside.name)
    try:
        aside.write_bytes(path.read_bytes())
    except OSError:
        return f"{path}: {why}."
    return f"{path}: {why}. The file is kept as {aside.name}."


def save(settings: Settings) -> None:
    """Save the settings, all or nothing.

    Raises:
        SettingsError: the folder can't be written.
    """
    data = {name: value for name, value in _entries(settings) if name in _READERS}
    text = json.dumps({**settings.unknown, **data}, ensure_ascii=False, indent=2) + "\n"
    path = settings_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Surrogates stand for bytes of a path that are not UTF-8; ``json.loads`` reads them back.
        _replace(path.resolve(), text.encode("utf-8", "surrogatepass"))
    except OSError as error:
        raise SettingsError(
            f"the settings could not be saved in {path.parent}: {error.strerror or error}; "
            "they last until the program ends"
        ) from error


def annotator_name(settings: Settings, given: str | None = None) -> str:
    """The annotator: the given name, else the name in the settings, else the login name."""
    for name in (given or "", settings.annotator, _login()):
        if tidy := " ".join(name.split()):
            return tidy
    return "annotator"


def settings_path() -> Path:
    """The settings file, whether it exists or not."""
    return _folder(platformdirs.user_config_dir, "") / "settings.json"


def log_folder() -> Path:
    """The folder of the log, which may not exist yet."""
    return _folder(platformdirs.user_log_dir, "log")


def data_folder() -> Path:
    """The folder for the program's own files, such as the project of the sample pages."""
    return _folder(platformdirs.user_data_dir, "data")


def _folder(platform: Callable[[str, Literal[False]], str], below: str) -> Path:
    if own := os.environ.get("SEGMARK_CONFIG"):
        return Path(own).absolute() / below
    return Path(platform(_NAME, False))


def _login() -> str:
    import getpass

    # Without a login name Python raises OSError, KeyError or ImportError, by version and platform.
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _replace(path: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _entries(settings: Settings) -> list[tuple[str, Any]]:
    return [(entry.name, getattr(settings, entry.name)) for entry in fields(settings)]


def _from_json(data: dict[str, Any]) -> tuple[Settings, list[str]]:
    """The settings of a file, and the names of those that have a wrong type."""
    read: dict[str, Any] = {}
    odd = []
    for name, reader in _READERS.items():
        if name not in data:
            continue
        try:
            read[name] = reader(data[name])
        except (TypeError, ValueError):
            odd.append(name)
    unknown = {name: value for name, value in data.items() if name not in _READERS}
    return Settings(**read, unknown=unknown), odd


def _theme(value: object) -> ThemeName:
    for theme in THEMES:
        if value == theme:
            return theme
    raise ValueError


def _font_size(value: object) -> int:
    if type(value) is not int or value not in FONT_SIZES:
        raise ValueError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(map(_text, value))


def _keys(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise TypeError
    return {command: _texts(keys) for command, keys in value.items()}


def _folders(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise TypeError
    return {purpose: _text(folder) for purpose, folder in value.items()}


_READERS: dict[str, Callable[[object], Any]] = {
    "theme": _theme,
    "font_size": _font_size,
    "font_family": _text,
    "folded": _flag,
    "keys": _keys,
    "annotator": _text,
    "without_suggestions": _texts,
    "opens_at_work": _flag,
    "shows_pace": _flag,
    "recent": lambda value: _texts(value)[:MOST_RECENT],
    "folders": _folders,
    "geometry": _text,
    "state": _text,
}
