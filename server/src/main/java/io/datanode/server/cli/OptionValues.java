package io.datanode.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values of options that are not on the command line: from the environment, else from a YAML file.
 * The name is the same everywhere: {@code --max-sessions}, {@code DATANODE_MAX_SESSIONS}, {@code
 * max-sessions:}.
 */
final class OptionValues implements IDefaultValueProvider {
  private static final String PREFIX = "DATANODE_";
  private static final String CONFIG = "--config";

  private final Map<String, String> environment;
  private final Map<String, String> file;

  private OptionValues(Map<String, String> environment, Map<String, String> file) {
    this.environment = environment;
    this.file = file;
  }

  /**
   * The values for a command line.
   *
   * @throws DataNodeException F0000 or 58030 if the YAML file cannot be read or has unknown keys
   */
  static OptionValues of(String[] args, Map<String, String> environment, CommandLine commandLine) {
    String config = environment.get(PREFIX + "CONFIG");
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals(CONFIG) && i + 1 < args.length) {
        config = args[i + 1];
      } else if (args[i].startsWith(CONFIG + "=")) {
        config = args[i].substring(CONFIG.length() + 1);
      }
    }
    return new OptionValues(
        environment, config == null ? Map.of() : read(Path.of(config), commandLine));
  }

  private static Map<String, String> read(Path path, CommandLine commandLine) {
    JsonNode root;
    try {
      root = new YAMLMapper().readTree(Files.readString(path));
    } catch (JsonProcessingException e) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          path
              + ":"
              + e.getLocation().getLineNr()
              + ": this is not YAML: "
              + e.getOriginalMessage().lines().findFirst().orElse(""),
          e);
    } catch (IOException e) {
      throw new DataNodeException(
          SqlState.FILE_ERROR, "The configuration file '" + path + "' cannot be read", e);
    }
    TreeSet<String> known = keys(commandLine);
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      String key = entry.getKey();
      if (!known.contains(key)) {
        throw new DataNodeException(
            SqlState.CONFIGURATION_ERROR,
            path + ": there is no option '" + key + "'" + Nearest.hint(key, "the options", known));
      }
      values.put(key, text(entry.getValue()));
    }
    return values;
  }

  private static String text(JsonNode value) {
    if (value.isObject()) {
      return value.properties().stream()
          .map(entry -> entry.getKey() + "=" + text(entry.getValue()))
          .collect(Collectors.joining(";"));
    }
    return value.isArray()
        ? StreamSupport.stream(value.spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining(","))
        : value.asText();
  }

  private static TreeSet<String> keys(CommandLine commandLine) {
    TreeSet<String> keys = new TreeSet<>();
    for (OptionSpec option : commandLine.getCommandSpec().options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        keys.add(key(option));
      }
    }
    commandLine.getSubcommands().values().forEach(command -> keys.addAll(keys(command)));
    return keys;
  }

  private static String key(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
      return null;
    }
    String key = key(option);
    String name = PREFIX + key.toUpperCase(Locale.ROOT).replace('-', '_');
    return environment.containsKey(name) ? environment.get(name) : file.get(key);
  }
}
