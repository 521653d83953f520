/**
 * Files that are replaced whole, so that whoever reads one sees it as it was or as it is now.
 *
 * <p>Used by catalogs and storages that write files; knows neither.
 */
@NullMarked
package io.datanode.file;

import org.jspecify.annotations.NullMarked;
