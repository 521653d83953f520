package io.datanode.plan.bars;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.plan.ParsedSqlException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * {@code OHLCV(price, volume [, time])} and {@code OHLCV(open, high, low, close, volume [, time])}
 * in a select list: five columns, which every JDBC tool can show, where a struct would be text.
 *
 * <p>The first open, the highest high, the lowest low, the last close and the sum of volume, as
 * KaizenFlow resamples bars: NULL and NaN are missing, and of no values at all the sum is NULL.
 */
public final class OhlcvColumns {
  /** The function, as it is written. */
  public static final String NAME = "OHLCV";

  private static final String FORMS =
      "OHLCV(price, volume [, time]) or OHLCV(open, high, low, close, volume [, time])";

  private static final Set<String> AVERAGES = Set.of("VWAP", "TWAP");

  private static final String TIME_INDEX = "time_index";

  private OhlcvColumns() {}

  /** Puts the five columns in the place of each call in the select list. */
  public static void expand(SqlSelect select) {
    List<SqlNode> items = new ArrayList<>();
    boolean found = false;
    for (SqlNode item : select.getSelectList()) {
      if (isCall(item)) {
        items.addAll(columns((SqlCall) item, select.getFrom()));
        found = true;
      } else {
        items.add(item);
      }
    }
    if (found) {
      select.setSelectList(new SqlNodeList(items, select.getSelectList().getParserPosition()));
    }
  }

  /**
   * Sees that no call is left where five columns cannot stand, and that no average leaves out equal
   * rows.
   *
   * @throws DataNodeException 42000 if one does
   */
  public static void check(SqlNode query) {
    query.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlCall call) {
            if (isCall(call)) {
              throw error(
                  call,
                  "OHLCV gives five columns: open, high, low, close and volume; it can only stand"
                      + " by itself in the list of a SELECT");
            }
            boolean average =
                AVERAGES.contains(call.getOperator().getName().toUpperCase(Locale.ROOT));
            if (average && call.getFunctionQuantifier() != null) {
              throw error(
                  call,
                  call.getOperator().getName()
                      + " weighs every row; DISTINCT would leave out equal ones");
            }
            return super.visit(call);
          }
        });
  }

  private static boolean isCall(@Nullable SqlNode node) {
    return node instanceof SqlCall
        && ((SqlCall) node).getOperator() instanceof SqlUnresolvedFunction
        && ((SqlCall) node).getOperator().getName().equalsIgnoreCase(NAME);
  }

  private static List<SqlNode> columns(SqlCall call, @Nullable SqlNode from) {
    List<SqlNode> arguments = call.getOperandList();
    int count = arguments.size();
    boolean bars = count == 5 || count == 6;
    if (!bars && count != 2 && count != 3) {
      throw error(call, "Expected " + FORMS);
    }
    SqlParserPos pos = call.getParserPosition();
    SqlNode time =
        count == 3 || count == 6
            ? arguments.get(count - 1)
            : new SqlIdentifier(timeColumn(call, from), pos);
    SqlNode open = arguments.get(0);
    return List.of(
        column("open", present(by("FIRST", open, time), open)),
        column(
            "high", present(of("MAX", arguments.get(bars ? 1 : 0)), arguments.get(bars ? 1 : 0))),
        column("low", present(of("MIN", arguments.get(bars ? 2 : 0)), arguments.get(bars ? 2 : 0))),
        column(
            "close",
            present(by("LAST", arguments.get(bars ? 3 : 0), time), arguments.get(bars ? 3 : 0))),
        column(
            "volume",
            present(of("SUM", arguments.get(bars ? 4 : 1)), arguments.get(bars ? 4 : 1))));
  }

  /** The time of the only resampled table in FROM, or else that of nodes. */
  private static String timeColumn(SqlCall call, @Nullable SqlNode from) {
    Set<String> names = new TreeSet<>();
    collect(from, names);
    if (names.size() > 1) {
      throw error(
          call, "OHLCV needs its time, because FROM has several: " + names + "; expected " + FORMS);
    }
    return names.isEmpty() ? TIME_INDEX : names.iterator().next();
  }

  private static void collect(@Nullable SqlNode from, Set<String> names) {
    if (from instanceof SqlJoin) {
      collect(((SqlJoin) from).getLeft(), names);
      collect(((SqlJoin) from).getRight(), names);
    } else if (from != null && from.getKind() == SqlKind.AS) {
      collect(((SqlCall) from).operand(0), names);
    } else if (from != null && from.getKind() == SqlKind.COLLECTION_TABLE) {
      SqlNode table = ((SqlCall) from).operand(0);
      if (table instanceof SqlCall && TimeTables.isTimeTable((SqlCall) table)) {
        names.add(TimeTable.time((SqlCall) table).getSimple().toLowerCase(Locale.ROOT));
      }
    }
  }

  private static SqlNode of(String function, SqlNode value) {
    return call(function, value.getParserPosition(), value);
  }

  private static SqlNode by(String function, SqlNode value, SqlNode time) {
    return call(function, value.getParserPosition(), value, time);
  }

  private static SqlNode call(String function, SqlParserPos pos, SqlNode... operands) {
    return new SqlBasicCall(
        new SqlUnresolvedFunction(
            new SqlIdentifier(function, pos),
            null,
            null,
            null,
            null,
            SqlFunctionCategory.USER_DEFINED_FUNCTION),
        List.of(operands),
        pos);
  }

  private static SqlNode present(SqlNode aggregate, SqlNode value) {
    SqlParserPos pos = value.getParserPosition();
    return SqlStdOperatorTable.FILTER.createCall(
        pos, aggregate, SqlStdOperatorTable.NOT.createCall(pos, call("IS_NAN", pos, value)));
  }

  private static SqlNode column(String name, SqlNode value) {
    SqlParserPos pos = value.getParserPosition();
    return SqlStdOperatorTable.AS.createCall(pos, value, new SqlIdentifier(name, pos));
  }

  private static DataNodeException error(SqlNode at, String message) {
    return new ParsedSqlException(SqlState.INVALID_SQL, message, at.getParserPosition());
  }
}
