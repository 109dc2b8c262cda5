-- Conditions that somebody looks through findings by again and again.
CREATE TABLE saved_filter (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    id TEXT NOT NULL,
    principal TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX saved_filter_principal ON saved_filter (workspace, principal, at);

-- A reply in which nothing was found and that somebody looked through. `category` is what was missed; the words are of the
-- reply and stand with its customer's texts.
CREATE TABLE sample (
    workspace TEXT NOT NULL,
    reply TEXT NOT NULL,
    category TEXT,
    text TEXT,
    principal TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace, reply),
    FOREIGN KEY (workspace, reply) REFERENCES reply (workspace, id),
    FOREIGN KEY (workspace, text) REFERENCES person_text (workspace, id)
);

-- A finding that a second person ruled on without seeing what was ruled: `first` is what they did not see.
CREATE TABLE second_ruling (
    workspace TEXT NOT NULL,
    finding TEXT NOT NULL,
    first TEXT NOT NULL,
    verdict TEXT NOT NULL,
    fault TEXT,
    principal TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace, finding),
    FOREIGN KEY (workspace, finding) REFERENCES finding (workspace, id)
);

-- What the author's side says against a ruling, and what QA answers. Both may quote the customer.
CREATE TABLE dispute (
    workspace TEXT NOT NULL,
    finding TEXT NOT NULL,
    principal TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    granted BIGINT,
    answer TEXT,
    answered_by TEXT,
    answered_at BIGINT,
    PRIMARY KEY (workspace, finding),
    FOREIGN KEY (workspace, finding) REFERENCES finding (workspace, id),
    FOREIGN KEY (workspace, reason) REFERENCES person_text (workspace, id),
    FOREIGN KEY (workspace, answer) REFERENCES person_text (workspace, id)
);

CREATE INDEX ruling_at ON ruling (workspace, at);
CREATE INDEX finding_state ON finding (workspace, state, at, id);
CREATE INDEX finding_person ON finding (workspace, person, at);
