/**
 * Where nodes are found. A {@link io.datanode.catalog.Catalog} lists published names and finds one
 * node by name without loading the others; {@link io.datanode.catalog.CachingCatalog} remembers
 * what it said.
 *
 * <p>Used by {@code schema}; uses {@code node} only. To add a source, write a subpackage with a
 * {@link io.datanode.catalog.CatalogProvider}, list it in {@code META-INF/services}, and extend
 * {@code CatalogContract}.
 */
@NullMarked
package io.datanode.catalog;

import org.jspecify.annotations.NullMarked;
