package io.datanode.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.datanode.catalog.StorageDeclaration;
import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageProvider;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StoragesTest {
  private static final StorageDeclaration LAKE = declaration("lake");
  private static final StorageDeclaration DESK = declaration("desk");

  private final CountDownLatch opening = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);

  private static StorageDeclaration declaration(String name) {
    return new StorageDeclaration(name, "any", Map.of(), "catalog.yaml");
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aStorageThatDoesNotAnswerHoldsUpNobodyWhoUsesAnother() throws Exception {
    Storages storages = new Storages(unused(EmbeddedEngine.class), List.of(new Slow("desk")));
    Storage lake = storages.open(LAKE);
    FutureTask<Storage> slow = new FutureTask<>(() -> storages.open(DESK));
    new Thread(slow, "opens desk").start();
    opening.await();
    assertSame(lake, storages.open(LAKE));
    assertSame(lake, storages.opened(LAKE).orElseThrow());
    assertEquals(Optional.empty(), storages.opened(DESK));
    answer.countDown();
    assertSame(slow.get(), storages.open(DESK));
  }

  private static <T> T unused(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              throw new AssertionError(method);
            }));
  }

  /** Opens one storage only when told to, all others at once. */
  private final class Slow implements StorageProvider {
    private final String name;

    private Slow(String name) {
      this.name = name;
    }

    @Override
    public String type() {
      return "any";
    }

    @Override
    public Storage open(String opened, Map<String, String> options, EmbeddedEngine embedded) {
      if (opened.equals(name)) {
        opening.countDown();
        try {
          answer.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      }
      return unused(Storage.class);
    }
  }
}
