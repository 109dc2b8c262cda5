-- One document and the guide are read without reading the whole shelf.
CREATE INDEX revision_document ON revision (workspace, document);
CREATE INDEX revision_kind ON revision (workspace, kind, ended_sequence);
