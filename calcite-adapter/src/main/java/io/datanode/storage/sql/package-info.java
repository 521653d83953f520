/**
 * How a relational expression becomes the SQL text of one storage.
 *
 * <p>{@link io.datanode.storage.sql.StatementWriter} writes the structure (SELECT blocks, joins,
 * set operations), {@link io.datanode.storage.sql.ExpressionWriter} the expressions; everything a
 * storage spells in its own way is a method or a template of its {@link
 * io.datanode.storage.sql.StorageDialect}.
 *
 * <p>Calcite's {@code RelToSqlConverter} is not used: what has to differ here (literals, casts,
 * SUM0, as-of joins, recursion, the order of parameters, correlated references) is private or
 * static there.
 */
@NullMarked
package io.datanode.storage.sql;

import org.jspecify.annotations.NullMarked;
