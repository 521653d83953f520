package io.datanode.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NameListTest {
  private static void assertText(String text, String... names) {
    assertEquals(text, NameList.join(List.of(names)));
    assertEquals(List.of(names), NameList.split(text));
  }

  @Test
  void namesAreSeparatedByCommas() {
    assertText("");
    assertText("sequence", "sequence");
    assertText("fund, share class", "fund", "share class");
  }

  @Test
  void namesThatWouldBeReadAsOthersAreQuoted() {
    assertText("\"a, b\", c", "a, b", "c");
    assertText("\"say \"\"x\"\"\", \"\", \" y\"", "say \"x\"", "", " y");
  }
}
