-- What nobody can read any more nobody can answer: an inquiry whose words are erased is closed.
UPDATE inquiry SET state = 'closed' WHERE state <> 'closed' AND EXISTS (
    SELECT 1 FROM person_text t WHERE t.workspace = inquiry.workspace AND t.id = inquiry.text AND t.body = '');

-- What the inbox counts by stands with the inquiry: what its last suggestion led to, and whether the chatbot that asked for
-- it is to pass it on. Of those from before nobody knows who asked: they stay with the people.
ALTER TABLE inquiry ADD COLUMN outcome TEXT;
ALTER TABLE inquiry ADD COLUMN chatbot BIGINT NOT NULL DEFAULT 0;
UPDATE inquiry SET outcome = (
    SELECT s.outcome FROM suggestion s WHERE s.workspace = inquiry.workspace AND s.inquiry = inquiry.id
    ORDER BY s.created_at DESC, s.id DESC LIMIT 1);

-- All that is counted on every page is read from this index alone; answered inquiries, which are many, are not in it.
DROP INDEX inquiry_waiting;
CREATE INDEX inquiry_waiting ON inquiry (workspace, received_at, id, state, outcome, chatbot)
WHERE state IN ('new', 'assigned', 'waiting');
