-- A row comes with every change that deletes words, and goes when what they left on pages and in logs was taken away.
-- `openable`: whether sealed words went whose key stays.
CREATE TABLE unscrubbed (
    id TEXT PRIMARY KEY,
    openable BIGINT NOT NULL
);
-- Whether that was done for what went before is not known.
INSERT INTO unscrubbed (id, openable)
SELECT 'before', 1 WHERE EXISTS (SELECT 1 FROM person_text WHERE body = '') OR EXISTS (SELECT 1 FROM erasure);
