package io.datanode.engine;

import java.util.List;

/** The SQL functions there are, for {@code DatabaseMetaData}. */
interface FunctionList {
  /** No functions. */
  FunctionList NONE = List::of;

  /** All functions, in any order. */
  List<Function> functions();

  /**
   * A function.
   *
   * @param name as SQL writes it
   * @param category {@code numeric}, {@code string}, {@code time}, {@code system}, {@code
   *     aggregate}, {@code window} or another
   * @param signature how it is called, for example {@code time_bucket(interval, timestamp)}
   * @param text what it gives, in a sentence
   */
  record Function(String name, String category, String signature, String text) {}
}
