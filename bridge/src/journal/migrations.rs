//! The tables, version by version. How they are applied is in [`schema`](super::schema); what the
//! columns mean is in the [module doc](super).

/// One script per schema version, in order; script `n` (from 1) leads from version `n - 1` to `n`.
/// A script that was released is never edited.
pub(super) const MIGRATIONS: &[&str] = &[
    SCHEMA_1, SCHEMA_2, SCHEMA_3, SCHEMA_4, SCHEMA_5, SCHEMA_6, SCHEMA_7, SCHEMA_8, SCHEMA_9,
    SCHEMA_10,
];

const SCHEMA_1: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE chunk (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('to_printer', 'from_printer')),
    conn INTEGER NOT NULL,
    start INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('data', 'opened', 'closed', 'gap', 'started')),
    mono_ns INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX chunk_by_session ON chunk (source, epoch, id);

CREATE TABLE event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    observed_at TEXT NOT NULL,
    number TEXT,
    total TEXT,
    currency TEXT,
    body TEXT NOT NULL,
    decoder TEXT NOT NULL
) STRICT;

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL REFERENCES event (id),
    robot TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'delivered', 'parked', 'dead')),
    urgent INTEGER NOT NULL CHECK (urgent IN (0, 1)),
    msg_uuid TEXT,
    body TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before_ms INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    reason TEXT,
    UNIQUE (event_id, robot),
    CHECK ((msg_uuid IS NULL) = (body IS NULL))
) STRICT;
CREATE INDEX outbox_queue ON outbox (robot, state, urgent DESC, id);

CREATE TABLE attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    outbox_id INTEGER NOT NULL REFERENCES outbox (id),
    started_ms INTEGER NOT NULL,
    finished_ms INTEGER,
    outcome TEXT,
    detail TEXT,
    http_status INTEGER,
    errcode INTEGER,
    pause_until_ms INTEGER,
    CHECK ((finished_ms IS NULL) = (outcome IS NULL))
) STRICT;
CREATE INDEX attempt_by_notice ON attempt (outbox_id);
CREATE INDEX attempt_by_time ON attempt (started_ms);
CREATE INDEX attempt_pausing ON attempt (pause_until_ms) WHERE pause_until_ms IS NOT NULL;
CREATE INDEX attempt_unfinished ON attempt (id) WHERE finished_ms IS NULL;

CREATE TABLE session (
    source TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL,
    generation TEXT NOT NULL,
    checkpoint BLOB,
    checkpoint_chunk INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cursor (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    generation TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;

CREATE TABLE source_total (
    source TEXT PRIMARY KEY,
    journalled_bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";

/// What retention needs: where an open paper starts, and delivered notices in order.
const SCHEMA_2: &str = "
ALTER TABLE session ADD COLUMN open_from INTEGER;
CREATE INDEX outbox_delivered ON outbox (id) WHERE state = 'delivered';
";

/// What delivery needs: notices of alarms and digests, the carrier that a message is bound to, and
/// attempts that outlive their notice, since the month's calls are counted by them.
const SCHEMA_3: &str = "
DROP INDEX outbox_queue;
DROP INDEX outbox_delivered;
DROP INDEX attempt_by_notice;
DROP INDEX attempt_by_time;
DROP INDEX attempt_pausing;
DROP INDEX attempt_unfinished;

CREATE TABLE outbox_3 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    robot TEXT NOT NULL,
    subject TEXT NOT NULL CHECK (subject IN ('event', 'alarm', 'digest')),
    event_id TEXT REFERENCES event (id),
    alarm TEXT,
    alarm_key TEXT,
    digest_id INTEGER REFERENCES outbox_3 (id),
    merge_max INTEGER,
    state TEXT NOT NULL CHECK (state IN
        ('queued', 'merged', 'sending', 'delivered', 'parked', 'dead', 'dropped')),
    urgent INTEGER NOT NULL CHECK (urgent IN (0, 1)),
    carrier TEXT,
    msg_uuid TEXT,
    body TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before_ms INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    reason TEXT,
    UNIQUE (event_id, robot),
    UNIQUE (alarm_key, robot),
    CHECK ((event_id IS NOT NULL) = (subject = 'event')),
    CHECK ((alarm IS NOT NULL) = (subject = 'alarm')),
    CHECK ((alarm IS NULL) = (alarm_key IS NULL)),
    CHECK (subject = 'event' OR digest_id IS NULL),
    CHECK (state <> 'merged' OR digest_id IS NOT NULL),
    CHECK ((msg_uuid IS NULL) = (body IS NULL) AND (body IS NULL) = (carrier IS NULL))
) STRICT;
INSERT INTO outbox_3 (id, robot, subject, event_id, state, urgent, carrier, msg_uuid, body,
                      attempts, not_before_ms, created_ms, reason)
    SELECT id, robot, 'event', event_id, state, urgent, iif(body IS NULL, NULL, robot), msg_uuid,
           body, attempts, not_before_ms, created_ms, reason
    FROM outbox;

CREATE TABLE attempt_3 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    outbox_id INTEGER REFERENCES outbox_3 (id),
    carrier TEXT NOT NULL,
    urgent INTEGER NOT NULL CHECK (urgent IN (0, 1)),
    started_ms INTEGER NOT NULL,
    finished_ms INTEGER,
    outcome TEXT,
    detail TEXT,
    http_status INTEGER,
    errcode INTEGER,
    pause_until_ms INTEGER,
    CHECK ((finished_ms IS NULL) = (outcome IS NULL))
) STRICT;
INSERT INTO attempt_3
    SELECT a.id, a.outbox_id, o.robot, o.urgent, a.started_ms, a.finished_ms, a.outcome, a.detail,
           a.http_status, a.errcode, a.pause_until_ms
    FROM attempt a JOIN outbox o ON o.id = a.outbox_id;

DROP TABLE attempt;
DROP TABLE outbox;
ALTER TABLE outbox_3 RENAME TO outbox;
ALTER TABLE attempt_3 RENAME TO attempt;

CREATE INDEX outbox_queue ON outbox (robot, state, urgent DESC, id);
CREATE INDEX outbox_finished ON outbox (id) WHERE state IN ('delivered', 'dropped');
CREATE INDEX outbox_members ON outbox (digest_id) WHERE digest_id IS NOT NULL;
CREATE INDEX attempt_by_notice ON attempt (outbox_id);
CREATE INDEX attempt_by_time ON attempt (started_ms);
CREATE INDEX attempt_pausing ON attempt (pause_until_ms) WHERE pause_until_ms IS NOT NULL;
CREATE INDEX attempt_unfinished ON attempt (id) WHERE finished_ms IS NULL;
CREATE INDEX attempt_detached ON attempt (id) WHERE outbox_id IS NULL;
";

/// What a look at a queue needs: the calls of its own carriers, and not of fifty others.
const SCHEMA_4: &str = "
CREATE INDEX attempt_by_carrier ON attempt (carrier, started_ms);
";

/// What the shop keeps of its events, and notices of what it found in them.
const SCHEMA_5: &str = "
CREATE TABLE shop_row (
    topic TEXT NOT NULL,
    shop TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (topic, shop, key)
) STRICT, WITHOUT ROWID;

DROP INDEX outbox_queue;
DROP INDEX outbox_finished;
DROP INDEX outbox_members;
DROP INDEX attempt_by_notice;
DROP INDEX attempt_by_time;
DROP INDEX attempt_pausing;
DROP INDEX attempt_unfinished;
DROP INDEX attempt_detached;
DROP INDEX attempt_by_carrier;

CREATE TABLE outbox_5 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    robot TEXT NOT NULL,
    subject TEXT NOT NULL CHECK (subject IN ('event', 'alarm', 'finding', 'digest')),
    event_id TEXT REFERENCES event (id),
    alarm TEXT,
    alarm_key TEXT,
    finding TEXT,
    finding_key TEXT,
    digest_id INTEGER REFERENCES outbox_5 (id),
    merge_max INTEGER,
    state TEXT NOT NULL CHECK (state IN
        ('queued', 'merged', 'sending', 'delivered', 'parked', 'dead', 'dropped')),
    urgent INTEGER NOT NULL CHECK (urgent IN (0, 1)),
    carrier TEXT,
    msg_uuid TEXT,
    body TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before_ms INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    reason TEXT,
    UNIQUE (event_id, robot),
    UNIQUE (alarm_key, robot),
    UNIQUE (finding_key, robot),
    CHECK ((event_id IS NOT NULL) = (subject = 'event')),
    CHECK ((alarm IS NOT NULL) = (subject = 'alarm')),
    CHECK ((alarm IS NULL) = (alarm_key IS NULL)),
    CHECK ((finding IS NOT NULL) = (subject = 'finding')),
    CHECK ((finding IS NULL) = (finding_key IS NULL)),
    CHECK (subject = 'event' OR digest_id IS NULL),
    CHECK (state <> 'merged' OR digest_id IS NOT NULL),
    CHECK ((msg_uuid IS NULL) = (body IS NULL) AND (body IS NULL) = (carrier IS NULL))
) STRICT;
INSERT INTO outbox_5 (id, robot, subject, event_id, alarm, alarm_key, digest_id, merge_max, state,
                      urgent, carrier, msg_uuid, body, attempts, not_before_ms, created_ms, reason)
    SELECT id, robot, subject, event_id, alarm, alarm_key, digest_id, merge_max, state,
           urgent, carrier, msg_uuid, body, attempts, not_before_ms, created_ms, reason
    FROM outbox ORDER BY digest_id IS NOT NULL, id;

CREATE TABLE attempt_5 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    outbox_id INTEGER REFERENCES outbox_5 (id),
    carrier TEXT NOT NULL,
    urgent INTEGER NOT NULL CHECK (urgent IN (0, 1)),
    started_ms INTEGER NOT NULL,
    finished_ms INTEGER,
    outcome TEXT,
    detail TEXT,
    http_status INTEGER,
    errcode INTEGER,
    pause_until_ms INTEGER,
    CHECK ((finished_ms IS NULL) = (outcome IS NULL))
) STRICT;
INSERT INTO attempt_5 SELECT * FROM attempt;

DROP TABLE attempt;
DROP TABLE outbox;
ALTER TABLE outbox_5 RENAME TO outbox;
ALTER TABLE attempt_5 RENAME TO attempt;

CREATE INDEX outbox_queue ON outbox (robot, state, urgent DESC, id);
CREATE INDEX outbox_finished ON outbox (id) WHERE state IN ('delivered', 'dropped');
CREATE INDEX outbox_members ON outbox (digest_id) WHERE digest_id IS NOT NULL;
CREATE INDEX attempt_by_notice ON attempt (outbox_id);
CREATE INDEX attempt_by_time ON attempt (started_ms);
CREATE INDEX attempt_pausing ON attempt (pause_until_ms) WHERE pause_until_ms IS NOT NULL;
CREATE INDEX attempt_unfinished ON attempt (id) WHERE finished_ms IS NULL;
CREATE INDEX attempt_detached ON attempt (id) WHERE outbox_id IS NULL;
CREATE INDEX attempt_by_carrier ON attempt (carrier, started_ms);
";

/// What the shop's rows are found again from: the settings that each event was read under, and the
/// rows of events that may be forgotten.
const SCHEMA_6: &str = "
CREATE TABLE fold_setting (id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE) STRICT;
ALTER TABLE event ADD COLUMN fold INTEGER REFERENCES fold_setting (id);
ALTER TABLE event ADD COLUMN asked_by INTEGER;

CREATE TABLE shop_base (
    topic TEXT NOT NULL,
    shop TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (topic, shop, key)
) STRICT, WITHOUT ROWID;
INSERT INTO shop_base SELECT topic, shop, key, body FROM shop_row;
";

/// What people asked and pressed and what DingTalk told of, each done once, and the calls of an
/// application by month.
const SCHEMA_7: &str = "
CREATE TABLE remembered (seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE api_month (month INTEGER PRIMARY KEY, calls INTEGER NOT NULL) STRICT;
";

/// What tills push: each call once, and which two events tell of one sale.
const SCHEMA_8: &str = "
CREATE TABLE hook (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    scheme TEXT NOT NULL,
    delivery TEXT NOT NULL,
    topic TEXT NOT NULL,
    became TEXT NOT NULL CHECK (became IN ('events', 'test', 'unknown', 'unreadable')),
    received_ms INTEGER NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (scheme, delivery)
) STRICT;
ALTER TABLE event ADD COLUMN twin TEXT;
CREATE INDEX event_by_number ON event (number)
    WHERE kind IN ('sale', 'refund') AND number IS NOT NULL;
";

/// What was asked of people and of DingTalk, each once: approvals, dates, tasks, the card of the day.
const SCHEMA_9: &str = "
CREATE TABLE matter (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('approval', 'date', 'task', 'today')),
    open INTEGER NOT NULL CHECK (open IN (0, 1)),
    instance TEXT,
    body TEXT NOT NULL,
    due_ms INTEGER,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX matter_instance ON matter (instance) WHERE instance IS NOT NULL;
CREATE INDEX matter_due ON matter (due_ms) WHERE due_ms IS NOT NULL;
CREATE INDEX matter_open ON matter (kind, id) WHERE open = 1;
CREATE INDEX matter_old ON matter (created_ms) WHERE open = 0;
";

/// When the Stream brought it: that counts against the organisation's month as a call does.
const SCHEMA_10: &str = "
ALTER TABLE remembered ADD COLUMN at_ms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX remembered_at ON remembered (at_ms);
";
