-- The figures of a day look back over weeks; without these each of them would read every inquiry and decision there is.
CREATE INDEX inquiry_received ON inquiry (workspace, received_at);
CREATE INDEX decision_at ON decision (workspace, at);
