package io.datanode.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * By what a file or folder is seen to have changed, without reading it.
 *
 * @param modified null if it cannot be looked at
 * @param key tells a file from another one of the same name; null where the file system has none
 */
public record FileStamp(@Nullable FileTime modified, long size, @Nullable Object key) {
  /** The stamp that a file has now. */
  public static FileStamp of(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileStamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    } catch (IOException e) {
      return new FileStamp(null, 0, null);
    }
  }
}
