package io.datanode.catalog;

import io.datanode.node.DataNode;
import java.util.function.BooleanSupplier;

/** A catalog whose source can be made to declare one node more. */
public interface DeclaringCatalog extends Catalog {
  /**
   * Declares a node and leaves all else as it is; all at once or, if anything fails, not at all.
   * Others that do so at the same time wait or are refused.
   *
   * @param node as {@link #snapshot()} is to give it
   * @param ready asked when nothing is left to do but the last step. If it is false, or throws, the
   *     source stays as it was
   * @throws io.datanode.DataNodeException 42P07 if a node of this name is declared, ignoring case;
   *     0A000 if the source is written in a way that a node cannot be added to, saying what to add
   *     by hand; 57P03 if somebody else is changing it
   */
  void declare(DataNode node, BooleanSupplier ready);
}
