package io.datanode.differential;

import io.datanode.differential.Sql.Parameter;

/** A query as a part of a script, ready for {@code src/test/resources/sql/regressions.iq}. */
record Script(RandomQuery query) {
  String text() {
    StringBuilder text = new StringBuilder();
    text.append("!use odd");
    if (!query.zone().equals("UTC")) {
      text.append("?timeZone=").append(query.zone());
    }
    if (!query.asOf().isEmpty()) {
      text.append(query.zone().equals("UTC") ? "?" : "&").append("asOf=").append(query.asOf());
    }
    text.append("\n");
    for (Parameter parameter : query.sql().parameters()) {
      text.append("# parameter ").append(parameter.value()).append("\n");
    }
    return text.append(query.sql().text()).append(";\n!ok\n").toString();
  }
}
