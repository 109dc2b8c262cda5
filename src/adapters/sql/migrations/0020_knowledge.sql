-- Which drafts stand on a revision, as `reliance` says it of replies. Drafts from before are not in it.
CREATE TABLE draft_reliance (
    workspace TEXT NOT NULL,
    revision TEXT NOT NULL,
    draft TEXT NOT NULL,
    PRIMARY KEY (workspace, revision, draft),
    FOREIGN KEY (workspace, draft) REFERENCES draft (workspace, id)
);
