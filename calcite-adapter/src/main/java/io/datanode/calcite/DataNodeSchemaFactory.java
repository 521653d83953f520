package io.datanode.calcite;

import io.datanode.DataNodeException;
import io.datanode.jdbc.ConnectUrl;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.node.Nearest;
import java.io.File;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.model.ModelHandler;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaFactory;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.Schemas;

/**
 * Publishes the nodes of a catalog as a schema of a Calcite model.
 *
 * <p>Operands: {@code catalog}, the path of a folder, {@code .duckdb} file or {@code catalog.yaml},
 * relative to the model; and every setting of the engine, such as {@code memoryLimit}. The default
 * namespace's nodes are tables of the schema, other namespaces are schemas in it.
 */
public final class DataNodeSchemaFactory implements SchemaFactory {
  private static final String CATALOG = "catalog";

  @Override
  public Schema create(SchemaPlus parentSchema, String name, Map<String, Object> operand) {
    Map<String, Object> operands = new TreeMap<>(operand);
    Object base = operands.get(ModelHandler.ExtraOperand.BASE_DIRECTORY.camelName);
    for (ModelHandler.ExtraOperand given : ModelHandler.ExtraOperand.values()) {
      operands.remove(given.camelName);
    }
    Object catalog = operands.remove(CATALOG);
    if (catalog == null) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          "Schema '"
              + name
              + "' of the model has no operand 'catalog'; expected the path of a folder, a .duckdb"
              + " file or a catalog.yaml");
    }
    Map<String, String> settings = settings(name, operands);
    Expression expression = Schemas.subSchemaExpression(parentSchema, name, DataNodeSchema.class);
    return DataNodeSchema.open(name, expression, location(base, catalog.toString()), settings);
  }

  private static String location(Object base, String catalog) {
    File file = new File(catalog);
    return file.isAbsolute() || base == null || ConnectUrl.isUrl(catalog)
        ? catalog
        : new File(new File(base.toString()), catalog).getPath();
  }

  private static Map<String, String> settings(String schema, Map<String, Object> operands) {
    Map<String, Setting> known = new HashMap<>();
    Arrays.stream(Setting.values())
        .filter(setting -> setting.scope() == Setting.Scope.ENGINE)
        .forEach(setting -> known.put(setting.key().toLowerCase(Locale.ROOT), setting));
    Map<String, String> settings = new HashMap<>();
    operands.forEach(
        (key, value) -> {
          Setting setting = known.get(key.toLowerCase(Locale.ROOT));
          if (setting == null) {
            throw unknown(schema, key, known.values().stream().map(Setting::key).toList());
          }
          settings.put(setting.key(), checked(schema, setting, value.toString()));
        });
    return settings;
  }

  private static String checked(String schema, Setting setting, String value) {
    try {
      setting.check(value);
      return value;
    } catch (SQLException e) {
      throw new DataNodeException(
          e.getSQLState(), "Schema '" + schema + "' of the model: " + e.getMessage(), e);
    }
  }

  private static DataNodeException unknown(String schema, String key, List<String> settings) {
    List<String> known = new ArrayList<>(settings);
    known.add(CATALOG);
    known.sort(null);
    return new DataNodeException(
        SqlState.CONFIGURATION_ERROR,
        "Schema '"
            + schema
            + "' of the model has no operand '"
            + key
            + "'"
            + Nearest.hint(key, "its operands", known));
  }
}
