package io.datanode.plan.stitch;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.Stitch.Boundary;
import io.datanode.node.Stitch.Overlap;
import io.datanode.plan.Instants;
import io.datanode.plan.Plan.ParameterSource;
import io.datanode.plan.SqlPlaces;
import io.datanode.schema.ColumnTypes;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import io.datanode.schema.VirtualColumn;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/** History and what is live: the rows of all parts, each row of the part that counts for it. */
final class OneAfterTheOther extends StitchedRows {
  private final List<ParameterSource> sources;

  OneAfterTheOther(
      RelNode scan,
      NodeTable table,
      RexBuilder rex,
      List<ParameterSource> sources,
      SqlPlaces places) {
    super(scan, table, rex, places);
    this.sources = sources;
  }

  @Override
  RelNode rows(List<RexNode> conditions) {
    List<RelNode> parts = new ArrayList<>();
    for (int i = 0; i < node.parts().size(); i++) {
      RelNode rows = part(i, conditions);
      if (rows != null) {
        parts.add(rows);
      }
    }
    RelNode all =
        parts.isEmpty()
            ? LogicalValues.createEmpty(scan(node.parts().get(0)).getCluster(), row)
            : parts.size() == 1 ? parts.get(0) : LogicalUnion.create(parts, true);
    return asDeclared(all);
  }

  /** The rows of a part that count; null if no condition lets it have any. */
  private @Nullable RelNode part(int index, List<RexNode> conditions) {
    ResolvedNode part = node.parts().get(index);
    RelNode scan = scan(part);
    List<RexNode> shown = columns(scan, part);
    List<RexNode> own = new ArrayList<>();
    int source = row.getFieldNames().indexOf(VirtualColumn.SOURCE);
    for (RexNode condition : conditions) {
      Optional<Boolean> known =
          source < 0 ? Optional.empty() : SourceCondition.known(condition, source, name(part));
      if (known.isEmpty()) {
        own.add(moved(condition, shown));
      } else if (!known.get()) {
        return null;
      }
    }
    Boundary boundary = stitch.boundary();
    if (boundary != null) {
      own.add(inside(boundary, index == 0, scan, part));
    }
    RelNode rows = filter(scan, own);
    RelNode counting =
        boundary == null
            ? winning(index, rows, conditions.stream().filter(this::onKey).toList())
            : rows;
    List<RexNode> declared = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      declared.add(as(types().get(i), shown.get(i)));
    }
    return LogicalProject.create(counting, List.of(), declared, row.getFieldNames(), Set.of());
  }

  private List<RexNode> columns(RelNode scan, ResolvedNode part) {
    List<RexNode> columns = new ArrayList<>();
    List<NodeColumn> own = node.columns();
    for (int i = 0; i < row.getFieldCount(); i++) {
      RelDataType type = types().get(i);
      if (i >= own.size()) {
        columns.add(virtual(row.getFieldNames().get(i), scan, part));
      } else if (part.column(own.get(i).name()).isEmpty()) {
        columns.add(rex.makeNullLiteral(type));
      } else {
        RexNode column = column(scan, part, own.get(i).name());
        boolean same = ColumnTypes.fromRel(column.getType()).equals(ColumnTypes.fromRel(type));
        columns.add(same ? column : rex.makeCast(type, column, true));
      }
    }
    return columns;
  }

  private RexNode virtual(String name, RelNode scan, ResolvedNode part) {
    if (name.equals(VirtualColumn.SOURCE)) {
      return rex.makeLiteral(name(part), rex.getTypeFactory().createSqlType(SqlTypeName.VARCHAR));
    }
    return VirtualColumn.startTime(rex, node, column(scan, part, key().get(0)));
  }

  private static String name(ResolvedNode part) {
    return part.node().name().toString();
  }

  /** A condition on the columns of a part. */
  private static RexNode moved(RexNode condition, List<RexNode> columns) {
    return condition.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            return columns.get(ref.getIndex());
          }
        });
  }

  private RelNode winning(int index, RelNode rows, List<RexNode> onKey) {
    Overlap overlap = stitch.overlap();
    RelNode counting = rows;
    for (int other = 0; other < node.parts().size(); other++) {
      boolean beats =
          overlap == Overlap.NEWEST
              ? other != index
              : (other < index) == (overlap == Overlap.HISTORY);
      if (other != index && beats) {
        counting = without(counting, index, other, onKey);
      }
    }
    return counting;
  }

  private RexNode inside(Boundary boundary, boolean history, RelNode rows, ResolvedNode part) {
    RexNode time = column(rows, part, key().get(0));
    if (boundary.at() == io.datanode.node.Stitch.At.HISTORY_END) {
      return history ? rex.makeCall(SqlStdOperatorTable.IS_NOT_NULL, time) : afterHistory(time);
    }
    SqlOperator side =
        history ? SqlStdOperatorTable.LESS_THAN_OR_EQUAL : SqlStdOperatorTable.GREATER_THAN;
    return rex.makeCall(side, time, instant(boundary, time.getType()));
  }

  /** True also if there is no history. */
  private RexNode afterHistory(RexNode time) {
    ResolvedNode history = node.parts().get(0);
    RelNode scan = scan(history);
    RelNode times =
        LogicalProject.create(
            scan,
            List.of(),
            List.of(column(scan, history, key().get(0))),
            List.of("time"),
            Set.of());
    RelNode end =
        LogicalAggregate.create(
            times,
            List.of(),
            ImmutableBitSet.of(),
            null,
            List.of(
                AggregateCall.create(
                    SqlStdOperatorTable.MAX,
                    false,
                    false,
                    false,
                    List.of(),
                    List.of(0),
                    -1,
                    null,
                    RelCollations.EMPTY,
                    0,
                    times,
                    null,
                    "history_end")));
    return rex.makeCall(
        SqlStdOperatorTable.IS_NOT_TRUE,
        rex.makeCall(SqlStdOperatorTable.LESS_THAN_OR_EQUAL, time, RexSubQuery.scalar(end)));
  }

  private RexNode instant(Boundary boundary, RelDataType time) {
    ColumnType type = ColumnTypes.fromRel(time);
    Instant fixed = boundary.instant();
    if (fixed == null) {
      sources.add(
          new ParameterSource.RangeEnd(
              new ParameterSource.StatementTime(ColumnType.INSTANT),
              new StartOfDay(boundary.zone(), type)));
      return rex.makeDynamicParam(
          ColumnTypes.toRel(rex.getTypeFactory(), type, false), sources.size() - 1);
    }
    LocalDateTime local = LocalDateTime.ofInstant(fixed, boundary.zone());
    switch (type.kind()) {
      case DATE:
        return rex.makeDateLiteral(new DateString(local.toLocalDate().toString()));
      case TIMESTAMP:
        return rex.makeTimestampLiteral(Instants.string(local), time.getPrecision());
      default:
        return rex.makeTimestampWithLocalTimeZoneLiteral(
            Instants.string(LocalDateTime.ofInstant(fixed, ZoneOffset.UTC)), time.getPrecision());
    }
  }

  /** The rows of a part for which another has none that counts more. */
  private RelNode without(RelNode rows, int index, int other, List<RexNode> onKey) {
    ResolvedNode own = node.parts().get(index);
    ResolvedNode better = node.parts().get(other);
    RelNode scan = scan(better);
    List<RexNode> columns = columns(scan, better);
    RelNode others =
        filter(scan, onKey.stream().map(condition -> moved(condition, columns)).toList());
    List<RexNode> terms = new ArrayList<>();
    for (String name : key()) {
      terms.add(
          rex.makeCall(
              SqlStdOperatorTable.EQUALS,
              column(rows, own, name),
              right(rows, others, better, name)));
    }
    if (stitch.overlap() == Overlap.NEWEST) {
      terms.add(
          newer(
              column(rows, own, String.valueOf(own.knowledgeTime())),
              right(rows, others, better, String.valueOf(better.knowledgeTime())),
              other > index));
    }
    return LogicalJoin.create(
        rows,
        others,
        List.of(),
        RexUtil.composeConjunction(rex, terms),
        Set.of(),
        JoinRelType.ANTI);
  }

  private RexNode right(RelNode left, RelNode right, ResolvedNode part, String name) {
    return RexUtil.shift(column(right, part, name), left.getRowType().getFieldCount());
  }

  /** A row whose knowledge time nobody knows is older than any other. */
  private RexNode newer(RexNode own, RexNode other, boolean orEqual) {
    RexNode later =
        rex.makeCall(
            orEqual ? SqlStdOperatorTable.GREATER_THAN_OR_EQUAL : SqlStdOperatorTable.GREATER_THAN,
            other,
            own);
    RexNode ownUnknown = rex.makeCall(SqlStdOperatorTable.IS_NULL, own);
    RexNode counts =
        orEqual
            ? ownUnknown
            : rex.makeCall(
                SqlStdOperatorTable.AND,
                ownUnknown,
                rex.makeCall(SqlStdOperatorTable.IS_NOT_NULL, other));
    return rex.makeCall(SqlStdOperatorTable.OR, later, counts);
  }
}
