CREATE TRIGGER edit_is_never_changed BEFORE UPDATE ON edit
        BEGIN SELECT raise(ABORT, 'the log of edits is append-only'); END;
CREATE TRIGGER page_is_counted AFTER INSERT ON page BEGIN
        UPDATE counter SET value = value + 1 WHERE name = 'pages';
        INSERT INTO page_group VALUES (new.number / 256, 1)
        ON CONFLICT DO UPDATE SET pages = pages + 1;
    END;
CREATE TRIGGER page_is_counted_off AFTER DELETE ON page BEGIN
        UPDATE counter SET value = value - 1 WHERE name = 'pages';
        UPDATE page_group SET pages = pages - 1 WHERE number = old.number / 256;
    END;
CREATE TRIGGER page_is_removed AFTER INSERT ON removed_page BEGIN
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
    END;
CREATE TRIGGER page_is_restored AFTER DELETE ON removed_page BEGIN
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
    END;
CREATE TRIGGER span_is_counted AFTER INSERT ON span BEGIN
        INSERT INTO label_count VALUES (new.annotator, new.label, 1)
        ON CONFLICT DO UPDATE SET spans = spans + 1;
    END;
CREATE TRIGGER span_is_counted_off AFTER DELETE ON span BEGIN
        UPDATE label_count SET spans = spans - 1
        WHERE annotator = old.annotator AND label = old.label;
    END;
CREATE TRIGGER status_is_counted AFTER INSERT ON annotation BEGIN
        INSERT INTO progress VALUES (new.annotator, new.status, 1)
        ON CONFLICT DO UPDATE SET pages = pages + 1;
        INSERT INTO finished_group
        VALUES (new.annotator, new.page / 256, new.status IN ('done', 'skipped'))
        ON CONFLICT DO UPDATE SET pages = pages + excluded.pages;
    END;
CREATE TRIGGER status_is_counted_off AFTER DELETE ON annotation BEGIN
        UPDATE progress SET pages = pages - 1
        WHERE annotator = old.annotator AND status = old.status;
        UPDATE finished_group SET pages = pages - (old.status IN ('done', 'skipped'))
        WHERE annotator = old.annotator AND page_group = old.page / 256;
    END;
CREATE TRIGGER status_is_moved AFTER UPDATE OF status ON annotation
        WHEN old.status <> new.status BEGIN
        UPDATE progress SET pages = pages - 1
        WHERE annotator = old.annotator AND status = old.status;
        INSERT INTO progress VALUES (new.annotator, new.status, 1)
        ON CONFLICT DO UPDATE SET pages = pages + 1;
        UPDATE finished_group SET pages = pages
            + (new.status IN ('done', 'skipped')) - (old.status IN ('done', 'skipped'))
        WHERE annotator = old.annotator AND page_group = old.page / 256;
    END;
CREATE TABLE _sqlite_migrations (
   id INTEGER PRIMARY KEY,
   migration_set TEXT,
   name TEXT,
   applied_at TEXT
);
CREATE TABLE act_edit (
        line INTEGER NOT NULL REFERENCES edit (number) ON DELETE CASCADE,
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        annotator INTEGER NOT NULL REFERENCES annotator (number),
        removed TEXT NOT NULL,  -- JSON, as in the log
        added TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL,
        seconds REAL NOT NULL,  -- at work, that came with it or went
        changed_at TEXT NOT NULL,  -- when the labels had changed before; empty if there were none
        PRIMARY KEY (line, page, annotator)
    ) STRICT;
CREATE TABLE act_page (
   number INTEGER PRIMARY KEY,
   act INTEGER NOT NULL REFERENCES edit(number) ON DELETE CASCADE,
   page INTEGER NOT NULL REFERENCES page(number) ON DELETE CASCADE,
   before TEXT NOT NULL
) STRICT;
CREATE TABLE annotation (
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        annotator INTEGER NOT NULL REFERENCES annotator (number),
        status TEXT NOT NULL CHECK (status IN ('new', 'started', 'done', 'skipped')),
        flagged INTEGER NOT NULL CHECK (flagged IN (0, 1)),
        note TEXT NOT NULL,
        rejected TEXT NOT NULL,  -- suggestions that were refused, JSON: [[start, end, label], …]
        active_seconds REAL NOT NULL DEFAULT 0,  -- at work on the page, idle time left out
        changed_at TEXT NOT NULL, absent TEXT NOT NULL DEFAULT '[]',  -- UTC
        PRIMARY KEY (page, annotator)
    ) STRICT;
CREATE TABLE annotator (
        number INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE
    , id TEXT NOT NULL DEFAULT '', colour TEXT NOT NULL DEFAULT '', joined INTEGER REFERENCES annotator (number)) STRICT;
CREATE TABLE carried (
        number INTEGER PRIMARY KEY,
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        annotator INTEGER NOT NULL REFERENCES annotator (number),
        start INTEGER NOT NULL,  -- code points, half-open
        end INTEGER NOT NULL,
        label TEXT NOT NULL REFERENCES label (id),
        changed INTEGER NOT NULL CHECK (changed IN (0, 1)),  -- the text is not that of before
        UNIQUE (page, annotator, start)
    ) STRICT;
CREATE TABLE compared (
        last_page INTEGER NOT NULL  -- number of the last page that was looked up in the sketches
    ) STRICT;
CREATE TABLE counter (
        name TEXT PRIMARY KEY,  -- pages
        value INTEGER NOT NULL
    ) STRICT;
CREATE TABLE edit (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        made_at TEXT NOT NULL,  -- UTC; the order is the number's
        annotator INTEGER NOT NULL REFERENCES annotator (number),
        page INTEGER REFERENCES page (number) ON DELETE CASCADE,  -- NULL: the label set
        kind TEXT NOT NULL CHECK (kind IN ('act', 'undo', 'redo')),
        act INTEGER,  -- number of the act that is undone or redone
        below INTEGER,  -- number of the act that undo reaches next
        title TEXT NOT NULL,
        removed TEXT NOT NULL,  -- JSON: [[start, end, label], …]
        added TEXT NOT NULL,
        before TEXT NOT NULL,  -- JSON: [status, flagged, note, rejected]
        after TEXT NOT NULL,
        field TEXT,  -- of an act on many pages: status, flagged, site, removed or labels
        value TEXT,  -- the field's new value; of labels: what changed, JSON
        CHECK (page IS NOT NULL OR field = 'labels')
    ) STRICT;
CREATE TABLE example (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        annotator INTEGER NOT NULL REFERENCES annotator (number),  -- who added it
        label TEXT REFERENCES label (id),  -- NULL: text without a label
        page TEXT NOT NULL,  -- id of the page, which another project may hold
        start INTEGER NOT NULL,  -- code points, half-open
        end INTEGER NOT NULL,
        text TEXT NOT NULL,  -- shortened if long
        reason TEXT NOT NULL,
        kept INTEGER NOT NULL CHECK (kept IN (0, 1))  -- 0: removed, or adding it was undone
    ) STRICT;
CREATE TABLE finished_group (
        annotator INTEGER NOT NULL,
        page_group INTEGER NOT NULL,
        pages INTEGER NOT NULL,  -- done or skipped
        PRIMARY KEY (annotator, page_group)
    ) STRICT;
CREATE TABLE label (
        position INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        key TEXT NOT NULL,
        light TEXT NOT NULL,
        dark TEXT NOT NULL,
        joins INTEGER NOT NULL CHECK (joins IN (0, 1)),
        definition TEXT NOT NULL,
        guideline TEXT NOT NULL,
        example TEXT NOT NULL
    , expected TEXT NOT NULL DEFAULT '', name TEXT NOT NULL DEFAULT '', former TEXT NOT NULL DEFAULT '[]', inside INTEGER NOT NULL DEFAULT 1
        CHECK (inside IN (0, 1)), gone_into TEXT) STRICT;
CREATE TABLE label_count (
   annotator INTEGER NOT NULL,
   label TEXT NOT NULL,
   spans INTEGER NOT NULL,
   PRIMARY KEY (annotator, label)
) STRICT;
CREATE TABLE left_at (
        annotator INTEGER PRIMARY KEY REFERENCES annotator (number),
        page INTEGER NOT NULL,  -- number of the page that was open when the project was closed
        after INTEGER NOT NULL  -- number of the annotator's last act until then
    ) STRICT;
CREATE TABLE model (
        name TEXT PRIMARY KEY,  -- of the site, or of all others
        version TEXT NOT NULL,  -- of the pages that it was learnt from, and their labels
        bytes BLOB NOT NULL,
        made_at TEXT NOT NULL  -- UTC
    ) STRICT;
CREATE TABLE near_duplicate (
        page INTEGER PRIMARY KEY REFERENCES page (number) ON DELETE CASCADE,
        first INTEGER NOT NULL  -- number of the first page with its article; it may be gone
    ) STRICT;
CREATE TABLE offer (
        number INTEGER PRIMARY KEY,
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        annotator INTEGER NOT NULL REFERENCES annotator (number),
        blind INTEGER NOT NULL CHECK (blind IN (0, 1)),  -- kept back, to measure how good they are
        made_at TEXT NOT NULL, threshold REAL NOT NULL DEFAULT 0, doubts TEXT,  -- UTC
        UNIQUE (page, annotator)
    ) STRICT;
CREATE TABLE page (
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
    ) STRICT;
CREATE TABLE page_anchors (
        page INTEGER PRIMARY KEY REFERENCES page (number) ON DELETE CASCADE,
        zlib BLOB NOT NULL  -- JSON, compressed: [[offset, path, [words, …], [inside, …]], …]
    ) STRICT;
CREATE TABLE page_group (
        number INTEGER PRIMARY KEY,  -- the page's number / 256
        pages INTEGER NOT NULL
    ) STRICT;
CREATE TABLE page_rest (
        page INTEGER PRIMARY KEY REFERENCES page (number) ON DELETE CASCADE,
        json TEXT NOT NULL  -- what the page's record or response held beside it: {name: value, …}
    ) STRICT;
CREATE TABLE page_seen (
        page INTEGER PRIMARY KEY REFERENCES page (number) ON DELETE CASCADE,
        sealed BLOB NOT NULL  -- a byte for each text node with text, 1 if it is shown; compressed
    ) STRICT;
CREATE TABLE page_sketch (
        hash INTEGER NOT NULL,  -- of a run of words in an article
        page INTEGER NOT NULL,
        PRIMARY KEY (hash, page)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE page_source (
        page INTEGER PRIMARY KEY REFERENCES page (number) ON DELETE CASCADE,
        zlib BLOB NOT NULL  -- the source bytes, compressed
    ) STRICT;
CREATE TABLE page_text (
   page INTEGER PRIMARY KEY REFERENCES page(number) ON DELETE CASCADE,
   text TEXT NOT NULL
) STRICT;
CREATE TABLE person_name (
        person INTEGER NOT NULL REFERENCES annotator (number),
        name TEXT NOT NULL,
        key TEXT NOT NULL,  -- without case, runs of blanks and Unicode form
        current INTEGER NOT NULL CHECK (current IN (0, 1)),
        PRIMARY KEY (person, name)
    ) STRICT;
CREATE TABLE prediction (
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        predictor INTEGER NOT NULL REFERENCES predictor (number),
        start INTEGER NOT NULL,  -- code points, half-open
        end INTEGER NOT NULL,
        label TEXT NOT NULL REFERENCES label (id),
        confidence REAL NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (page, predictor, start)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE predictor (
        number INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,  -- of the model; empty where no file named it
        loaded INTEGER NOT NULL  -- the higher, the later its predictions were loaded
    ) STRICT;
CREATE TABLE progress (
   annotator INTEGER NOT NULL,
   status TEXT NOT NULL,
   pages INTEGER NOT NULL,
   PRIMARY KEY (annotator, status)
) STRICT;
CREATE TABLE project (
        name TEXT PRIMARY KEY,  -- label_set, guideline, made_with, made_at
        value TEXT NOT NULL
    ) STRICT;
CREATE TABLE question (
        number INTEGER PRIMARY KEY,
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        annotator INTEGER NOT NULL REFERENCES annotator (number),  -- who asks
        start INTEGER NOT NULL,  -- what it is about: code points, half-open
        end INTEGER NOT NULL,
        answer TEXT NOT NULL,  -- empty while it is open
        answered_by INTEGER REFERENCES annotator (number),
        UNIQUE (page, annotator)
    ) STRICT;
CREATE TABLE removed_page (
   page INTEGER PRIMARY KEY REFERENCES page(number)
) STRICT;
CREATE TABLE span (
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        annotator INTEGER NOT NULL REFERENCES annotator (number),
        start INTEGER NOT NULL CHECK (start >= 0),  -- code points, half-open
        end INTEGER NOT NULL CHECK (end > start),
        label TEXT NOT NULL REFERENCES label (id),
        PRIMARY KEY (page, annotator, start)
    ) STRICT;
CREATE TABLE sqlite_sequence(name,seq);
CREATE TABLE suggestion (
        offer INTEGER NOT NULL REFERENCES offer (number) ON DELETE CASCADE,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        label TEXT NOT NULL,
        confidence REAL NOT NULL,
        reason TEXT NOT NULL,
        verdict TEXT CHECK (verdict IN ('accepted', 'changed', 'rejected', 'ignored')),
        seconds REAL,  -- from showing it to the verdict
        PRIMARY KEY (offer, start)
    ) STRICT;
CREATE TABLE time_at_work (
        quarter TEXT NOT NULL,  -- the beginning of a quarter of an hour, UTC
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        annotator INTEGER NOT NULL REFERENCES annotator (number),
        seconds REAL NOT NULL,  -- idle time left out
        PRIMARY KEY (quarter, page, annotator)
    ) STRICT;
CREATE TABLE version (
        page INTEGER PRIMARY KEY REFERENCES page (number) ON DELETE CASCADE,
        earlier INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE  -- of the same source
    ) STRICT;
CREATE TABLE word_index (
        last_page INTEGER NOT NULL  -- number of the last page whose words are in page_words
    ) STRICT;
CREATE INDEX act_edit_by_page ON act_edit (page);
CREATE INDEX act_page_by_act
    ON act_page (act, page);
CREATE INDEX annotation_by_status
    ON annotation (annotator, status, page);
CREATE INDEX annotation_with_flag ON annotation (annotator, page) WHERE flagged = 1;
CREATE UNIQUE INDEX annotator_by_id
    ON annotator (id);
CREATE INDEX edit_by_annotator
    ON edit (annotator, number);
CREATE INDEX edit_of_labels ON edit (number) WHERE field = 'labels';
CREATE INDEX edit_that_loads ON edit (page) WHERE title = 'Load labels';
CREATE UNIQUE INDEX idx__sqlite_migrations_migration_set_name
    ON _sqlite_migrations (migration_set, name);
CREATE INDEX page_by_language
    ON page (language);
CREATE INDEX page_by_site
    ON page (site);
CREATE INDEX page_by_source
    ON page (source);
CREATE INDEX page_by_text ON page (substr(sha256, 1, 16));
CREATE INDEX page_by_url ON page (url) WHERE url <> '';
CREATE INDEX person_name_by_key ON person_name (key);
CREATE INDEX version_by_earlier
    ON version (earlier);
