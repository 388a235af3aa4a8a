"""The tables of the queue: removed pages, acts on many pages, places, the index of words.

They belong to the migration ``queue`` of the schema.
"""

#: Pages that were removed are left out everywhere, the counters among it; they can come back.
_REMOVED = (
    # Without a cascade: such a page can't be deleted, as the counters leave it out already.
    """CREATE TABLE removed_page (
        page INTEGER PRIMARY KEY REFERENCES page (number)
    ) STRICT""",
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

# An act on many pages is one line of the log; these rows tell what each of the pages was before.
_MANY = (
    "ALTER TABLE edit ADD COLUMN field TEXT",  # of many pages: status, flagged, site, removed
    "ALTER TABLE edit ADD COLUMN value TEXT",  # what it became
    """CREATE TABLE act_page (
        number INTEGER PRIMARY KEY,
        act INTEGER NOT NULL REFERENCES edit (number) ON DELETE CASCADE,
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        before TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX act_page_by_act ON act_page (act, page)",
)

_PLACES = (
    "CREATE INDEX page_by_site ON page (site)",
    "CREATE INDEX page_by_language ON page (language)",
    "CREATE INDEX annotation_with_flag ON annotation (annotator, page) WHERE flagged = 1",
    """CREATE TABLE left_at (
        annotator INTEGER PRIMARY KEY REFERENCES annotator (number),
        page INTEGER NOT NULL,  -- number of the page that was open when the project was closed
        after INTEGER NOT NULL  -- number of the annotator's last act until then
    ) STRICT""",
)

_WORDS = (
    """CREATE TABLE word_index (
        last_page INTEGER NOT NULL  -- number of the last page whose words are in page_words
    ) STRICT""",
)

QUEUE = (*_REMOVED, *_MANY, *_PLACES, *_WORDS)
