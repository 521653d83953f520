package io.datanode.predicate;

import java.util.Locale;

/** What a {@link Condition} asks of its field. The order is that of the reference's messages. */
public enum Op {
  EQ(Operand.VALUE),
  NE(Operand.VALUE),
  LT(Operand.VALUE),
  LTE(Operand.VALUE),
  GT(Operand.VALUE),
  GTE(Operand.VALUE),
  /** One of a list; of an empty list, none. */
  IN(Operand.LIST),
  /** None of a list; of an empty list, all. */
  NOT_IN(Operand.LIST),
  CONTAINS(Operand.TEXT),
  STARTS_WITH(Operand.TEXT),
  ENDS_WITH(Operand.TEXT),
  IS_NULL(Operand.FLAG),
  /** From the first of two values to the second, both included; never swapped. */
  BETWEEN(Operand.PAIR);

  /** What value an operator takes. */
  public enum Operand {
    /** One value. */
    VALUE,
    /** One text. */
    TEXT,
    /** Any number of values. */
    LIST,
    /** Two values. */
    PAIR,
    /** True or false; none means true. */
    FLAG
  }

  private final Operand operand;

  Op(Operand operand) {
    this.operand = operand;
  }

  /** What its value is. */
  public Operand operand() {
    return operand;
  }

  /** How JSON writes it, for example {@code not_in}. */
  public String token() {
    return name().toLowerCase(Locale.ROOT);
  }
}
