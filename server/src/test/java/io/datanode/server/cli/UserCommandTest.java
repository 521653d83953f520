package io.datanode.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code datanode user} and {@code datanode token}. */
class UserCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String input, String... arguments) {
    Terminal terminal =
        Terminal.none().with(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    return Main.run(
        arguments, Map.of(), terminal, new PrintWriter(out), new PrintWriter(err, true));
  }

  @Test
  void aUserIsAddedChangedListedAndRemoved() throws Exception {
    Path users = folder.resolve("users");
    Files.writeString(users, "# ours\n");
    String file = "--users=" + users;
    assertEquals(0, run("first password\n", "user", "add", "alice", file, "--roles", "b,a"));
    assertEquals(0, run("another one\n", "user", "add", "bob", file));
    String before = Files.readString(users);
    assertTrue(before.startsWith("# ours\nalice:$argon2id$v=19$m=19456,t=2,p=1$"), before);
    assertFalse(before.contains("password"), before);
    assertEquals(0, run("second password\n", "user", "passwd", "alice", file));
    assertFalse(Files.readString(users).equals(before));
    out.getBuffer().setLength(0);
    assertEquals(0, run("", "user", "list", file));
    assertEquals("alice a,b\nbob\n", out.toString());
    assertEquals(0, run("", "user", "remove", "alice", file));
    out.getBuffer().setLength(0);
    assertEquals(0, run("", "user", "list", file));
    assertEquals("bob\n", out.toString());
  }

  @Test
  void onlyTheOwnerReadsTheFile() throws Exception {
    Path users = folder.resolve("users");
    assertEquals(0, run("a password\n", "user", "add", "alice", "--users=" + users));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(users)));
  }

  @Test
  void whatIsWrongIsSaidWithoutThePassword() {
    String file = "--users=" + folder.resolve("users");
    assertEquals(1, run("short\n", "user", "add", "alice", file));
    assertEquals(1, run("", "user", "add", "alice", file));
    assertEquals(1, run("long enough\n", "user", "add", "al:ice", file));
    assertEquals(1, run("long enough\n", "user", "passwd", "alice", file));
    assertEquals(
        """
        error 22023: The password is too short; expected 8 characters or more
        error 22023: There is no password; expected it as a line of the input
        error 22023: A user cannot have this name; expected 1 to 256 visible characters without ':'
        error 22023: There is no user 'alice' in '%s'
        """
            .formatted(folder.resolve("users")),
        err.toString());
  }

  @Test
  void aPasswordIsNoArgument() {
    assertEquals(
        2, run("", "user", "add", "alice", "--password=x", "--users=" + folder.resolve("users")));
  }

  @Test
  void aTokenIsPrintedOnce() throws Exception {
    Path tokens = folder.resolve("tokens");
    String file = "--tokens=" + tokens;
    assertEquals(0, run("", "token", "add", "loader", file, "--expires-after=P30D"));
    String token = out.toString().strip();
    assertTrue(token.matches("dn_[A-Za-z0-9_-]{43}"), token);
    assertFalse(Files.readString(tokens).contains(token));
    out.getBuffer().setLength(0);
    assertEquals(0, run("", "token", "list", file));
    String[] listed = out.toString().split(" ");
    assertEquals("loader", listed[1]);
    assertEquals(0, run("", "token", "remove", listed[0], file));
    assertEquals("", Files.readString(tokens));
    assertEquals(1, run("", "token", "remove", listed[0], file));
  }
}
