package io.datanode.search;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingDouble;

import io.datanode.node.Column;
import io.datanode.node.DataNode;
import io.datanode.node.NodeName;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.Nodes;
import io.datanode.schema.ResolvedNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds nodes by words, for those who do not know what a node or a column is called. Only what its
 * user can query is found. A node whose storage does not answer is searched as the catalog declares
 * it, and the log says so.
 *
 * @see "mainsequence-sdk, description_search and column_search in client/models_tdag.py"
 */
public final class NodeSearch {
  /** How many nodes {@link #descriptions} gives unless told otherwise, as in the reference. */
  public static final int MOST = 200;

  private static final Logger LOG = LoggerFactory.getLogger(NodeSearch.class);
  private static final Comparator<Candidate> BY_NAME =
      comparing((Candidate found) -> found.node().name().namespace())
          .thenComparing(found -> found.node().name().identifier());

  private final Nodes nodes;

  /** Searches these nodes. */
  public NodeSearch(Nodes nodes) {
    this.nodes = nodes;
  }

  /**
   * Nodes whose identifier, labels, description and columns are like the words, those most alike
   * first; nodes that have nothing in common with them are not among them. Alike are texts that
   * share groups of three letters. The reference adds the likeness of embeddings to that, of which
   * there are none here.
   *
   * @param most how many nodes at most
   * @param among which nodes to search
   * @throws InvalidSearchException 22023 if there are no words
   */
  public List<FoundNode> descriptions(String words, int most, Predicate<DataNode> among) {
    Trigrams wanted = Trigrams.of(required(words));
    return described(among)
        .map(found -> found.with(wanted.similarity(Trigrams.of(found.text()))))
        .filter(found -> found.likeness() > 0)
        .sorted(comparingDouble(Candidate::likeness).reversed().thenComparing(BY_NAME))
        .limit(most)
        .map(found -> found.found(List.of()))
        .toList();
  }

  /**
   * Nodes with a column whose name, label or description contains the words, in any case: first
   * those that have one of exactly this name.
   *
   * @param among which nodes to search
   * @throws InvalidSearchException 22023 if there are no words
   */
  public List<FoundNode> columns(String words, Predicate<DataNode> among) {
    String wanted = required(words).toLowerCase(Locale.ROOT);
    return described(among)
        .map(found -> found.with(found.hasColumn(wanted) ? 1 : 0))
        .sorted(comparingDouble(Candidate::likeness).reversed().thenComparing(BY_NAME))
        .map(found -> found.found(found.columnsWith(wanted)))
        .filter(found -> !found.columns().isEmpty())
        .toList();
  }

  private static String required(String words) {
    if (words.isBlank()) {
      throw InvalidSearchException.rule("/q", "q is required; expected words to search for");
    }
    return words.strip();
  }

  private Stream<Candidate> described(Predicate<DataNode> among) {
    List<DataNode> searched = nodes.snapshot().nodes().values().stream().filter(among).toList();
    Map<NodeName, ResolvedNode> resolved =
        nodes.resolveAll(
            searched.stream().map(DataNode::name).toList(),
            (name, e) ->
                LOG.warn("Node {} is searched as it is declared: {}", name, e.getMessage()));
    return searched.stream().map(node -> Candidate.of(node, resolved.get(node.name())));
  }

  /** What is searched of a column. */
  private record Text(String name, @Nullable String label, @Nullable String description) {
    boolean isCalled(String lowerCase) {
      return name.toLowerCase(Locale.ROOT).equals(lowerCase);
    }

    boolean contains(String lowerCase) {
      return texts().anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(lowerCase));
    }

    Stream<String> texts() {
      return Stream.of(name, label, description).filter(Objects::nonNull);
    }
  }

  private record Candidate(
      DataNode node, @Nullable String description, List<Text> columns, double likeness) {
    static Candidate of(DataNode node, @Nullable ResolvedNode resolved) {
      List<Text> columns = new ArrayList<>();
      if (resolved == null) {
        for (Column column : node.columns()) {
          columns.add(new Text(column.name(), column.label(), column.description()));
        }
        return new Candidate(node, node.description(), columns, 0);
      }
      for (NodeColumn column : resolved.columns()) {
        columns.add(new Text(column.name(), column.label(), column.description()));
      }
      String said = node.description() == null ? resolved.table().comment() : node.description();
      return new Candidate(node, said, columns, 0);
    }

    Candidate with(double now) {
      return new Candidate(node, description, columns, now);
    }

    String text() {
      Stream<String> own =
          Stream.of(node.name().identifier(), description).filter(Objects::nonNull);
      return String.join(
          " ",
          Stream.of(own, node.labels().stream(), columns.stream().flatMap(Text::texts))
              .flatMap(texts -> texts)
              .toList());
    }

    boolean hasColumn(String lowerCase) {
      return columns.stream().anyMatch(column -> column.isCalled(lowerCase));
    }

    List<String> columnsWith(String lowerCase) {
      return columns.stream().filter(column -> column.contains(lowerCase)).map(Text::name).toList();
    }

    FoundNode found(List<String> names) {
      return new FoundNode(node, description, names);
    }
  }
}
