package io.datanode.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.JDBCType;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLType;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every method of JDBC's interfaces works, or says that it is not offered and is in the list of
 * docs/jdbc.md; there is nothing else in that list.
 */
@Timeout(60)
class NotOfferedTest {
  private static final Pattern ROW = Pattern.compile("\\| (\\w+) \\| (.+) \\| .+ \\|");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  /** What a call that is offered may be refused with: this value, or at this moment. */
  private static final Set<String> REFUSALS =
      Set.of("07001", "07009", "22003", "22018", "22023", "24000", "42000", "42601");

  private static final Map<Class<?>, Object> SAMPLES =
      Map.ofEntries(
          Map.entry(int.class, 1),
          Map.entry(long.class, 1L),
          Map.entry(short.class, (short) 1),
          Map.entry(byte.class, (byte) 1),
          Map.entry(float.class, 1f),
          Map.entry(double.class, 1.0),
          Map.entry(boolean.class, true),
          Map.entry(byte[].class, new byte[] {1}),
          Map.entry(int[].class, new int[] {1}),
          Map.entry(String[].class, new String[] {"n"}),
          Map.entry(Object[].class, new Object[] {1L}),
          Map.entry(Object.class, 1L),
          Map.entry(Class.class, Long.class),
          Map.entry(Map.class, Map.of()),
          Map.entry(Properties.class, new Properties()),
          Map.entry(BigDecimal.class, BigDecimal.ONE),
          Map.entry(Date.class, new Date(0)),
          Map.entry(Time.class, new Time(0)),
          Map.entry(Timestamp.class, new Timestamp(0)),
          Map.entry(Calendar.class, new GregorianCalendar()),
          Map.entry(SQLType.class, JDBCType.BIGINT),
          Map.entry(Executor.class, (Executor) Runnable::run));

  private interface Opening {
    Object from(Connection connection) throws SQLException;
  }

  private static final Map<Class<?>, Opening> INTERFACES =
      Map.of(
          Connection.class,
          connection -> connection,
          Statement.class,
          Connection::createStatement,
          PreparedStatement.class,
          connection -> connection.prepareStatement("VALUES ?"),
          ResultSet.class,
          NotOfferedTest::row,
          ResultSetMetaData.class,
          connection -> row(connection).getMetaData(),
          ParameterMetaData.class,
          connection -> connection.prepareStatement("VALUES ?").getParameterMetaData(),
          DatabaseMetaData.class,
          Connection::getMetaData,
          Array.class,
          NotOfferedTest::array,
          DataSource.class,
          connection -> new DataNodeDataSource("jdbc:datanode:memory-not-offered"));

  private static ResultSet row(Connection connection) throws SQLException {
    ResultSet rows = connection.createStatement().executeQuery("COUNT 1");
    assertTrue(rows.next());
    return rows;
  }

  private static Array array(Connection connection) throws SQLException {
    return connection.createArrayOf("BIGINT", new Object[] {1L});
  }

  private final List<String> unclear = new ArrayList<>();

  @Test
  void whatIsNotOfferedIsListedAndNothingElse() throws Exception {
    Set<String> refused = new TreeSet<>();
    for (Class<?> type : INTERFACES.keySet()) {
      Set<String> works = new TreeSet<>();
      Set<String> not = new TreeSet<>();
      for (Method method : type.getMethods()) {
        boolean inherited = type == PreparedStatement.class && isOf(Statement.class, method);
        if (!inherited) {
          (works(type, method) ? works : not).add(signature(method));
        }
      }
      for (String method : not) {
        String name = name(method);
        boolean some = works.stream().anyMatch(other -> name(other).equals(name));
        refused.add(type.getSimpleName() + "." + (some ? method : name));
      }
    }
    assertEquals(List.of(), unclear, "refusals without SQLSTATE or message");
    Set<String> matched = new TreeSet<>();
    for (String entry : listed()) {
      List<String> fitting =
          refused.stream().filter(call -> fits(entry, call)).collect(Collectors.toList());
      assertFalse(fitting.isEmpty(), entry + " is listed, but works");
      matched.addAll(fitting);
    }
    assertEquals(refused, matched, "methods refused, and those listed");
  }

  /** Entries of the table, as {@code ResultSet.update…} or {@code Connection.prepareCall}. */
  private static List<String> listed() throws Exception {
    String page = Files.readString(Path.of("../docs/jdbc.md"));
    String section = page.substring(page.indexOf("## Not offered"));
    List<String> entries = new ArrayList<>();
    for (String line : section.lines().collect(Collectors.toList())) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Matcher name = NAME.matcher(row.group(2));
        while (name.find()) {
          entries.add(row.group(1) + "." + name.group(1));
        }
      }
    }
    return entries;
  }

  private static boolean fits(String entry, String call) {
    return entry.endsWith("…")
        ? call.startsWith(entry.substring(0, entry.length() - 1))
        : call.equals(entry);
  }

  private static boolean isOf(Class<?> type, Method method) {
    return Arrays.stream(type.getMethods())
        .anyMatch(other -> signature(other).equals(signature(method)));
  }

  private static String signature(Method method) {
    return method.getName()
        + Arrays.stream(method.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(", ", "(", ")"));
  }

  private static String name(String signature) {
    return signature.substring(0, signature.indexOf('('));
  }

  /** True if the method works, or refuses the sample; false if it says that it is not offered. */
  private boolean works(Class<?> type, Method method) throws Exception {
    try (Connection connection =
        DriverManager.getConnection("jdbc:datanode:memory-not-offered?user=ann")) {
      Object target = INTERFACES.get(type).from(connection);
      Object[] arguments = new Object[method.getParameterCount()];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = sample(connection, method, i);
      }
      try {
        method.invoke(target, arguments);
        return true;
      } catch (InvocationTargetException e) {
        Throwable cause = e.getCause();
        SQLException refusal =
            assertInstanceOf(SQLException.class, cause, () -> method + " threw " + cause);
        boolean offered = !(refusal instanceof SQLFeatureNotSupportedException);
        if (refusal.getMessage() == null
            || !(offered ? REFUSALS : Set.of("0A000"))
                .contains(String.valueOf(refusal.getSQLState()))) {
          unclear.add(type.getSimpleName() + "." + signature(method) + ": " + refusal);
        }
        return offered;
      }
    }
  }

  private static Object sample(Connection connection, Method method, int index) throws Exception {
    Class<?> type = method.getParameterTypes()[index];
    if (type == String.class) {
      return method.getDeclaringClass() == ResultSet.class ? "n" : "COUNT 1";
    }
    if (type == InputStream.class) {
      return new ByteArrayInputStream("1".getBytes(StandardCharsets.UTF_8));
    }
    if (type == Reader.class) {
      return new StringReader("1");
    }
    if (type == URL.class) {
      return new URL("http://127.0.0.1/");
    }
    if (type == Array.class) {
      return array(connection);
    }
    boolean jdbc = type.isInterface() && type.getName().startsWith("java.sql.");
    return SAMPLES.containsKey(type) || !jdbc
        ? SAMPLES.get(type)
        : Proxy.newProxyInstance(
            NotOfferedTest.class.getClassLoader(), new Class<?>[] {type}, (p, m, a) -> null);
  }
}
