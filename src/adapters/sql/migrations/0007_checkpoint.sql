-- The Merkle tree over a log: its right edge, the hash of the first event, and how often the log was taken up again
-- after a loss. A log from before has an edge of no leaves; it is brought up when the next event comes.
ALTER TABLE log_head ADD COLUMN edge TEXT NOT NULL DEFAULT '0';
ALTER TABLE log_head ADD COLUMN first TEXT NOT NULL DEFAULT '';
ALTER TABLE log_head ADD COLUMN epoch BIGINT NOT NULL DEFAULT 1;

-- Whole subtrees of every eighth height: with them and the leaves of a block any root and any path is made again.
CREATE TABLE tree_node (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    height BIGINT NOT NULL,
    place BIGINT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (workspace, height, place)
);

-- `note` is the signed checkpoint, a C2SP tlog-checkpoint.
CREATE TABLE checkpoint (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    size BIGINT NOT NULL,
    note TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace, size)
);
