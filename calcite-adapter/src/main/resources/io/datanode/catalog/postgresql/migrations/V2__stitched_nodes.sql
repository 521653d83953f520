-- Nodes that are made of other nodes have neither storage, table nor files of their own.

ALTER TABLE nodes
  ALTER COLUMN storage DROP NOT NULL,
  ADD COLUMN stitch_parts text[],
  ADD COLUMN stitch_boundary text,
  ADD COLUMN stitch_zone text,
  ADD COLUMN stitch_overlap text CHECK (stitch_overlap IN ('history', 'live', 'newest')),
  ADD COLUMN stitch_side_by_side boolean,
  DROP CONSTRAINT table_or_files,
  ADD CONSTRAINT table_files_or_stitch CHECK (num_nonnulls(table_path, files, stitch_parts) = 1),
  ADD CONSTRAINT storage_unless_stitched CHECK ((storage IS NULL) = (stitch_parts IS NOT NULL));
COMMENT ON COLUMN nodes.stitch_parts IS
  'The nodes it is made of, such as {prices_history,prices_live}, history first.';
COMMENT ON COLUMN nodes.stitch_boundary IS 'A time, midnight, or history_end.';

UPDATE catalog_state SET tables_version = 2;
