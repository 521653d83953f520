package io.datanode.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.DataNode;
import io.datanode.node.NodeName;
import io.datanode.node.TableSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CachingCatalogTest {
  private final Platform platform = new Platform();
  private final Deque<Runnable> background = new ArrayDeque<>();
  private long nanos;

  @Test
  void readsTheSourceOncePerTimeToLive() {
    Catalog catalog = remembering(Duration.ofMinutes(5));
    CatalogSnapshot first = catalog.snapshot();
    advance(Duration.ofMinutes(4));
    assertSame(first, catalog.snapshot());
    assertEquals(1, platform.reads);
  }

  @Test
  void afterItsTimeTheSourceIsReadInTheBackground() {
    Catalog catalog = remembering(Duration.ofMinutes(5));
    CatalogSnapshot first = catalog.snapshot();
    platform.identifier = "rates";
    advance(Duration.ofMinutes(6));
    assertSame(first, catalog.snapshot(), "nobody waits for the source");
    runBackgroundWork();
    assertNotSame(first, catalog.snapshot());
    assertEquals(2, platform.reads);
  }

  @Test
  void aSourceThatTellsOfAChangeIsReadAtOnce() {
    Catalog catalog = remembering(Duration.ofMinutes(5));
    CatalogSnapshot first = catalog.snapshot();
    platform.identifier = "rates";
    platform.changed = true;
    assertNotSame(first, catalog.snapshot());
  }

  @Test
  void refreshReadsBeforeTheNextSnapshot() {
    Catalog catalog = remembering(Duration.ofMinutes(5));
    catalog.snapshot();
    platform.identifier = "rates";
    catalog.refresh();
    assertEquals("[rates]", catalog.snapshot().nodes().keySet().toString());
  }

  @Test
  void withoutTimeToLiveEverySnapshotIsRead() {
    Catalog catalog = remembering(Duration.ZERO);
    CatalogSnapshot first = catalog.snapshot();
    assertSame(first, catalog.snapshot(), "the same is the same object");
    assertEquals(2, platform.reads);
  }

  @Test
  void aFailureKeepsTheLastGoodSnapshotAndIsTold() {
    Catalog catalog = remembering(Duration.ofMinutes(5));
    CatalogSnapshot good = catalog.snapshot();
    platform.down = true;
    advance(Duration.ofMinutes(6));
    catalog.snapshot();
    runBackgroundWork();
    assertSame(good, catalog.snapshot());
    assertEquals(Optional.of("The platform is down"), catalog.lastError());
    platform.down = false;
    catalog.refresh();
    catalog.snapshot();
    assertEquals(Optional.empty(), catalog.lastError());
  }

  @Test
  void aSourceThatNeverWorkedFails() {
    platform.down = true;
    Catalog catalog = remembering(Duration.ofMinutes(5));
    DataNodeException e = assertThrows(DataNodeException.class, catalog::snapshot);
    assertEquals("The platform is down", e.getMessage());
  }

  private Catalog remembering(Duration timeToLive) {
    return new CachingCatalog(platform, timeToLive, () -> nanos, background::add);
  }

  private void runBackgroundWork() {
    while (!background.isEmpty()) {
      background.pop().run();
    }
  }

  private void advance(Duration duration) {
    nanos += duration.toNanos();
  }

  /** A catalog of one node, which can be renamed. */
  private static final class Platform implements Catalog {
    private String identifier = "prices";
    private boolean changed;
    private boolean down;
    private int reads;

    @Override
    public String location() {
      return "platform";
    }

    @Override
    public boolean changed() {
      return changed;
    }

    @Override
    public CatalogSnapshot declared() {
      return snapshot();
    }

    @Override
    public CatalogSnapshot snapshot() {
      reads++;
      if (down) {
        throw new DataNodeException(SqlState.CONFIGURATION_ERROR, "The platform is down");
      }
      NodeName name = new NodeName(NodeName.DEFAULT_NAMESPACE, identifier);
      return new CatalogSnapshot(
          Map.of(name, DataNode.of(name, "lake", new TableSource.Table(List.of(identifier)))),
          Map.of(),
          null,
          null);
    }
  }
}
