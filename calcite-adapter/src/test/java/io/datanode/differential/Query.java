package io.datanode.differential;

import io.datanode.differential.Term.Range;
import java.util.ArrayList;
import java.util.List;

/**
 * A query and what is known of its columns, which are called c1, c2, ….
 *
 * @param columns type, range and exactness of each; their SQL is that of the select list
 */
record Query(Sql sql, List<Term> columns) {
  Query {
    columns = List.copyOf(columns);
  }

  /** Whether its rows can be compared, sorted and counted. */
  boolean exact() {
    return columns.stream().allMatch(Term::exact);
  }

  /** Its columns, seen from outside under an alias. */
  Scope under(String alias) {
    List<Term> seen = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Term column = columns.get(i);
      Range range = column.range();
      seen.add(new Term(column.kind(), new Sql.Words(alias + ".c" + (i + 1)), range));
    }
    return new Scope(seen, List.of());
  }

  /** A select list. */
  static Sql items(List<Term> terms) {
    List<Sql> items = new ArrayList<>();
    for (int i = 0; i < terms.size(); i++) {
      items.add(Sql.clause(terms.get(i).sql(), " AS c" + (i + 1)));
    }
    return Sql.list(", ", items);
  }
}
