package io.datanode.schema;

import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.node.Cadence;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Columns that a statement may name though no storage has them. {@code SELECT *} and metadata do
 * not show them; a column of the node with that name goes before.
 */
public final class VirtualColumn {
  /** The part of a stitched node that a row is from. */
  public static final String SOURCE = "_source";

  /** When the bar began whose end the time index is. */
  public static final String START_TIME = "start_time";

  private VirtualColumn() {}

  /** True if a word of a statement, quoted or not, may be the name of a virtual column. */
  public static boolean isNamedBy(String word) {
    String name =
        word.startsWith("\"") && word.length() > 1 ? word.substring(1, word.length() - 1) : word;
    return name.equalsIgnoreCase(SOURCE) || name.equalsIgnoreCase(START_TIME);
  }

  /** The virtual columns of a node, by name. */
  static List<String> of(ResolvedNode node) {
    List<String> names = new ArrayList<>();
    boolean oneAfterTheOther =
        node.node().stitch().filter(stitch -> !stitch.sideBySide()).isPresent();
    if (oneAfterTheOther && node.column(SOURCE).isEmpty()) {
      names.add(SOURCE);
    }
    if (bar(node).isPresent() && node.column(START_TIME).isEmpty()) {
      names.add(START_TIME);
    }
    return names;
  }

  /** The type of one. */
  static RelDataType type(String name, ResolvedNode node, RelDataTypeFactory types) {
    NodeColumn time = node.timeIndex() == null ? null : node.column(node.timeIndex()).orElse(null);
    return name.equals(SOURCE) || time == null
        ? types.createSqlType(SqlTypeName.VARCHAR)
        : ColumnTypes.toRel(types, time.type(), time.nullable());
  }

  /**
   * When a bar began.
   *
   * @param node has a cadence of fixed length
   * @param timeIndex its time index
   */
  public static RexNode startTime(RexBuilder rex, ResolvedNode node, RexNode timeIndex) {
    Duration length = bar(node).orElseThrow();
    return rex.makeCall(
        timeIndex.getType(),
        SqlStdOperatorTable.MINUS_DATE,
        List.of(
            timeIndex,
            rex.makeIntervalLiteral(
                BigDecimal.valueOf(length.toMillis()), Intervals.DAY_TO_SECOND)));
  }

  /** How long the bars of a node are, if that is declared and the same for all. */
  static Optional<Duration> bar(ResolvedNode node) {
    return node.column(String.valueOf(node.timeIndex())).flatMap(time -> bar(node, time));
  }

  /**
   * How long the bars of a node are, if that is declared and the same for all.
   *
   * @param time its time index
   */
  public static Optional<Duration> bar(ResolvedNode node, NodeColumn time) {
    String cadence = cadence(node);
    return cadence == null
        ? Optional.empty()
        : Cadence.fixedLength(cadence)
            .filter(
                length -> time.type().kind() != Kind.DATE || length.toMillis() % 86_400_000 == 0);
  }

  /** The cadence of a node; of a stitched one without its own, that of its first part. */
  public static @Nullable String cadence(ResolvedNode node) {
    return node.node().cadence() == null && node.stitched()
        ? cadence(node.parts().get(0))
        : node.node().cadence();
  }
}
