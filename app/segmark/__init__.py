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
"""

__version__ = "0.1.0"
