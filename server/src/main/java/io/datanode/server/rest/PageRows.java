package io.datanode.server.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.server.http.HttpError;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A page in the shape of the reference: {@code {…, "results": [{…}, …], "next_offset": n}}. Without
 * {@code next_offset}, which is null on the last page, it is incomplete.
 *
 * @see "mainsequence-sdk, get_data_from_filter in client/models_tdag.py at commit bf26dd41"
 */
final class PageRows implements RowsWriter {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final JsonText out;
  private final RowObjects rows;
  private final Map<String, ?> head;
  private final Supplier<@Nullable Long> nextOffset;

  /**
   * A writer.
   *
   * @param head members that come before the rows
   * @param nextOffset asked after the last row
   */
  PageRows(OutputStream out, Map<String, ?> head, Supplier<@Nullable Long> nextOffset) {
    this.out = new JsonText(out);
    this.rows = new RowObjects(this.out);
    this.head = head;
    this.nextOffset = nextOffset;
  }

  @Override
  public void begin(List<ResultColumn> columns, ZoneId zone) throws IOException {
    rows.begin(columns, zone);
    out.put('{');
    for (Map.Entry<String, ?> member : head.entrySet()) {
      out.string(member.getKey());
      out.put(':');
      out.put(MAPPER.writeValueAsBytes(member.getValue()));
      out.put(',');
    }
    out.put("\"results\":[");
    out.flush();
  }

  @Override
  public void rows(ColumnBatch batch) throws IOException {
    rows.write(batch);
  }

  @Override
  public void end(long count, boolean truncated) throws IOException {
    Long next = nextOffset.get();
    out.put("],\"next_offset\":");
    if (next == null) {
      out.nothing();
    } else {
      out.number(next);
    }
    out.put("}\n");
    out.flush();
  }

  @Override
  public void fail(HttpError error) throws IOException {
    JsonRows.fail(out, error);
  }
}
