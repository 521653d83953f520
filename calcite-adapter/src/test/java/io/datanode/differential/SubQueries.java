package io.datanode.differential;

/** Makes queries inside conditions and expressions. */
interface SubQueries {
  /** No sub-queries. */
  SubQueries NONE =
      new SubQueries() {
        @Override
        public boolean offered() {
          return false;
        }

        @Override
        public Sql rows(Scope outer) {
          throw new UnsupportedOperationException();
        }

        @Override
        public Sql column(Kind kind, Scope outer) {
          throw new UnsupportedOperationException();
        }

        @Override
        public Term value(Scope outer) {
          throw new UnsupportedOperationException();
        }
      };

  /** Whether they can be made here. */
  boolean offered();

  /** A query for EXISTS that may use columns of the outer query. */
  Sql rows(Scope outer);

  /** A query of one column. */
  Sql column(Kind kind, Scope outer);

  /** A query that gives one value, in parentheses. */
  Term value(Scope outer);
}
