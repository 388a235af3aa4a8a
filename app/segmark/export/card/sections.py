"""The sections of a dataset card, as Markdown."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from segmark.core.agreement import Agreement
from segmark.core.annotation import Status
from segmark.core.guideline import NO_LABEL, Example, examples_of
from segmark.core.label import LabelSet
from segmark.core.text.counts import count_words
from segmark.export.card.plots import TITLES
from segmark.export.findings import Findings, Hits
from segmark.export.lengths import Lengths
from segmark.export.split import SplitBy
from segmark.export.summary import Summary

#: What ``datasets`` and the Hub call the parts.
SPLITS = {"pages": "train", "train": "train", "dev": "validation", "test": "test"}

_SHOWN = 20  # rows of a table whose length depends on the project
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~#])")
# What begins HTML in Markdown, but for an address of a web page in angle brackets.
_TAG = re.compile(r"<(?=[a-z/!?])(?!https?://[^\s<>]*>)", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?=#|[a-z][a-z0-9]*;)", re.IGNORECASE)
# Addresses that run something. Markdown takes the colon with a backslash as well, and browsers
# leave out tabs.
_SCRIPT = "|".join(r"\t*".join(scheme) for scheme in ("javascript", "vbscript"))
_RUNNING = re.compile(rf"({_SCRIPT}|data(?=\\?:\w+/))(?=\t*\\?:)", re.IGNORECASE)
_HEADING = re.compile(r"^(#+ )", re.MULTILINE)
_QUANTILES = {"shortest": 0.0, "10 %": 0.1, "half": 0.5, "90 %": 0.9, "longest": 1.0}
_SPLIT_BY = {
    SplitBy.SITE: "All pages of a site are in one part; pages without a site were dealt out one by "
    "one.",
    SplitBy.PAGE: "Pages were dealt out one by one, so that a site can be in several parts.",
    SplitBy.NEAR_DUPLICATE: "Pages were dealt out one by one, but for those with the same article, "
    "which are in one part; a site can be in several.",
}


def introduction(summary: Summary) -> str:
    """The introduction: how much was labelled, and by how many annotators."""
    adjudicator = summary.findings.adjudicator
    count = len(summary.annotators.keys() - {adjudicator})
    who = "one annotator" if count == 1 else f"{count} annotators"
    if adjudicator in summary.annotators:
        who = f"{who} and the adjudicator" if count else "the adjudicator"
    spans = summary.spans.total()
    noun = summary.noun if summary.pages != 1 else summary.noun.removesuffix("s")
    return (
        f"{summary.pages:,} {noun} by {who}, with {spans:,} labelled spans.\n"
        "Text without a label is none of the labels below on a page that is `done`; on others it\n"
        "may not have been looked at."
    )


def counts(summary: Summary, loaded: bool, places: Mapping[str, str], files: Sequence[str]) -> str:
    """Pages, spans and rows of each part, and pages by status, annotator, site and language.

    Args:
        summary: what was written.
        loaded: whether ``datasets`` loads the files.
        places: the file of each part, or a pattern for its files.
        files: the names of all files.
    """
    head, *rows = summary.table()
    tables = [[*_table(head, rows)], [*_notes(summary, loaded, places, files)]]
    order = [status for status in Status if summary.statuses[status]]
    by_status = [(str(s), f"{summary.statuses[s]:,}") for s in order]
    tables.append([*_table(("status", summary.noun), by_status)])
    if len(summary.annotators) > 1:
        tables.append([*_ranking("annotator", summary.noun, summary.annotators)])
    tables.append([*_ranking("site", summary.noun, summary.sites)])
    if any(summary.languages):
        tables.append([*_ranking("language", summary.noun, summary.languages)])
    return "\n\n".join("\n".join(lines) for lines in tables if lines)


def _notes(
    summary: Summary, loaded: bool, places: Mapping[str, str], files: Sequence[str]
) -> Iterator[str]:
    for part, file in places.items():
        if not summary.parts[part].rows:
            empty = f"`{file}` is empty and therefore not in the list of splits."
            yield empty if file in files else f"Nothing went to `{part}`, so there is no `{file}`."
        elif loaded and SPLITS[part] != part:
            yield f"`{file}` loads as `{SPLITS[part]}`."
    for views, found in sorted(summary.views.items()):
        yield f"{_seen_by(views)}: {count_words(found, 'page')}."
    for reason, left_out in summary.left_out.items():
        yield f"Left out: {left_out.count:,} where {reason}."


def _seen_by(views: int) -> str:
    if views > 1:
        return f"Agreed on by {views:,} people"
    return "Finished by 1 person alone" if views else "Settled by the adjudicator"


def split(summary: Summary) -> str:
    """How the split was made, with warnings; "" without a split."""
    splitter = summary.options.splitter
    if not splitter:
        return ""
    asked = f"Shares of train, dev and test asked for: {splitter.shares} %"
    seed = f", with the seed `{_plain(splitter.seed)}`" if splitter.seed else ""
    lines = [
        _SPLIT_BY[splitter.by],
        "No article is in two parts, as far as pages with the same article were found.",
        f"{asked}{seed}.",
    ]
    if chosen := sum(site in summary.sites for site in splitter.fixed):
        lines.append(f"The part of {chosen:,} of the sites was chosen by hand.")
    warnings = (f"**Mind:** {_plain(warning)}." for warning in summary.warnings)
    return "\n\n".join(["\n".join(lines), *warnings])


def lengths(summary: Summary) -> str:
    """The lengths of the texts and the spans."""
    rows = [("texts", summary.text_lengths)]
    rows += [
        (f"`{label}`", summary.span_lengths[label])
        for label in summary.labels
        if label in summary.span_lengths
    ]
    head = ("code points", *_QUANTILES)
    return "\n".join(_table(head, [(name, *_quantiles(found)) for name, found in rows]))


def _quantiles(found: Lengths) -> Iterator[str]:
    return (f"{found.quantile(share):,}" for share in _QUANTILES.values())


def plots(files: Sequence[str]) -> str:
    """The plots among the files; "" if there are none."""
    return "\n\n".join(f"![{title}]({name})" for name, title in TITLES.items() if name in files)


def findings(found: Findings) -> str:
    """How good the labels are; "" if nothing is known."""
    texts = []
    if found.agreement:
        texts.append(_AGREEMENT + "\nThe adjudicator is not compared." * bool(found.adjudicator))
        texts.append("\n".join(_table(_AGREEMENT_HEAD, _agreement_rows(found))))
    if found.blind.suggested:
        texts.append(
            "Annotators were shown suggestions. How many of these are labelled so in the end, to "
            "the character:\n"
            f"{_hits(found.blind)} on pages where they were kept back, which is how good they are; "
            f"{_hits(found.shown)} where they\nwere shown. The more the second is over the first, "
            "the more was accepted unread."
        )
    return "\n\n".join(texts)


_AGREEMENT = """\
Of each two annotators, on the pages of the project that both have finished: F1 over spans that are
the same to the character, and Cohen's kappa over characters, with no label as one more label."""
_AGREEMENT_HEAD = ("annotators", "pages", "spans, F1", "characters, kappa")


def _agreement_rows(found: Findings) -> Iterator[tuple[str, ...]]:
    ranked = sorted(found.agreement.items(), key=lambda item: (-item[1].pages, item[0]))
    for (one, other), agreement in ranked[:_SHOWN]:
        yield (f"{_plain(one)}, {_plain(other)}", *_measures(agreement))


def _measures(agreement: Agreement) -> tuple[str, str, str]:
    measures = (agreement.f1, agreement.kappa)
    f1, kappa = ("–" if value is None else f"{value:.3f}" for value in measures)
    return f"{agreement.pages:,}", f1, kappa


def _hits(hits: Hits) -> str:
    share = f"{100 * hits.right / hits.suggested:.0f} %" if hits.suggested else "–"
    return f"{share} ({hits.right:,} of {hits.suggested:,})"


def labels(summary: Summary) -> str:
    """The labels and their definitions, and which the last export to the folder named otherwise."""
    spans = summary.spans
    rows = [
        (str(number), f"`{label.name}`", f"{spans[label.name]:,}", _plain(label.definition))
        for number, label in enumerate(summary.label_set)
    ]
    table = "\n".join(_table(("id", "label", "spans", "what it is"), rows))
    renamed = ", ".join(f"`{was}` is now `{name}`" for was, name in summary.renamed.items())
    return (
        f"{table}\n\nRenamed since the last export to this folder: {renamed}." if renamed else table
    )


def guideline(label_set: LabelSet, examples: Sequence[Example] = ()) -> str:
    """The guideline and its examples, with headings below that of the section."""
    texts = [_below(label_set.guideline.strip())]
    for label in label_set:
        parts = [_below(label.guideline), _cases(examples_of(examples, label.name))]
        if any(parts):
            texts += [f"### {label.name}", *parts]
    if cases := _cases(examples_of(examples, "")):
        texts += [f"### {NO_LABEL}", cases]
    return "\n\n".join(text for text in texts if text)


def _below(text: str) -> str:
    """A part of the guideline as harmless Markdown, with its headings two levels down."""
    return _HEADING.sub(r"##\1", _inert(text))


def _cases(examples: Sequence[Example]) -> str:
    """Examples from pages as a list; "" if there are none."""
    if not examples:
        return ""
    lines = ["Examples from pages:", ""]
    for one in examples:
        reason = f" – {_plain(one.reason)}" if one.reason else ""
        page = f" (page `{one.page}`)" if one.page.isalnum() else ""
        lines.append(f"- “{_plain(one.text)}”{reason}{page}")
    return "\n".join(lines)


def _inert(text: str) -> str:
    """Markdown whose HTML and whose links to scripts are shown as text."""
    text = _TAG.sub("&lt;", _REFERENCE.sub("&amp;", text))
    return _RUNNING.sub(r"\1 ", text)


def content(digests: Mapping[str, str], whole: str) -> str:
    """The checksums of the files, and the content hash."""
    first = islice(digests.items(), _SHOWN)
    shown = [(f"`{name}`", f"`{digest}`") for name, digest in first]
    if more := len(digests) - len(shown):
        shown.append((f"{more:,} more", ""))
    return "\n".join(_table(("file", "SHA-256"), shown)) + (
        f"\n\nContent hash: `{whole}`, which is what `sha256sum {_arguments(digests)} | sha256sum` "
        "prints."
    )


def _arguments(digests: Mapping[str, str]) -> str:
    names = list(digests)
    return " ".join(names if len(names) <= len(SPLITS) else [names[0], "…", names[-1]])


def _ranking(title: str, noun: str, ranked_by: Counter[str]) -> Iterator[str]:
    ranked = sorted(ranked_by.items(), key=lambda item: (-item[1], item[0]))
    rows = [(_plain(name) or "(none)", f"{count:,}") for name, count in ranked[:_SHOWN]]
    if rest := ranked[_SHOWN:]:
        rows.append((f"{len(rest):,} more", f"{sum(count for _, count in rest):,}"))
    yield from _table((title, noun), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(row)} |"


def _plain(text: str) -> str:
    """The text as one line, escaped for Markdown."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
