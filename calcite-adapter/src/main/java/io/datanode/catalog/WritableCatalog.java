package io.datanode.catalog;

import java.util.List;

/** A catalog whose source can be made to declare something else. */
public interface WritableCatalog extends Catalog {
  /**
   * Brings the source into the form that this version of the program writes; does nothing if it has
   * it already.
   *
   * @return what was done, one line each
   * @throws io.datanode.DataNodeException 42501 if that is not allowed, F0000 if the source is of a
   *     later version
   */
  List<String> migrate();

  /**
   * Makes the source declare exactly this, all at once or, if anything fails, not at all. Others
   * that write at the same time wait.
   *
   * @param declared as {@link Catalog#declared()} of another catalog gives it
   * @param dryRun true to change nothing and only tell what would be
   * @return what is different now; nothing was written if that is empty
   * @throws io.datanode.DataNodeException F0000 if it cannot be declared there
   */
  CatalogChanges replace(CatalogSnapshot declared, boolean dryRun);
}
