-- A checkpoint and a finished subtree are written once, as an event is.
CREATE TRIGGER checkpoint_never_changes BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER checkpoint_never_goes BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER tree_node_never_changes BEFORE UPDATE ON tree_node
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER tree_node_never_goes BEFORE DELETE ON tree_node
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
