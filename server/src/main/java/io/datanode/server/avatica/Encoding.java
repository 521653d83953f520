package io.datanode.server.avatica;

/** The two ways Avatica writes its messages. */
public enum Encoding {
  JSON,
  PROTOBUF
}
