package io.datanode.schema;

import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageProvider;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Opens real storages, and counts how often they are asked to describe tables. */
final class CountingStorageProvider {
  private final AtomicInteger described = new AtomicInteger();
  private final AtomicInteger together = new AtomicInteger();
  private final List<StorageProvider> providers = new ArrayList<>();

  CountingStorageProvider(Iterable<StorageProvider> real) {
    real.forEach(provider -> providers.add(new Counted(provider)));
  }

  List<StorageProvider> all() {
    return providers;
  }

  /** Tables that were described by themselves. */
  int described() {
    return described.get();
  }

  /** How often many tables were described at once. */
  int together() {
    return together.get();
  }

  private final class Counted implements StorageProvider {
    private final StorageProvider real;

    private Counted(StorageProvider real) {
      this.real = real;
    }

    @Override
    public String type() {
      return real.type();
    }

    @Override
    public Storage open(String name, Map<String, String> options, EmbeddedEngine embedded) {
      Storage storage = real.open(name, options, embedded);
      return (Storage)
          Proxy.newProxyInstance(
              Storage.class.getClassLoader(),
              new Class<?>[] {Storage.class},
              (proxy, method, arguments) -> call(storage, method, arguments));
    }

    private Object call(Storage storage, Method method, Object[] arguments) throws Throwable {
      if (method.getName().equals("describe")) {
        described.incrementAndGet();
      } else if (method.getName().equals("describer")) {
        together.incrementAndGet();
      }
      try {
        return method.invoke(storage, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }
}
