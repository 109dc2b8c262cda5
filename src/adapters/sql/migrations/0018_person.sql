-- Who works here. People belong to the installation; `everywhere` is the role of who set it up, in all workspaces.
CREATE TABLE person (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    team TEXT,
    vendor TEXT,
    stamp TEXT NOT NULL,
    password TEXT,
    everywhere TEXT,
    added_at BIGINT NOT NULL
);

-- One role in each workspace that somebody serves.
CREATE TABLE membership (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    person TEXT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (workspace, person)
);
CREATE INDEX membership_person ON membership (person);
