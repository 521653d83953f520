package io.datanode.plan.placement;

import io.datanode.plan.MetadataTable;
import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import io.datanode.storage.Storage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.schema.Table;
import org.jspecify.annotations.Nullable;

/** What an expression reads, its sub-queries included. */
final class Scans {
  private final Map<String, ResolvedNode> nodes = new LinkedHashMap<>();
  private final Map<String, MetadataTable> metadata = new LinkedHashMap<>();
  private final Set<ShippedTable> shipped = new LinkedHashSet<>();
  private final Set<CorrelationId> defined = new HashSet<>();
  private final Set<CorrelationId> used = new HashSet<>();
  private boolean other;
  private boolean deterministic = true;

  private Scans() {}

  static Scans of(RelNode rel) {
    Scans scans = new Scans();
    scans.collect(rel);
    return scans;
  }

  /** Nodes by name. */
  Map<String, ResolvedNode> nodes() {
    return nodes;
  }

  /** Tables of schema metadata by name. */
  Map<String, MetadataTable> metadata() {
    return metadata;
  }

  /** Pieces whose rows are shipped. */
  Set<ShippedTable> shipped() {
    return shipped;
  }

  /** True if it reads nodes of storages the embedded engine can read itself, and nothing else. */
  boolean embedded() {
    return !other
        && shipped.isEmpty()
        && metadata.isEmpty()
        && !nodes.isEmpty()
        && nodes.values().stream().allMatch(node -> node.storage().embedded());
  }

  /** The storages it reads that need a statement of their own, one of each kind that shares one. */
  List<Storage> foreign() {
    List<Storage> storages = new ArrayList<>();
    for (ResolvedNode node : nodes.values()) {
      Storage storage = node.storage();
      boolean known = storages.stream().anyMatch(each -> each.sharesStatementsWith(storage));
      if (!storage.embedded() && !known) {
        storages.add(storage);
      }
    }
    return storages;
  }

  /** The one storage that holds all it reads, or null. */
  @Nullable Storage only() {
    if (other || nodes.isEmpty() || !metadata.isEmpty() || !shipped.isEmpty()) {
      return null;
    }
    Storage only = null;
    for (ResolvedNode node : nodes.values()) {
      if (only != null && !only.sharesStatementsWith(node.storage())) {
        return null;
      }
      only = node.storage();
    }
    return only;
  }

  /** True if it refers to no row of an outer query. */
  boolean closed() {
    return defined.containsAll(used);
  }

  /** True if it gives the same values each time. */
  boolean deterministic() {
    return deterministic;
  }

  private void collect(RelNode rel) {
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, @Nullable RelNode parent) {
        read(node);
        super.visit(node, ordinal, parent);
      }
    }.go(rel);
  }

  private void read(RelNode node) {
    if (node instanceof TableScan) {
      Table table = node.getTable() == null ? null : node.getTable().unwrap(Table.class);
      if (table instanceof NodeTable) {
        ResolvedNode resolved = ((NodeTable) table).node();
        nodes.put(resolved.node().name().toString(), resolved);
      } else if (table instanceof MetadataTable) {
        metadata.put(((MetadataTable) table).name(), (MetadataTable) table);
      } else if (table instanceof ShippedTable) {
        shipped.add((ShippedTable) table);
      } else {
        other = true;
      }
    }
    defined.addAll(node.getVariablesSet());
    if (node instanceof Correlate) {
      defined.add(((Correlate) node).getCorrelationId());
    }
    node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            collect(query.rel);
            return super.visitSubQuery(query);
          }

          @Override
          public RexNode visitCorrelVariable(RexCorrelVariable variable) {
            used.add(variable.id);
            return variable;
          }

          @Override
          public RexNode visitCall(RexCall call) {
            deterministic &= call.getOperator().isDeterministic();
            return super.visitCall(call);
          }
        });
  }
}
