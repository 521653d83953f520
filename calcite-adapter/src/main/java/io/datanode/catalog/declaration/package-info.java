/**
 * What publishers declare of storages and nodes, whatever it is written in: the keys there are,
 * what each may say, and how a problem is told. Read strictly from {@link
 * io.datanode.catalog.declaration.Value}s that know their places, and written back as the text of a
 * {@code catalog.yaml}.
 *
 * <p>Used by the catalogs whose sources hold declarations. To add a key, add it to {@code Section},
 * read it in {@code NodeReader} or {@code CatalogReader}, write it in {@link
 * io.datanode.catalog.declaration.CatalogText}, and describe it in {@code docs/catalog.md}, which a
 * test compares.
 */
@NullMarked
package io.datanode.catalog.declaration;

import org.jspecify.annotations.NullMarked;
