package io.datanode.search;

import io.datanode.node.DataNode;
import io.datanode.plan.RelationalQuery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows in an order that is total, or nearly, so that they can be asked for page by page. */
public interface OrderedRows {
  /**
   * Some of the rows, ready to be asked for.
   *
   * @param values what the parameters of the query are, in order
   */
  record Page(RelationalQuery query, List<@Nullable Object> values) {
    public Page {
      values = Collections.unmodifiableList(new ArrayList<>(values));
    }
  }

  /**
   * A place in the order.
   *
   * @param values of the columns of the order, from a row
   * @param delivered 0 if the rows wanted come after that row; else how many rows that are like it
   *     in all these columns come before the rows wanted
   */
  record Position(List<@Nullable Object> values, long delivered) {
    public Position {
      values = Collections.unmodifiableList(new ArrayList<>(values));
    }
  }

  /**
   * The rows after a number of rows.
   *
   * @param rows the most rows wanted; {@link Long#MAX_VALUE} for all
   * @param offset rows that come before
   */
  Page page(long rows, long offset);

  /**
   * The rows after a place in the order.
   *
   * @param rows the most rows wanted; {@link Long#MAX_VALUE} for all
   */
  Page page(long rows, Position after);

  /**
   * All of the rows, in no order, of which whoever reads them may leave the most unread.
   *
   * @return null if rows may have to be shipped between storages before the first one is there
   */
  @Nullable Page unordered();

  /** The columns of the result by which rows are ordered, by their number from 0. */
  List<Integer> orderColumns();

  /** True if no two rows can be alike in the columns of the order. */
  boolean rowsDiffer();

  /**
   * How many rows are best asked for at once, if a page is longer.
   *
   * @return 0 if there is no such number
   */
  int portion();

  /**
   * A portion of the rows of one node.
   *
   * @param firstRows so many rows of an order the storage finds much faster than more; 0 if it
   *     makes no difference
   */
  static int portion(int firstRows) {
    return firstRows - firstRows / 25;
  }

  /** How many values the conditions hold, those of lists included. */
  int valueCount();

  /** What is published under the names asked for; two pages belong together only if it is equal. */
  List<DataNode> nodes();
}
