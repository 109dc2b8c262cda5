-- What drafts are made with beside the documents: named by its hash, recorded when a workspace first uses it. The words of a
-- file that many configurations share are stored once.
CREATE TABLE configuration (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    hash TEXT NOT NULL,
    content TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace, hash)
);

CREATE TABLE configuration_file (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    hash TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (workspace, hash)
);
