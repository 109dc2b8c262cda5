-- A conversation is read with its replies, which are found by the inquiry that they answer.
CREATE INDEX reply_inquiry ON reply (workspace, inquiry);
