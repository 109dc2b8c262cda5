-- A checkpoint and a finished subtree are written once, as an event is.
CREATE TRIGGER checkpoint_never_changes BEFORE UPDATE OR DELETE ON checkpoint
FOR EACH ROW EXECUTE FUNCTION event_is_append_only();
CREATE TRIGGER tree_node_never_changes BEFORE UPDATE OR DELETE ON tree_node
FOR EACH ROW EXECUTE FUNCTION event_is_append_only();
