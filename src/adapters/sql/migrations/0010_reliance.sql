-- Which sent replies stand on a revision: whom a change of the document concerns is found without reading them all.
CREATE TABLE reliance (
    workspace TEXT NOT NULL,
    revision TEXT NOT NULL,
    reply TEXT NOT NULL,
    PRIMARY KEY (workspace, revision, reply),
    FOREIGN KEY (workspace, reply) REFERENCES reply (workspace, id)
);
