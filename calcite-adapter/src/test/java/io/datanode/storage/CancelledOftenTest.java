package io.datanode.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A storage that takes long to be interrupted is asked once at a time, however often it is told.
 */
@Timeout(60)
class CancelledOftenTest {
  /** Reads until it is interrupted, which takes as long as the test likes. */
  private static final class DeafQuery extends StreamedQuery {
    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch interrupting = new CountDownLatch(1);
    private final CountDownLatch heard = new CountDownLatch(1);

    DeafQuery(RunningQueries queries) {
      super(queries);
    }

    @Override
    protected @Nullable ColumnBatch read() {
      reading.countDown();
      await(heard);
      return null;
    }

    @Override
    protected void interrupt() {
      interrupting.countDown();
      await(heard);
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    protected boolean atEnd() {
      return true;
    }

    @Override
    protected DataNodeException translate(Exception cause) {
      return new DataNodeException(SqlState.INTERNAL_ERROR, "", cause);
    }

    @Override
    protected void cut() {}

    @Override
    protected void release(@Nullable Exception cause) {}
  }

  @Test
  void aThousandCancelsAreOneInterrupt() throws Exception {
    ExecutorService reader = Executors.newSingleThreadExecutor();
    try (RunningQueries queries = new RunningQueries("deaf")) {
      DeafQuery query = queries.started(new DeafQuery(queries));
      Future<?> rows = reader.submit(query::next);
      query.reading.await();
      query.cancel();
      query.interrupting.await();
      for (int i = 0; i < 1000; i++) {
        query.cancel();
      }
      assertEquals(0, queries.interruptsWaiting());
      query.heard.countDown();
      ExecutionException end = assertThrows(ExecutionException.class, rows::get);
      assertEquals("57014", ((DataNodeException) end.getCause()).sqlState());
    } finally {
      reader.shutdownNow();
    }
  }
}
