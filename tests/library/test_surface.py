"""``import segmark``: the public names, their signatures, and what the import costs."""

import inspect
import json
import subprocess
import sys

import pytest
import segmark

from tests.places import ROOT

SIGNATURES = {
    "evaluate": "(predicted: Iterable[Record], gold: Iterable[Record]) -> Evaluation",
    "open": "(path: str | PathLike[str], *, writable: bool = False) -> Project",
    "read_html": (
        "(html: bytes | str, url: str = '', *, site: str = '', source: str = 'page') -> Page"
    ),
    "to_arrow": "(records: Iterable[Record]) -> Any",
    "to_datasets": "(records: Iterable[Record]) -> Any",
    "to_dict": "(record: Record) -> dict[str, Any]",
    "to_pandas": "(records: Iterable[Record]) -> Any",
    "Labeller.facts": "(self) -> LabellerFacts",
    "Labeller.label": "(self, page: Page, threshold: float = 0.0) -> Record",
    "Labeller.labels": "(self) -> tuple[str, ...]",
    "Labeller.load": "(path: str | PathLike[str]) -> Labeller",
    "Labeller.of": "(learnt: Learnt) -> Labeller",
    "Labeller.save": "(self, path: str | PathLike[str]) -> None",
    "Labeller.sites": "(self) -> tuple[str, ...]",
    "Labeller.threshold_for": "(self, at_least_right: float) -> float",
    "Labeller.version": "(self) -> str",
    "Labeller.__call__": (
        "(self, html: bytes | str, url: str = '', *, site: str = '', source: str = 'page', "
        "threshold: float = 0.0) -> Record"
    ),
    "Project.annotations": "(self, name: str) -> Iterator[tuple[str, Annotation]]",
    "Project.annotators": "(self) -> Sequence[str]",
    "Project.close": "(self) -> None",
    "Project.keep_predictions": "(self, records: Iterable[Record], model: str) -> int",
    "Project.labels": "(self) -> LabelSet",
    "Project.pages": "(self) -> Iterator[Page]",
    "Project.path": "(self) -> Path",
    "Project.records": (
        "(self, *, status: str | Iterable[str] = Status.DONE, "
        "annotator: str | None = None, site: str | Iterable[str] | None = None) "
        "-> Iterator[Record]"
    ),
}

VALUES = {
    "Anchor": "path, words, inside",
    "Annotation": "spans, state",
    "Evaluation": "pages, missing, labels",
    "Label": "name, key, light, dark, joins, definition, guideline, example, expected, inside, "
    "former, id",
    "LabelScores": "exact, overlap, characters, lines",
    "LabelSet": "name, labels, guideline, gone",
    "Matches": "predicted, right, wanted, reached",
    "Page": "id, text, info, sha256, declared",
    "Record": "id, text, spans, source, url, site, annotator, status, sha256, anchors, about, "
    "suggestions, digest, markup, language, article, left_out, views, more, made",
    "Span": "start, end, label",
}


def _shown(function: object) -> str:
    """A signature without the modules of its types."""
    found = inspect.signature(getattr(function, "fget", None) or function)  # type: ignore[arg-type]
    kept = [
        parameter.replace(annotation=_plain(parameter.annotation))
        for parameter in found.parameters.values()
    ]
    text = str(found.replace(parameters=kept, return_annotation=_plain(found.return_annotation)))
    return text.replace("<Status.DONE: 'done'>", "Status.DONE")


class _Plain:
    """Something whose representation is this text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _plain(annotation: object) -> object:
    if annotation is inspect.Parameter.empty:
        return annotation
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    for module in ("collections.abc.", "typing.", "os.", "pathlib."):
        text = text.replace(module, "")
    words = text.split("segmark.")
    return _Plain(words[0] + "".join(_last_name(word) for word in words[1:]))


def _last_name(word: str) -> str:
    """What follows the modules in ``core.page.Page] | None``."""
    end = next((at for at, char in enumerate(word) if not (char.isalnum() or char in "._")), None)
    name = word[:end].rpartition(".")[2]
    return name + (word[end:] if end is not None else "")


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_public_function_keeps_its_signature(name: str) -> None:
    found: object = segmark
    for part in name.split("."):
        found = getattr(found, part)
    assert _shown(found) == SIGNATURES[name]


@pytest.mark.parametrize("name", VALUES)
def test_a_public_value_keeps_its_fields(name: str) -> None:
    kind = getattr(segmark, name)
    names = getattr(kind, "_fields", None) or kind.__dataclass_fields__
    assert ", ".join(name for name in names if not name.startswith("_")) == VALUES[name]


def test_every_public_function_has_its_signature_held() -> None:
    functions = {name for name in segmark.__all__ if inspect.isroutine(getattr(segmark, name))}
    methods = {
        f"{name}.{method}"
        for name in ("Labeller", "Project")
        for method in vars(getattr(segmark, name))
        if not method.startswith("_")
    }
    assert functions | methods == SIGNATURES.keys() - {"Labeller.__call__"}


def test_every_public_name_is_there_is_listed_and_says_what_it_is() -> None:
    assert set(segmark.__all__) <= set(dir(segmark))
    for name in set(segmark.__all__) - {"__version__"}:
        assert inspect.getdoc(getattr(segmark, name))
    with pytest.raises(AttributeError, match="no attribute 'labels'"):
        segmark.labels  # noqa: B018


def _run(program: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_import_loads_nothing_of_the_program_but_itself() -> None:
    loaded = _run(
        "import sys, json; before = set(sys.modules); import segmark;"
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    assert [name for name in loaded if name.startswith("segmark.")] == []
    assert not {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names - {"segmark"}


def test_no_public_name_loads_qt_pandas_or_the_command_line() -> None:
    loaded = _run(
        "import sys, json, segmark; [getattr(segmark, name) for name in segmark.__all__];"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    assert not {"PySide6", "pandas", "pyarrow", "datasets", "click", "numpy"} & set(loaded)


def test_the_type_checker_sees_the_names_that_are_loaded_later() -> None:
    source = (ROOT / "app/segmark/__init__.py").read_text("utf-8")
    stubs = source.partition("if TYPE_CHECKING:")[2].partition("__version__ =")[0]
    for name in set(segmark.__all__) - {"__version__"}:
        assert f" {name}" in stubs
