package io.datanode.jdbc;

import java.util.Collections;
import org.apache.calcite.avatica.Meta;

/** What Avatica's constructors want to know of a statement; we describe columns ourselves. */
final class Signatures {
  // Without cursor factory and statement type: their classes load all of protobuf, which takes a
  // quarter of a second.
  static final Meta.Signature NONE =
      new Meta.Signature(
          Collections.emptyList(), "", Collections.emptyList(), Collections.emptyMap(), null, null);

  private Signatures() {}
}
