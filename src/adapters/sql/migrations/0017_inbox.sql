-- What the inbox says of a draft without opening its text; NULL for drafts from before.
ALTER TABLE draft ADD COLUMN contradicted BIGINT;
ALTER TABLE draft ADD COLUMN unsupported BIGINT;
ALTER TABLE draft ADD COLUMN weak BIGINT;
ALTER TABLE draft ADD COLUMN errors BIGINT;
CREATE INDEX inquiry_waiting ON inquiry (workspace, state, received_at, id);
CREATE INDEX inquiry_subject ON inquiry (workspace, subject, received_at);

-- Who works on an inquiry. A row whose time is over says nothing.
CREATE TABLE lease (
    workspace TEXT NOT NULL,
    inquiry TEXT NOT NULL,
    principal TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (workspace, inquiry),
    FOREIGN KEY (workspace, inquiry) REFERENCES inquiry (workspace, id)
);
CREATE INDEX lease_principal ON lease (workspace, principal);
