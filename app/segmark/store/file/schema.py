"""The tables of a project file and the migrations that lead to them.

A released migration never changes: a later one follows it. Its name is kept in every project file
that went through it. ``migrations`` lists the names, and imports this module only to apply them.

sqlite-utils makes the columns, the indexes and the tables that it can express. The rest is SQL:

- tables with CHECK, UNIQUE, AUTOINCREMENT or WITHOUT ROWID, and tables whose columns have comments:
  SQLite keeps these in the file, for people who open it with another program,
- partial indexes and indexes on expressions,
- triggers.

A test compares the result with ``tests/store/file/schema.sql``.
"""

from sqlite_utils import Database, Migrations
from sqlite_utils.db import ForeignKey

from segmark.store.file.label_rows import EDIT_WITHOUT_PAGE, LABEL_IDS
from segmark.store.file.people_tables import add_people

migrations = Migrations("segmark")


@migrations()
def first_tables(db: Database) -> None:
    """Project, labels, annotators, pages, annotations, spans and the log of edits."""
    _run(db, _PROJECT)
    _run(db, _PAGES)
    _create(db, "page_text", {"page": int, "text": str}, "page", {"page": "page"})
    _run(db, _ANNOTATIONS)
    db.table("annotation").create_index(["annotator", "status", "page"], "annotation_by_status")
    db.table("edit").create_index(["annotator", "number"], "edit_by_annotator")
    _create(
        db, "progress", {"annotator": int, "status": str, "pages": int}, ("annotator", "status")
    )
    _create(
        db, "label_count", {"annotator": int, "label": str, "spans": int}, ("annotator", "label")
    )
    _run(db, _COUNTERS)
    db.table("counter").insert({"name": "pages", "value": 0})


@migrations()
def suggestions(db: Database) -> None:
    """The suggestions of each page and annotator, their verdicts, and the trained models."""
    _run(db, _SUGGESTIONS)


@migrations()
def near_duplicates_and_rest(db: Database) -> None:
    """Other data that came with a page, and pages that hold the same article."""
    _run(db, _LIKENESS)
    db.table("compared").insert({"last_page": 0})


@migrations()
def predictions(db: Database) -> None:
    """Suggestions made by other programs, and the least confidence of those that are shown."""
    # Less confident suggestions of the offer were kept back.
    db.table("offer").add_column("threshold", float, not_null_default=0)
    _run(db, _PREDICTIONS)


@migrations()
def queue(db: Database) -> None:
    """Removed pages, acts on many pages, the page to come back to, the word index."""
    _create(db, "removed_page", {"page": int}, "page", {"page": "page"}, cascade=False)
    _run(db, _REMOVED)
    edit = db.table("edit")
    edit.add_column("field", str)  # of an act on many pages: status, flagged, site or removed
    edit.add_column("value", str)  # the field's new value
    _create(
        db,
        "act_page",
        {"number": int, "act": int, "page": int, "before": str},
        "number",
        {"act": "edit", "page": "page"},
    )
    db.table("act_page").create_index(["act", "page"], "act_page_by_act")
    db.table("page").create_index(["site"], "page_by_site")
    db.table("page").create_index(["language"], "page_by_language")
    _run(db, _PLACES)


@migrations()
def versions(db: Database) -> None:
    """Which page is a newer version of which, and which labels were carried over to it."""
    db.table("page").create_index(["source"], "page_by_source")
    _run(db, _VERSIONS)
    db.table("version").create_index(["earlier"], "version_by_earlier")


@migrations()
def loaded_labels(db: Database) -> None:
    """An index that finds the labels that came with a page, however long the log is."""
    db.execute("CREATE INDEX edit_that_loads ON edit (page) WHERE title = 'Load labels'")


@migrations()
def models_of_predictions(db: Database) -> None:
    """Whose predictions they are, so that those of several models stand side by side."""
    _run(db, _PREDICTORS)


@migrations()
def finish_check(db: Database) -> None:
    """What a finished page is expected to have, and what it really does not have."""
    db.table("label").add_column("expected", str, not_null_default="")  # '', one or some
    # Labels that are expected and not there, JSON: [name, …]
    db.table("annotation").add_column("absent", str, not_null_default="[]")


@migrations()
def guideline_cases(db: Database) -> None:
    """Examples that annotators add to the guideline, and the notes that are questions."""
    _run(db, _GUIDELINE)


@migrations()
def people(db: Database) -> None:
    """Ids, names and colours of people, what a join moved, and the time at work by quarter hour."""
    add_people(db)


@migrations()
def label_ids(db: Database) -> None:
    """Ids of labels, which a new name does not change, and acts on the label set in the log."""
    _run(db, LABEL_IDS)
    _run(db, EDIT_WITHOUT_PAGE)
    db.table("edit").create_index(["annotator", "number"], "edit_by_annotator")
    db.execute("CREATE INDEX edit_that_loads ON edit (page) WHERE title = 'Load labels'")
    db.execute("CREATE INDEX edit_of_labels ON edit (number) WHERE field = 'labels'")


@migrations()
def doubts(db: Database) -> None:
    """How likely it is that what an offer suggests for a block is wrong."""
    db.table("offer").add_column("doubts", str)  # JSON, by the index of the block


@migrations()
def seen_nodes(db: Database) -> None:
    """Which text nodes of a page's HTML are shown, so that exports need not find out again."""
    db.execute("""CREATE TABLE page_seen (
        page INTEGER PRIMARY KEY REFERENCES page (number) ON DELETE CASCADE,
        sealed BLOB NOT NULL  -- a byte for each text node with text, 1 if it is shown; compressed
    ) STRICT""")


def _run(db: Database, statements: tuple[str, ...]) -> None:
    for statement in statements:
        db.execute(statement)


def _create(
    db: Database,
    table: str,
    columns: dict[str, type],
    key: str | tuple[str, str],
    references: dict[str, str] | None = None,
    *,
    cascade: bool = True,
) -> None:
    """Create a strict table without nulls.

    ``references`` maps a column to the table whose number it holds; with ``cascade`` a row goes
    with the one that it refers to.
    """
    action = "CASCADE" if cascade else "NO ACTION"
    db.table(table).create(
        columns,
        pk=key,
        not_null=set(columns) - {key},
        foreign_keys=[
            ForeignKey(table, column, other, "number", on_delete=action)
            for column, other in (references or {}).items()
        ],
        strict=True,
    )


_PROJECT = (
    """CREATE TABLE project (
        name TEXT PRIMARY KEY,  -- label_set, guideline, made_with, made_at
        value TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE label (
        position INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        key TEXT NOT NULL,
        light TEXT NOT NULL,
        dark TEXT NOT NULL,
        joins INTEGER NOT NULL CHECK (joins IN (0, 1)),
        definition TEXT NOT NULL,
        guideline TEXT NOT NULL,
        example TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE annotator (
        number INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE
    ) STRICT""",
)

_PAGES = (
    """CREATE TABLE page (
        number INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order of loading
        id TEXT NOT NULL UNIQUE,  -- first digits of the SHA-256 of the source bytes
        source TEXT NOT NULL,
        site TEXT NOT NULL,
        url TEXT NOT NULL,
        title TEXT NOT NULL,
        language TEXT NOT NULL,
        encoding TEXT NOT NULL,
        media TEXT NOT NULL CHECK (media IN ('text', 'html')),
        first_line TEXT NOT NULL,  -- shortened, for lists
        characters INTEGER NOT NULL,  -- code points
        sha256 TEXT NOT NULL,  -- of the text in UTF-8
        loaded_at TEXT NOT NULL  -- UTC
    ) STRICT""",
    """CREATE TABLE page_source (
        page INTEGER PRIMARY KEY REFERENCES page (number) ON DELETE CASCADE,
        zlib BLOB NOT NULL  -- the source bytes, compressed
    ) STRICT""",
    """CREATE TABLE page_anchors (
        page INTEGER PRIMARY KEY REFERENCES page (number) ON DELETE CASCADE,
        zlib BLOB NOT NULL  -- JSON, compressed: [[offset, path, [words, …], [inside, …]], …]
    ) STRICT""",
)

_ANNOTATIONS = (
    """CREATE TABLE annotation (
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        annotator INTEGER NOT NULL REFERENCES annotator (number),
        status TEXT NOT NULL CHECK (status IN ('new', 'started', 'done', 'skipped')),
        flagged INTEGER NOT NULL CHECK (flagged IN (0, 1)),
        note TEXT NOT NULL,
        rejected TEXT NOT NULL,  -- suggestions that were refused, JSON: [[start, end, label], …]
        active_seconds REAL NOT NULL DEFAULT 0,  -- at work on the page, idle time left out
        changed_at TEXT NOT NULL,  -- UTC
        PRIMARY KEY (page, annotator)
    ) STRICT""",
    """CREATE TABLE span (
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        annotator INTEGER NOT NULL REFERENCES annotator (number),
        "start" INTEGER NOT NULL CHECK ("start" >= 0),  -- code points, half-open
        "end" INTEGER NOT NULL CHECK ("end" > "start"),
        label TEXT NOT NULL REFERENCES label (name),
        PRIMARY KEY (page, annotator, "start")
    ) STRICT""",
    """CREATE TABLE edit (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        made_at TEXT NOT NULL,  -- UTC; the order is the number's
        annotator INTEGER NOT NULL REFERENCES annotator (number),
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ('act', 'undo', 'redo')),
        act INTEGER,  -- number of the act that is undone or redone
        below INTEGER,  -- number of the act that undo reaches next
        title TEXT NOT NULL,
        removed TEXT NOT NULL,  -- JSON: [[start, end, label], …]
        added TEXT NOT NULL,
        before TEXT NOT NULL,  -- JSON: [status, flagged, note, rejected]
        after TEXT NOT NULL
    ) STRICT""",
    """CREATE TRIGGER edit_is_never_changed BEFORE UPDATE ON edit
        BEGIN SELECT raise(ABORT, 'the log of edits is append-only'); END""",
)

# Triggers keep the counters, so that progress, the place of a page and the next page to do are
# found at once however many pages there are. A group is 256 numbers: some 4,000 groups for a
# million pages.
_COUNTERS = (
    """CREATE TABLE counter (
        name TEXT PRIMARY KEY,  -- pages
        value INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE page_group (
        number INTEGER PRIMARY KEY,  -- the page's number / 256
        pages INTEGER NOT NULL
    ) STRICT""",
    """CREATE TRIGGER page_is_counted AFTER INSERT ON page BEGIN
        UPDATE counter SET value = value + 1 WHERE name = 'pages';
        INSERT INTO page_group VALUES (new.number / 256, 1)
        ON CONFLICT DO UPDATE SET pages = pages + 1;
    END""",
    """CREATE TRIGGER page_is_counted_off AFTER DELETE ON page BEGIN
        UPDATE counter SET value = value - 1 WHERE name = 'pages';
        UPDATE page_group SET pages = pages - 1 WHERE number = old.number / 256;
    END""",
    """CREATE TABLE finished_group (
        annotator INTEGER NOT NULL,
        page_group INTEGER NOT NULL,
        pages INTEGER NOT NULL,  -- done or skipped
        PRIMARY KEY (annotator, page_group)
    ) STRICT""",
    """CREATE TRIGGER status_is_counted AFTER INSERT ON annotation BEGIN
        INSERT INTO progress VALUES (new.annotator, new.status, 1)
        ON CONFLICT DO UPDATE SET pages = pages + 1;
        INSERT INTO finished_group
        VALUES (new.annotator, new.page / 256, new.status IN ('done', 'skipped'))
        ON CONFLICT DO UPDATE SET pages = pages + excluded.pages;
    END""",
    """CREATE TRIGGER status_is_counted_off AFTER DELETE ON annotation BEGIN
        UPDATE progress SET pages = pages - 1
        WHERE annotator = old.annotator AND status = old.status;
        UPDATE finished_group SET pages = pages - (old.status IN ('done', 'skipped'))
        WHERE annotator = old.annotator AND page_group = old.page / 256;
    END""",
    """CREATE TRIGGER status_is_moved AFTER UPDATE OF status ON annotation
        WHEN old.status <> new.status BEGIN
        UPDATE progress SET pages = pages - 1
        WHERE annotator = old.annotator AND status = old.status;
        INSERT INTO progress VALUES (new.annotator, new.status, 1)
        ON CONFLICT DO UPDATE SET pages = pages + 1;
        UPDATE finished_group SET pages = pages
            + (new.status IN ('done', 'skipped')) - (old.status IN ('done', 'skipped'))
        WHERE annotator = old.annotator AND page_group = old.page / 256;
    END""",
    """CREATE TRIGGER span_is_counted AFTER INSERT ON span BEGIN
        INSERT INTO label_count VALUES (new.annotator, new.label, 1)
        ON CONFLICT DO UPDATE SET spans = spans + 1;
    END""",
    """CREATE TRIGGER span_is_counted_off AFTER DELETE ON span BEGIN
        UPDATE label_count SET spans = spans - 1
        WHERE annotator = old.annotator AND label = old.label;
    END""",
)

_SUGGESTIONS = (
    """CREATE TABLE offer (
        number INTEGER PRIMARY KEY,
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        annotator INTEGER NOT NULL REFERENCES annotator (number),
        blind INTEGER NOT NULL CHECK (blind IN (0, 1)),  -- kept back, to measure how good they are
        made_at TEXT NOT NULL,  -- UTC
        UNIQUE (page, annotator)
    ) STRICT""",
    """CREATE TABLE suggestion (
        offer INTEGER NOT NULL REFERENCES offer (number) ON DELETE CASCADE,
        "start" INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        label TEXT NOT NULL,
        confidence REAL NOT NULL,
        reason TEXT NOT NULL,
        verdict TEXT CHECK (verdict IN ('accepted', 'changed', 'rejected', 'ignored')),
        seconds REAL,  -- from showing it to the verdict
        PRIMARY KEY (offer, "start")
    ) STRICT""",
    """CREATE TABLE model (
        name TEXT PRIMARY KEY,  -- of the site, or of all others
        version TEXT NOT NULL,  -- of the pages that it was learnt from, and their labels
        bytes BLOB NOT NULL,
        made_at TEXT NOT NULL  -- UTC
    ) STRICT""",
)

_LIKENESS = (
    """CREATE TABLE page_rest (
        page INTEGER PRIMARY KEY REFERENCES page (number) ON DELETE CASCADE,
        json TEXT NOT NULL  -- what the page's record or response held beside it: {name: value, …}
    ) STRICT""",
    "CREATE INDEX page_by_text ON page (substr(sha256, 1, 16))",
    """CREATE TABLE near_duplicate (
        page INTEGER PRIMARY KEY REFERENCES page (number) ON DELETE CASCADE,
        first INTEGER NOT NULL  -- number of the first page with its article; it may be gone
    ) STRICT""",
    # Rows of deleted pages do no harm: numbers are never used again.
    """CREATE TABLE page_sketch (
        hash INTEGER NOT NULL,  -- of a run of words in an article
        page INTEGER NOT NULL,
        PRIMARY KEY (hash, page)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE compared (
        last_page INTEGER NOT NULL  -- number of the last page that was looked up in the sketches
    ) STRICT""",
)

_PREDICTIONS = (
    """CREATE TABLE prediction (
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        "start" INTEGER NOT NULL,  -- code points, half-open
        "end" INTEGER NOT NULL,
        label TEXT NOT NULL REFERENCES label (name),
        confidence REAL NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (page, "start")
    ) STRICT, WITHOUT ROWID""",
)

# The key of a table without row numbers can't be changed, so the table is made again.
_PREDICTORS = (
    """CREATE TABLE predictor (
        number INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,  -- of the model; empty where no file named it
        loaded INTEGER NOT NULL  -- the higher, the later its predictions were loaded
    ) STRICT""",
    """INSERT INTO predictor
        SELECT 1, '', 1 WHERE EXISTS (SELECT 1 FROM prediction)""",
    "ALTER TABLE prediction RENAME TO old_prediction",
    """CREATE TABLE prediction (
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        predictor INTEGER NOT NULL REFERENCES predictor (number),
        "start" INTEGER NOT NULL,  -- code points, half-open
        "end" INTEGER NOT NULL,
        label TEXT NOT NULL REFERENCES label (name),
        confidence REAL NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (page, predictor, "start")
    ) STRICT, WITHOUT ROWID""",
    """INSERT INTO prediction
        SELECT page, 1, "start", "end", label, confidence, reason FROM old_prediction""",
    "DROP TABLE old_prediction",
)

_VERSIONS = (
    "CREATE INDEX page_by_url ON page (url) WHERE url <> ''",
    """CREATE TABLE version (
        page INTEGER PRIMARY KEY REFERENCES page (number) ON DELETE CASCADE,
        earlier INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE  -- of the same source
    ) STRICT""",
    # Where a span came from; the annotation says whether the span is still there.
    """CREATE TABLE carried (
        number INTEGER PRIMARY KEY,
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        annotator INTEGER NOT NULL REFERENCES annotator (number),
        "start" INTEGER NOT NULL,  -- code points, half-open
        "end" INTEGER NOT NULL,
        label TEXT NOT NULL REFERENCES label (name),
        changed INTEGER NOT NULL CHECK (changed IN (0, 1)),  -- the text is not that of before
        UNIQUE (page, annotator, "start")
    ) STRICT""",
)

# Removed pages are left out everywhere, also of the counters; they can be restored. Such a page
# can't be deleted: the counters no longer count it.
_REMOVED = (
    """CREATE TRIGGER page_is_removed AFTER INSERT ON removed_page BEGIN
        UPDATE counter SET value = value - 1 WHERE name = 'pages';
        UPDATE page_group SET pages = pages - 1 WHERE number = new.page / 256;
        UPDATE progress SET pages = pages - 1 WHERE (annotator, status) IN (
            SELECT annotator, status FROM annotation WHERE page = new.page);
        UPDATE finished_group SET pages = pages - 1 WHERE (annotator, page_group) IN (
            SELECT annotator, new.page / 256 FROM annotation
            WHERE page = new.page AND status IN ('done', 'skipped'));
        UPDATE label_count SET spans = spans - (SELECT count(*) FROM span
            WHERE page = new.page AND span.annotator = label_count.annotator
                AND span.label = label_count.label);
    END""",
    """CREATE TRIGGER page_is_restored AFTER DELETE ON removed_page BEGIN
        UPDATE counter SET value = value + 1 WHERE name = 'pages';
        UPDATE page_group SET pages = pages + 1 WHERE number = old.page / 256;
        UPDATE progress SET pages = pages + 1 WHERE (annotator, status) IN (
            SELECT annotator, status FROM annotation WHERE page = old.page);
        UPDATE finished_group SET pages = pages + 1 WHERE (annotator, page_group) IN (
            SELECT annotator, old.page / 256 FROM annotation
            WHERE page = old.page AND status IN ('done', 'skipped'));
        UPDATE label_count SET spans = spans + (SELECT count(*) FROM span
            WHERE page = old.page AND span.annotator = label_count.annotator
                AND span.label = label_count.label);
    END""",
)

_PLACES = (
    "CREATE INDEX annotation_with_flag ON annotation (annotator, page) WHERE flagged = 1",
    """CREATE TABLE left_at (
        annotator INTEGER PRIMARY KEY REFERENCES annotator (number),
        page INTEGER NOT NULL,  -- number of the page that was open when the project was closed
        after INTEGER NOT NULL  -- number of the annotator's last act until then
    ) STRICT""",
    """CREATE TABLE word_index (
        last_page INTEGER NOT NULL  -- number of the last page whose words are in page_words
    ) STRICT""",
)

_GUIDELINE = (
    """CREATE TABLE example (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        annotator INTEGER NOT NULL REFERENCES annotator (number),  -- who added it
        label TEXT REFERENCES label (name),  -- NULL: text without a label
        page TEXT NOT NULL,  -- id of the page, which another project may hold
        "start" INTEGER NOT NULL,  -- code points, half-open
        "end" INTEGER NOT NULL,
        text TEXT NOT NULL,  -- shortened if long
        reason TEXT NOT NULL,
        kept INTEGER NOT NULL CHECK (kept IN (0, 1))  -- 0: removed, or adding it was undone
    ) STRICT""",
    # The question itself is the annotator's note on the page.
    """CREATE TABLE question (
        number INTEGER PRIMARY KEY,
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        annotator INTEGER NOT NULL REFERENCES annotator (number),  -- who asks
        "start" INTEGER NOT NULL,  -- what it is about: code points, half-open
        "end" INTEGER NOT NULL,
        answer TEXT NOT NULL,  -- empty while it is open
        answered_by INTEGER REFERENCES annotator (number),
        UNIQUE (page, annotator)
    ) STRICT""",
)
