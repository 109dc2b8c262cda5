-- When a document was last erased: an index, and vectors, that were not built since may still hold it, whosever they are.
ALTER TABLE log_head ADD COLUMN erased_sequence BIGINT NOT NULL DEFAULT 0;
UPDATE log_head SET erased_sequence = COALESCE((
    SELECT MAX(r.ended_sequence) FROM revision r WHERE r.workspace = log_head.workspace AND r.erased = 1
), 0);
