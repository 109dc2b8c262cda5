-- A change of documents that waits for approval. `wish` is JSON; `state` is `waiting`, `approved` or `refused`.
CREATE TABLE proposal (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    id TEXT NOT NULL,
    document TEXT NOT NULL,
    wish TEXT NOT NULL,
    principal TEXT NOT NULL,
    at BIGINT NOT NULL,
    state TEXT NOT NULL,
    decided_by TEXT,
    decided_at BIGINT,
    reason TEXT,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX proposal_id ON proposal (id);
CREATE INDEX proposal_state ON proposal (workspace, state, at);

-- Retired by hand, while a file may say the same still.
ALTER TABLE revision ADD COLUMN ended_by_hand BIGINT NOT NULL DEFAULT 0;
CREATE INDEX revision_ended_by_hand ON revision (workspace, ended_by_hand);
