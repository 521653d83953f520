-- What a catalog declares. The columns are the keys of catalog.yaml; NULL is a key left out.

CREATE TABLE storages (
  name text PRIMARY KEY,
  type text NOT NULL
);
COMMENT ON TABLE storages IS 'Storages that nodes refer to.';

CREATE TABLE storage_options (
  storage text NOT NULL REFERENCES storages ON DELETE CASCADE ON UPDATE CASCADE,
  key text NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (storage, key),
  CONSTRAINT secrets_are_references CHECK (
    key !~* 'password|passwd|passphrase|secret|token|credential'
    OR value ~ '^(\$\{ENV:[A-Za-z_][A-Za-z0-9_]*\})*$')
);
COMMENT ON TABLE storage_options IS
  'What a storage of its type needs. ${ENV:NAME} in a value stands for an environment variable of'
  ' the program that reads the catalog, $${ for ${.';

CREATE TABLE nodes (
  namespace text NOT NULL DEFAULT 'nodes',
  identifier text NOT NULL,
  description text,
  storage text NOT NULL REFERENCES storages ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
  table_path text[],
  files text[],
  format text CHECK (format IN ('parquet', 'csv')),
  hidden text[] NOT NULL DEFAULT '{}',
  partitioned boolean,
  time_index text,
  identity text[],
  asset text,
  knowledge_time text,
  cadence text,
  labels text[] NOT NULL DEFAULT '{}',
  storage_hash text,
  only_declared_columns boolean NOT NULL DEFAULT false,
  PRIMARY KEY (namespace, identifier),
  CONSTRAINT table_or_files CHECK ((table_path IS NULL) <> (files IS NULL))
);
COMMENT ON TABLE nodes IS 'The published nodes.';
COMMENT ON COLUMN nodes.table_path IS
  'The table that holds the rows, outermost part of its name first, such as {public,prices}.';
COMMENT ON COLUMN nodes.files IS
  'Paths or patterns of files, absolute or relative to the path of the storage.';
COMMENT ON COLUMN nodes.identity IS 'NULL to infer it, {} if there is none.';

CREATE TABLE columns (
  namespace text NOT NULL DEFAULT 'nodes',
  identifier text NOT NULL,
  position integer NOT NULL,
  name text NOT NULL,
  dtype text,
  label text,
  description text,
  unit text,
  stored_name text,
  epoch text,
  nullable boolean NOT NULL DEFAULT true,
  PRIMARY KEY (namespace, identifier, name),
  UNIQUE (namespace, identifier, position),
  FOREIGN KEY (namespace, identifier) REFERENCES nodes ON DELETE CASCADE ON UPDATE CASCADE
);
COMMENT ON TABLE columns IS 'What is declared of the columns of nodes.';

CREATE TABLE foreign_keys (
  namespace text NOT NULL DEFAULT 'nodes',
  identifier text NOT NULL,
  position integer NOT NULL,
  name text NOT NULL,
  columns text[] NOT NULL,
  target_namespace text NOT NULL DEFAULT 'nodes',
  target_identifier text NOT NULL,
  target_columns text[] NOT NULL,
  PRIMARY KEY (namespace, identifier, position),
  FOREIGN KEY (namespace, identifier) REFERENCES nodes ON DELETE CASCADE ON UPDATE CASCADE,
  FOREIGN KEY (target_namespace, target_identifier) REFERENCES nodes
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE foreign_keys IS 'References of nodes to other nodes.';

CREATE TABLE assets (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  namespace text NOT NULL DEFAULT 'nodes',
  identifier text NOT NULL,
  key text NOT NULL,
  FOREIGN KEY (namespace, identifier) REFERENCES nodes
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE assets IS 'The node that lists the assets, and its key column.';

CREATE TABLE catalog_state (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  tables_version integer NOT NULL,
  content_version bigint NOT NULL,
  changed_by xid8
);
COMMENT ON TABLE catalog_state IS
  'The version of these tables, and a number that grows with every change of what they hold.';
-- Begins with the time, so that no program takes tables made anew for those it has read.
INSERT INTO catalog_state (tables_version, content_version)
VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);

-- Runs with the rights of its owner, so that whoever may change a node need not be allowed to
-- change the version. The schema is that of the changed table, under whatever name it has by then.
-- One transaction changes the version once.
CREATE FUNCTION catalog_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $body$
BEGIN
  EXECUTE format(
    'UPDATE %I.catalog_state SET content_version = content_version + 1,'
    ' changed_by = pg_current_xact_id()'
    ' WHERE changed_by IS DISTINCT FROM pg_current_xact_id()', TG_TABLE_SCHEMA);
  PERFORM pg_notify('datanode_catalog', TG_TABLE_SCHEMA);
  RETURN NULL;
END
$body$;

CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON storages
  FOR EACH STATEMENT EXECUTE FUNCTION catalog_changed();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON storage_options
  FOR EACH STATEMENT EXECUTE FUNCTION catalog_changed();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON nodes
  FOR EACH STATEMENT EXECUTE FUNCTION catalog_changed();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON columns
  FOR EACH STATEMENT EXECUTE FUNCTION catalog_changed();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON foreign_keys
  FOR EACH STATEMENT EXECUTE FUNCTION catalog_changed();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON assets
  FOR EACH STATEMENT EXECUTE FUNCTION catalog_changed();
