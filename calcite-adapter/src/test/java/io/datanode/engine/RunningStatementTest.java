package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to a statement that is stopped while its storage does not react. */
@Timeout(60)
class RunningStatementTest {
  @Test
  void whoStopsItAThousandTimesIsRemindedOfOnce() throws Exception {
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    ExecutorService reader = Executors.newSingleThreadExecutor();
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    try {
      RunningStatement statement = new RunningStatement("s", 0, timer);
      Future<?> step =
          reader.submit(
              () ->
                  statement.step(
                      () -> {
                        working.countDown();
                        try {
                          done.await();
                        } catch (InterruptedException e) {
                          throw new AssertionError(e);
                        }
                        return null;
                      }));
      working.await();
      for (int i = 0; i < 1000; i++) {
        statement.stop(RunningStatement.Reason.USER);
      }
      assertTrue(timer.getQueue().size() <= 1, timer.getQueue().size() + " reminders");
      done.countDown();
      ExecutionException end = assertThrows(ExecutionException.class, step::get);
      assertEquals("57014", ((DataNodeException) end.getCause()).sqlState());
    } finally {
      reader.shutdownNow();
      timer.shutdownNow();
    }
  }
}
