"""Segmark labels the segments of raw news pages.

The words, each with one meaning everywhere:

* *Page*: a loaded document with its frozen text (not: article, file, document).
* *Block*: a line of the text that is not blank.
* *Span*: a half-open range of Unicode code points with a label (not: entity, region, segment).
* *Label*, *LabelSet*: what a span can be (not: class, tag, category).
* *Annotation*: one annotator's spans on one page, with status, flag and note.
* *Edit*: a change to an annotation: spans removed, spans added, state before and after.
* *Suggestion*: a span proposed by a program; its *verdict* is accepted or rejected.
* *Record*: a page in its exported form (not: row, example).
* *Project*: one SQLite file.

Other programs use what ``__all__`` lists; docs/library.md shows how. Nothing else is kept stable.
Each name is loaded when it is first used, so that the import itself takes no time.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segmark.core.annotation import Annotation, Status
    from segmark.core.label import Label, LabelSet
    from segmark.core.page import Anchor, Page
    from segmark.core.record import Record
    from segmark.core.span import Span
    from segmark.jobs.evaluation import (
        Evaluation,
        EvaluationError,
        LabelScores,
        Matches,
        evaluate,
    )
    from segmark.jobs.labelling.labeller import Labeller
    from segmark.jobs.labelling.labeller_file import LabellerError
    from segmark.library.pages import read_html
    from segmark.library.project import Project
    from segmark.library.project import open_project as open  # noqa: A004
    from segmark.library.tables import (
        MissingLibraryError,
        to_arrow,
        to_datasets,
        to_dict,
        to_pandas,
    )
    from segmark.loading.rejection import LoadError
    from segmark.store.errors import StoreError

__version__ = "0.1.0"

__all__ = [
    "Anchor",
    "Annotation",
    "Evaluation",
    "EvaluationError",
    "Label",
    "LabelScores",
    "LabelSet",
    "Labeller",
    "LabellerError",
    "LoadError",
    "Matches",
    "MissingLibraryError",
    "Page",
    "Project",
    "Record",
    "Span",
    "Status",
    "StoreError",
    "__version__",
    "evaluate",
    "open",
    "read_html",
    "to_arrow",
    "to_datasets",
    "to_dict",
    "to_pandas",
]

#: The module of each public name, and its name there if that is another.
_PLACES = {
    "Anchor": "core.page",
    "Annotation": "core.annotation",
    "Evaluation": "jobs.evaluation",
    "EvaluationError": "jobs.evaluation",
    "Label": "core.label",
    "LabelScores": "jobs.evaluation",
    "LabelSet": "core.label",
    "Labeller": "jobs.labelling.labeller",
    "LabellerError": "jobs.labelling.labeller_file",
    "LoadError": "loading.rejection",
    "Matches": "jobs.evaluation",
    "MissingLibraryError": "library.tables",
    "Page": "core.page",
    "Project": "library.project",
    "Record": "core.record",
    "Span": "core.span",
    "Status": "core.annotation",
    "StoreError": "store.errors",
    "evaluate": "jobs.evaluation",
    "open": "library.project:open_project",
    "read_html": "library.pages",
    "to_arrow": "library.tables",
    "to_datasets": "library.tables",
    "to_dict": "library.tables",
    "to_pandas": "library.tables",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, inner = _PLACES[name].partition(":")
    found = getattr(import_module(f"{__name__}.{module}"), inner or name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
