package io.datanode.catalog;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A catalog that remembers what another publishes. After its time to live, the first reader still
 * gets what is remembered, while the source is read again in the background; where the source can
 * tell at once that it has changed, it is read again at once.
 *
 * <p>If the source fails, the last good snapshot stays in use, and {@link #lastError()} says why. A
 * snapshot that publishes the same as the one before is that same object.
 */
public final class CachingCatalog implements Catalog {
  private static final String ONLY_KEY = "snapshot";

  private final Catalog source;
  private final boolean remembers;
  private final LoadingCache<String, CatalogSnapshot> cache;
  private final Object reading = new Object();
  private volatile @Nullable CatalogSnapshot lastGood;
  private volatile @Nullable String lastError;

  /**
   * A catalog over a source, which it closes with itself.
   *
   * @param timeToLive how long a snapshot is used before it is read again; zero reads every time
   * @param ticker the clock, which tests turn by hand
   * @param executor runs the reading in the background
   */
  public CachingCatalog(Catalog source, Duration timeToLive, Ticker ticker, Executor executor) {
    this.source = source;
    this.remembers = !timeToLive.isZero();
    this.cache =
        Caffeine.newBuilder()
            .refreshAfterWrite(remembers ? timeToLive : Duration.ofDays(1))
            .ticker(ticker)
            .executor(executor)
            .build(key -> read());
  }

  @Override
  public String location() {
    return source.location();
  }

  @Override
  public CatalogSnapshot snapshot() {
    if (!remembers || source.changed()) {
      CatalogSnapshot fresh = read();
      cache.put(ONLY_KEY, fresh);
      return fresh;
    }
    return cache.get(ONLY_KEY);
  }

  @Override
  public CatalogSnapshot declared() {
    return source.declared();
  }

  @Override
  public boolean changed() {
    return source.changed();
  }

  @Override
  public void refresh() {
    source.refresh();
    cache.invalidateAll();
  }

  @Override
  public Optional<String> lastError() {
    return Optional.ofNullable(lastError);
  }

  @Override
  public void close() {
    source.close();
  }

  private CatalogSnapshot read() {
    synchronized (reading) {
      CatalogSnapshot known = lastGood;
      try {
        CatalogSnapshot fresh = source.snapshot();
        lastError = null;
        if (known == null || !known.equals(fresh)) {
          lastGood = fresh;
          return fresh;
        }
        return known;
      } catch (RuntimeException e) {
        if (known == null) {
          throw e;
        }
        lastError = e.getMessage();
        return known;
      }
    }
  }
}
