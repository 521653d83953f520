package io.datanode.server.access;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.datanode.jdbc.SqlState;
import io.datanode.server.access.Authenticator.Verified;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out who sends a request, by its Authorization header. What was right stays known for five
 * minutes, so that a password is not hashed for every request, unless an authenticator's version
 * changes. Comparing runs on a few threads of its own: however many guess, requests of those who
 * are known already do not wait. Thread-safe.
 */
public final class Login implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Login.class);
  private static final Duration REMEMBERED = Duration.ofMinutes(5);
  private static final int MOST_REMEMBERED = 10_000;
  private static final int MOST_WAITING = 200;

  private final List<Authenticator> authenticators;
  private final InstantSource clock;
  private final FailedLogins failed;
  private final ThreadPoolExecutor threads;
  private final AsyncCache<ByteBuffer, Known> known;
  // What is remembered is found by a code of the header that is of no use outside this process.
  private final SecretKeySpec key;

  /**
   * What a comparison gave: who it is, or why nobody.
   *
   * @param version of the authenticators that were asked
   */
  private record Known(@Nullable Verified verified, long version, @Nullable SQLException refused) {}

  /**
   * A login.
   *
   * @param authenticators asked in this order; closed with this. If there are none, whoever reaches
   *     the server may use it
   */
  public Login(List<Authenticator> authenticators, InstantSource clock) {
    this.authenticators = List.copyOf(authenticators);
    this.clock = clock;
    this.failed = new FailedLogins(clock);
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    key = new SecretKeySpec(random, "HmacSHA256");
    int cores = Runtime.getRuntime().availableProcessors();
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            cores,
            cores,
            60,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            task -> {
              Thread thread = new Thread(task, "login-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    known =
        Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(REMEMBERED)
            .executor(threads)
            .buildAsync();
  }

  /** False if whoever reaches the server may use it. */
  public boolean required() {
    return !authenticators.isEmpty();
  }

  /**
   * The user with these credentials; complete at once if they are known already.
   *
   * @param header of the request, null if it has none
   * @param address of the client, without port
   * @return fails with an SQLException: 28000 without credentials, or with such that are malformed
   *     or expired; 28P01 if they are wrong; 53300 for a client that was wrong too often
   */
  public CompletableFuture<User> user(@Nullable String header, String address) {
    if (header == null) {
      return CompletableFuture.failedFuture(
          SqlState.INVALID_AUTHORIZATION.exception(
              "This server takes requests of known users only; give user and password, or a token"));
    }
    try {
      Credentials credentials = Credentials.ofHeader(header);
      ByteBuffer code = code(header);
      CompletableFuture<Known> found = known.getIfPresent(code);
      if (found != null && found.isDone() && !found.isCompletedExceptionally()) {
        Known now = found.join();
        if (now.verified() != null
            && now.version() == version()
            && clock.instant().isBefore(now.verified().until())) {
          return CompletableFuture.completedFuture(now.verified().user());
        }
        known.asMap().remove(code, found);
      }
      // Requests that come at once with the same header wait for one comparison.
      CompletableFuture<Known> asked =
          known.get(
              code,
              (any, executor) ->
                  CompletableFuture.supplyAsync(() -> verify(credentials, address), executor));
      return asked.thenCompose(
          each -> {
            if (each.verified() != null) {
              return CompletableFuture.completedFuture(each.verified().user());
            }
            known.asMap().remove(code, asked);
            return CompletableFuture.failedFuture(each.refused());
          });
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(
          SqlState.TOO_MANY_CONNECTIONS.exception(
              "Too many clients log in at the same time; try again in some seconds"));
    } catch (SQLException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private ByteBuffer code(String header) {
    try {
      Mac mac = Mac.getInstance(key.getAlgorithm());
      mac.init(key);
      return ByteBuffer.wrap(mac.doFinal(header.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has HmacSHA256", e);
    }
  }

  private long version() {
    long version = 0;
    for (Authenticator each : authenticators) {
      version += each.version();
    }
    return version;
  }

  private Known verify(Credentials credentials, String address) {
    try {
      String user = credentials instanceof Credentials.Password given ? given.user() : "";
      FailedLogins.Attempt attempt = failed.attempt(address, user);
      // Before the check: what changes meanwhile is checked again by the next request.
      long version = version();
      for (Authenticator each : authenticators) {
        Optional<Verified> verified = each.verify(credentials);
        if (verified.isPresent()) {
          attempt.succeeded();
          return new Known(verified.get(), version, null);
        }
      }
      LOGGER.warn("Login from {} failed with a wrong {}", address, described(credentials));
      throw SqlState.INVALID_PASSWORD.exception(
          credentials instanceof Credentials.Password
              ? "Login failed: user or password is wrong"
              : "Login failed: the token is not known");
    } catch (SQLException e) {
      // Not thrown: the cache would log it, with a stack trace, for each wrong password.
      return new Known(null, 0, e);
    }
  }

  // A password typed into the field for the user would be in the log.
  private static String described(Credentials credentials) {
    return credentials instanceof Credentials.Password ? "user or password" : "token";
  }

  @Override
  public void close() {
    threads.shutdownNow();
    authenticators.forEach(Authenticator::close);
  }
}
