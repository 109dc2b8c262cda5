-- Which reply answered an inquiry, and the state that it had before: what has to be as it was when that reply is taken back.
-- Of what was answered before this it is not known; so long ago nothing is taken back any more.
ALTER TABLE inquiry ADD COLUMN answered_by TEXT;
ALTER TABLE inquiry ADD COLUMN state_before TEXT;
CREATE INDEX inquiry_answered_by ON inquiry (workspace, answered_by) WHERE answered_by IS NOT NULL;

-- Decisions that were taken back, with the replies that they led to. They stand here and in no other table, so that nobody who
-- counts or lists decisions, replies or findings has to know of them. The words stay where all words of customers stand.
CREATE TABLE undone_decision (
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    draft TEXT NOT NULL,
    action TEXT NOT NULL,
    principal TEXT NOT NULL,
    text TEXT NOT NULL,
    at BIGINT NOT NULL,
    reply TEXT,
    reply_text TEXT,
    undone_by TEXT NOT NULL,
    undone_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, draft) REFERENCES draft (workspace, id),
    FOREIGN KEY (workspace, text) REFERENCES person_text (workspace, id),
    FOREIGN KEY (workspace, reply_text) REFERENCES person_text (workspace, id)
);
CREATE INDEX undone_decision_draft ON undone_decision (workspace, draft, undone_at);

-- What hangs on a reply is looked for when the reply goes; without these each time in all there is.
CREATE INDEX reliance_reply ON reliance (workspace, reply);
CREATE INDEX contact_outcome_reply ON contact_outcome (workspace, reply);
