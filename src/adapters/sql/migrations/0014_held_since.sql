-- A draft holds its inquiry and what was said before it: it is as old as the oldest of that, and goes when that does.
UPDATE person_text SET at = (
    SELECT MIN(o.received_at) FROM inquiry i
    JOIN inquiry o ON o.workspace = i.workspace AND o.conversation = i.conversation
    WHERE i.workspace = person_text.workspace AND i.id = person_text.inquiry
) WHERE class = 'drafts' AND EXISTS (
    SELECT 1 FROM inquiry i
    JOIN inquiry o ON o.workspace = i.workspace AND o.conversation = i.conversation
    WHERE i.workspace = person_text.workspace AND i.id = person_text.inquiry AND o.received_at < person_text.at
);
