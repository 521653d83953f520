package io.datanode;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.read.Cell;
import io.datanode.node.Nearest;
import io.datanode.read.JavaValues;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes records of rows. */
final class RecordMaker<R extends Record> {
  private static final Map<Class<?>, Class<?>> BOXES =
      Map.of(
          boolean.class, Boolean.class,
          byte.class, Byte.class,
          short.class, Short.class,
          int.class, Integer.class,
          long.class, Long.class,
          float.class, Float.class,
          double.class, Double.class);

  private final Class<R> type;
  private final Constructor<R> constructor;
  private final RecordComponent[] components;
  private final Cell[] cells;

  /**
   * For a class and columns.
   *
   * @throws DataNodeException 42703 if a component has no column, 0A000 if the class cannot be made
   */
  RecordMaker(Class<R> type, List<Cell> columns) {
    this.type = type;
    this.components = type.getRecordComponents();
    this.cells = new Cell[components.length];
    for (int i = 0; i < components.length; i++) {
      cells[i] = cell(components[i].getName(), columns);
    }
    try {
      this.constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
    } catch (NoSuchMethodException | RuntimeException e) {
      throw new DataNodeException(
          SqlState.NOT_SUPPORTED, "Record " + type.getName() + " cannot be made: " + e, e);
    }
  }

  private Cell cell(String component, List<Cell> columns) {
    List<String> labels = columns.stream().map(cell -> cell.column().label()).toList();
    int exact = labels.indexOf(component);
    if (exact >= 0) {
      return columns.get(exact);
    }
    return columns.stream()
        .filter(cell -> plain(cell.column().label()).equals(plain(component)))
        .findFirst()
        .orElseThrow(
            () ->
                new DataNodeException(
                    SqlState.UNDEFINED_COLUMN,
                    "There is no column for component '"
                        + component
                        + "' of record "
                        + type.getSimpleName()
                        + Nearest.hint(component, "the columns", labels)));
  }

  private static String plain(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }

  R make(int row) throws SQLException {
    Object[] values = new Object[cells.length];
    for (int i = 0; i < cells.length; i++) {
      values[i] = value(cells[i], row, components[i]);
    }
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      // The record itself refuses these values: its reason goes to the caller as it is.
      if (e.getCause() instanceof RuntimeException) {
        throw (RuntimeException) e.getCause();
      }
      throw new DataNodeException(
          SqlState.DATA_EXCEPTION, type.getName() + " refuses a row: " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new DataNodeException(
          SqlState.NOT_SUPPORTED, "Record " + type.getName() + " cannot be made: " + e, e);
    }
  }

  private @Nullable Object value(Cell cell, int row, RecordComponent component)
      throws SQLException {
    Class<?> wanted = component.getType();
    if (cell.isNull(row)) {
      if (wanted.isPrimitive()) {
        throw new DataNodeException(
            "22004",
            "Column '"
                + cell.column().label()
                + "' is NULL in a row; component '"
                + component.getName()
                + "' of record "
                + type.getSimpleName()
                + " is of type "
                + wanted
                + ", which has no null",
            null);
      }
      return null;
    }
    if (wanted == Object.class || wanted == List.class) {
      return JavaValues.of(cell, row);
    }
    return cell.as(row, BOXES.getOrDefault(wanted, wanted));
  }
}
