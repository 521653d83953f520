package io.datanode.schema;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;

/** Types of SQL here: those of {@link NodeTypeSystem}, with text in Unicode. */
public final class NodeTypeFactory extends JavaTypeFactoryImpl {
  public NodeTypeFactory() {
    super(NodeTypeSystem.INSTANCE);
  }

  @Override
  public Charset getDefaultCharset() {
    return StandardCharsets.UTF_8;
  }
}
