-- What is erased is the revision. Its text is emptied with it, and filled again where somebody says the same words later.
ALTER TABLE revision ADD COLUMN erased BIGINT NOT NULL DEFAULT 0;
UPDATE revision SET erased = 1 WHERE EXISTS (
    SELECT 1 FROM revision_text t
    WHERE t.workspace = revision.workspace AND t.hash = revision.text_hash AND t.erased = 1
);
