package io.datanode.server;

/** JDBC over an engine in this process. */
class EmbeddedJdbcTest extends JdbcContract {
  @Override
  String url() {
    return "jdbc:datanode:" + folder;
  }
}
