-- One text for SQLite and PostgreSQL: ids are TEXT, times BIGINT milliseconds, JSON TEXT, truth BIGINT 0 or 1.
-- Every row carries its workspace and every key begins with it: nothing crosses.

CREATE TABLE workspace (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    opened_at BIGINT NOT NULL
);

-- Where the log of a workspace ends. Taking the next sequence locks this row, so the changes of a
-- workspace are written one after the other, whoever writes them.
CREATE TABLE log_head (
    workspace TEXT PRIMARY KEY REFERENCES workspace (id),
    sequence BIGINT NOT NULL,
    hash TEXT NOT NULL,
    knowledge_sequence BIGINT NOT NULL
);

CREATE TABLE event (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    sequence BIGINT NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    at BIGINT NOT NULL,
    principal TEXT NOT NULL,
    content TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (workspace, sequence)
);

CREATE TABLE api_key (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    id TEXT NOT NULL,
    role TEXT NOT NULL,
    label TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (workspace, id)
);

CREATE TABLE idempotency (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    principal TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    made TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace, principal, key)
);

-- The one table that holds text of or about a customer; everything else refers to it by id. `subject` is the
-- keyed hash of the caller's customer reference, or the conversation where none was given.
CREATE TABLE person_text (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    id TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX person_text_subject ON person_text (workspace, subject);

CREATE TABLE document (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    key TEXT NOT NULL,
    recorded_from BIGINT NOT NULL,
    PRIMARY KEY (workspace, key)
);

-- `hash` is a keyed hash of body and note: a text that comes twice is stored once.
CREATE TABLE revision_text (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    hash TEXT NOT NULL,
    body TEXT NOT NULL,
    note TEXT,
    PRIMARY KEY (workspace, hash)
);

CREATE TABLE revision (
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    document TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT,
    audience TEXT NOT NULL,
    valid_from TEXT,
    valid_until TEXT,
    applies_by TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    past_reply TEXT,
    source TEXT,
    recorded_from BIGINT NOT NULL,
    recorded_until BIGINT,
    recorded_sequence BIGINT NOT NULL,
    ended_sequence BIGINT,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, document) REFERENCES document (workspace, key),
    FOREIGN KEY (workspace, text_hash) REFERENCES revision_text (workspace, hash)
);
CREATE INDEX revision_id ON revision (id);
CREATE INDEX revision_recorded ON revision (workspace, recorded_sequence);
CREATE INDEX revision_ended ON revision (workspace, ended_sequence);

CREATE TABLE passage (
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    revision TEXT NOT NULL,
    place BIGINT NOT NULL,
    span_start BIGINT NOT NULL,
    span_end BIGINT NOT NULL,
    heading TEXT,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, revision) REFERENCES revision (workspace, id)
);
CREATE INDEX passage_revision ON passage (workspace, revision, place);

CREATE TABLE inquiry (
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    conversation TEXT NOT NULL,
    channel TEXT NOT NULL,
    situation TEXT NOT NULL,
    state TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, text) REFERENCES person_text (workspace, id)
);
CREATE INDEX inquiry_id ON inquiry (id);
CREATE INDEX inquiry_conversation ON inquiry (workspace, conversation, received_at);

CREATE TABLE suggestion (
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    inquiry TEXT NOT NULL,
    outcome TEXT NOT NULL,
    guide TEXT,
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, inquiry) REFERENCES inquiry (workspace, id),
    FOREIGN KEY (workspace, text) REFERENCES person_text (workspace, id)
);
CREATE INDEX suggestion_id ON suggestion (id);
CREATE INDEX suggestion_inquiry ON suggestion (workspace, inquiry, created_at);

-- A draft without a suggestion is still being streamed, or failed: then `code` says why and `streamed` is what
-- had been shown.
CREATE TABLE draft (
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    inquiry TEXT NOT NULL,
    state TEXT NOT NULL,
    suggestion TEXT,
    drafter TEXT,
    code TEXT,
    streamed TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, inquiry) REFERENCES inquiry (workspace, id),
    FOREIGN KEY (workspace, suggestion) REFERENCES suggestion (workspace, id),
    FOREIGN KEY (workspace, streamed) REFERENCES person_text (workspace, id)
);
CREATE INDEX draft_id ON draft (id);
CREATE INDEX draft_inquiry ON draft (workspace, inquiry, state);

CREATE TABLE decision (
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    draft TEXT NOT NULL,
    action TEXT NOT NULL,
    principal TEXT NOT NULL,
    text TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id),
    UNIQUE (workspace, draft),
    FOREIGN KEY (workspace, draft) REFERENCES draft (workspace, id),
    FOREIGN KEY (workspace, text) REFERENCES person_text (workspace, id)
);

CREATE TABLE reply (
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    inquiry TEXT,
    decision TEXT,
    channel TEXT NOT NULL,
    team TEXT,
    vendor TEXT,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, inquiry) REFERENCES inquiry (workspace, id),
    FOREIGN KEY (workspace, decision) REFERENCES decision (workspace, id),
    FOREIGN KEY (workspace, text) REFERENCES person_text (workspace, id)
);
CREATE INDEX reply_id ON reply (id);
CREATE INDEX reply_decision ON reply (workspace, decision);

-- `checked` is the draft or reply whose text the span counts in; what the rule said of it, which may quote that
-- text, stands with the text. `state` is `open` or the verdict of the last ruling.
CREATE TABLE finding (
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    checked_kind TEXT NOT NULL,
    checked TEXT NOT NULL,
    subject TEXT NOT NULL,
    rule TEXT NOT NULL,
    category TEXT NOT NULL,
    severity TEXT NOT NULL,
    span_start BIGINT,
    span_end BIGINT,
    state TEXT NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX finding_id ON finding (id);
CREATE INDEX finding_checked ON finding (workspace, checked);

CREATE TABLE ruling (
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    finding TEXT NOT NULL,
    verdict TEXT NOT NULL,
    fault TEXT,
    principal TEXT NOT NULL,
    text TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, finding) REFERENCES finding (workspace, id),
    FOREIGN KEY (workspace, text) REFERENCES person_text (workspace, id)
);

CREATE TABLE contact_outcome (
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    reply TEXT NOT NULL,
    reopened BIGINT,
    contacted_again BIGINT,
    rating BIGINT,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, reply) REFERENCES reply (workspace, id)
);
