-- What colleagues say to each other inside a case; the words may speak of the customer and stand with the customer's texts.
CREATE TABLE note (
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    inquiry TEXT NOT NULL,
    principal TEXT NOT NULL,
    text TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, inquiry) REFERENCES inquiry (workspace, id),
    FOREIGN KEY (workspace, text) REFERENCES person_text (workspace, id)
);
CREATE INDEX note_inquiry ON note (workspace, inquiry, at);
