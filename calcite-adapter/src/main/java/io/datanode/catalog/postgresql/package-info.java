/**
 * A catalog in tables of a PostgreSQL database, for teams: many servers read it, and see a change
 * at once.
 *
 * <p>The tables hold the keys of {@link io.datanode.catalog.declaration}, by whose rules they are
 * read, so a wrong row is told like a wrong line of a {@code catalog.yaml}. The tables are made by
 * migrations in {@code migrations/}. To change the tables, add a migration that sets {@code
 * tables_version} in {@code catalog_state}, and raise {@code Migrations.TABLES_VERSION}.
 */
@NullMarked
package io.datanode.catalog.postgresql;

import org.jspecify.annotations.NullMarked;
