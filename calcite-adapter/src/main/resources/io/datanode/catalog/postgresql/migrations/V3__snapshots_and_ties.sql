-- Which rows of a node are its newest, and which of several with the same time counts.

ALTER TABLE nodes
  ADD COLUMN snapshot_by text[],
  ADD COLUMN tie_break text[];
COMMENT ON COLUMN nodes.snapshot_by IS
  'The identity columns that name what is published as a whole, such as {portfolio}; {} if the whole'
  ' node is, NULL if each identity has a newest row of its own.';
COMMENT ON COLUMN nodes.tie_break IS
  'Columns whose greatest values decide between rows with the same time index, identity and'
  ' knowledge time; {} if there are no such rows, NULL if all columns decide.';

UPDATE catalog_state SET tables_version = 3;
