-- What QA filters and counts by stands beside each finding: when its text was made or sent, what it answers, the reply that
-- went out with it, who wrote that, and the revision of the tone guide.
ALTER TABLE finding ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE finding ADD COLUMN inquiry TEXT;
ALTER TABLE finding ADD COLUMN reply TEXT;
ALTER TABLE finding ADD COLUMN situation TEXT;
ALTER TABLE finding ADD COLUMN person TEXT;
ALTER TABLE finding ADD COLUMN team TEXT;
ALTER TABLE finding ADD COLUMN vendor TEXT;
ALTER TABLE finding ADD COLUMN guide TEXT;
ALTER TABLE reply ADD COLUMN author TEXT;

-- Of what was found before this: the person was not kept in a row, the revision only with the suggestion.
UPDATE finding SET reply = checked WHERE checked_kind = 'reply';
UPDATE finding SET
    inquiry = (SELECT d.inquiry FROM draft d WHERE d.workspace = finding.workspace AND d.id = finding.checked),
    at = COALESCE((SELECT d.created_at FROM draft d WHERE d.workspace = finding.workspace AND d.id = finding.checked), 0),
    guide = (SELECT s.guide FROM draft d JOIN suggestion s ON s.workspace = d.workspace AND s.id = d.suggestion
             WHERE d.workspace = finding.workspace AND d.id = finding.checked),
    reply = (SELECT r.id FROM decision c JOIN reply r ON r.workspace = c.workspace AND r.decision = c.id
             WHERE c.workspace = finding.workspace AND c.draft = finding.checked AND c.action = 'accept')
WHERE checked_kind = 'draft';
UPDATE finding SET
    inquiry = COALESCE(inquiry, (SELECT r.inquiry FROM reply r WHERE r.workspace = finding.workspace AND r.id = finding.reply)),
    at = (SELECT r.sent_at FROM reply r WHERE r.workspace = finding.workspace AND r.id = finding.reply),
    team = (SELECT r.team FROM reply r WHERE r.workspace = finding.workspace AND r.id = finding.reply),
    vendor = (SELECT r.vendor FROM reply r WHERE r.workspace = finding.workspace AND r.id = finding.reply)
WHERE reply IS NOT NULL;
UPDATE finding SET situation = (SELECT i.situation FROM inquiry i WHERE i.workspace = finding.workspace AND i.id = finding.inquiry)
WHERE inquiry IS NOT NULL;

CREATE INDEX finding_at ON finding (workspace, at, id);
CREATE INDEX finding_reply ON finding (workspace, reply);
CREATE INDEX ruling_finding ON ruling (workspace, finding, at);
CREATE INDEX reply_sent ON reply (workspace, sent_at);

-- A rule is waived where certain words stand, until a day. The words are of a reply and may name a customer: they stand
-- with that customer's texts.
CREATE TABLE waiver (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    id TEXT NOT NULL,
    ruling TEXT NOT NULL,
    rule TEXT NOT NULL,
    phrase TEXT NOT NULL,
    until TEXT NOT NULL,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, ruling) REFERENCES ruling (workspace, id),
    FOREIGN KEY (workspace, phrase) REFERENCES person_text (workspace, id)
);
CREATE INDEX waiver_until ON waiver (workspace, until);
