-- The key of each data subject, itself sealed under one that is made of `secret.key`. Without its row nothing of what stands
-- under it in `person_text` can be read again.
CREATE TABLE subject_key (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    subject TEXT NOT NULL,
    wrapped TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, subject)
);

-- `class` says how long a text is kept, `at` since when, `inquiry` what it hangs on. `body` is sealed; an empty one was
-- erased. Of messages that others joined later nothing but the class is known: they go first.
ALTER TABLE person_text ADD COLUMN class TEXT NOT NULL DEFAULT 'inquiries';
ALTER TABLE person_text ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE person_text ADD COLUMN inquiry TEXT;
UPDATE person_text SET at = i.received_at, inquiry = i.id FROM inquiry i
WHERE i.workspace = person_text.workspace AND i.text = person_text.id;
UPDATE person_text SET class = 'drafts', at = s.created_at, inquiry = s.inquiry FROM suggestion s
WHERE s.workspace = person_text.workspace AND s.text = person_text.id;
UPDATE person_text SET class = 'drafts', at = d.created_at, inquiry = d.inquiry FROM draft d
WHERE d.workspace = person_text.workspace AND d.streamed = person_text.id;
UPDATE person_text SET class = 'replies', at = c.at, inquiry = d.inquiry FROM decision c, draft d
WHERE c.workspace = person_text.workspace AND c.text = person_text.id AND d.workspace = c.workspace AND d.id = c.draft;
UPDATE person_text SET class = 'replies', at = r.sent_at, inquiry = r.inquiry FROM reply r
WHERE r.workspace = person_text.workspace AND r.text = person_text.id;
UPDATE person_text SET class = 'rulings', at = r.at, inquiry = f.inquiry FROM ruling r, finding f
WHERE r.workspace = person_text.workspace AND r.text = person_text.id AND f.workspace = r.workspace AND f.id = r.finding;
UPDATE person_text SET class = 'rulings', at = r.at, inquiry = f.inquiry FROM waiver w, ruling r, finding f
WHERE w.workspace = person_text.workspace AND w.phrase = person_text.id
AND r.workspace = w.workspace AND r.id = w.ruling AND f.workspace = r.workspace AND f.id = r.finding;

CREATE INDEX person_text_at ON person_text (workspace, class, at) WHERE body <> '';
-- JSON that is to be sealed when a database from before is opened.
CREATE INDEX person_text_plain ON person_text (workspace, id) WHERE substr(body, 1, 1) = '{';

-- All that is needed to read a text, in one column: where it stands, its subject's key, its words; NULL once either is gone.
CREATE VIEW person_body AS
SELECT t.workspace, t.id, t.workspace || ' ' || t.subject || ' ' || t.id || ' ' || (
    SELECT k.wrapped FROM subject_key k WHERE k.workspace = t.workspace AND k.subject = t.subject
) || ' ' || NULLIF(t.body, '') AS body
FROM person_text t;

-- A revision's text that was erased keeps its hash.
ALTER TABLE revision_text ADD COLUMN erased BIGINT NOT NULL DEFAULT 0;

-- What was erased for whom, so that a second time tells of the first. `target` is a keyed hash.
CREATE TABLE erasure (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    id TEXT NOT NULL,
    target TEXT NOT NULL,
    texts BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX erasure_target ON erasure (workspace, target, at);

-- How many days the texts of a class are kept; no row is for ever.
CREATE TABLE retention (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    class TEXT NOT NULL,
    days BIGINT NOT NULL,
    PRIMARY KEY (workspace, class)
);
