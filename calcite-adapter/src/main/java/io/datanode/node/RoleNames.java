package io.datanode.node;

import java.util.List;
import java.util.Set;

/** Names in use for columns of each role, as words in lower case joined by {@code _}. */
final class RoleNames {
  /** Names of a time index, best first. */
  static final List<String> TIME =
      List.of(
          "time_index",
          "timestamp",
          "timestamp_utc",
          "timestamp_ms",
          "timestamp_us",
          "timestamp_ns",
          "timestamp_s",
          "event_time",
          "event_ts",
          "event_timestamp",
          "datetime",
          "date_time",
          "end_time",
          "end_ts",
          "end_timestamp",
          "end_datetime",
          "bar_time",
          "bar_end",
          "close_time",
          "ts",
          "ts_utc",
          "ts_event",
          "ts_ms",
          "ts_us",
          "ts_ns",
          "ts_local",
          "time",
          "time_utc",
          "date",
          "trade_date",
          "trading_date",
          "trading_day",
          "business_date",
          "price_date",
          "observation_date",
          "obs_date",
          "period_end",
          "period_end_date",
          "end_date",
          "period",
          "fiscal_period_end",
          "report_date",
          "as_of_date",
          "asof_date",
          "as_of",
          "effective_date",
          "valuation_date",
          "rate_date",
          "start_time",
          "start_ts",
          "open_time",
          "epoch",
          "epoch_ms",
          "day");

  /** Names of the column that names the asset, or what else a row is about; best first. */
  static final List<String> ASSET =
      List.of(
          "asset_identifier",
          "unique_identifier",
          "full_symbol",
          "asset_uid",
          "asset_id",
          "asset",
          "instrument_identifier",
          "instrument_uid",
          "instrument_id",
          "instrument",
          "security_identifier",
          "security_id",
          "symbol",
          "ticker",
          "figi",
          "isin",
          "cusip",
          "sedol",
          "ric",
          "permno",
          "gvkey",
          "cik",
          "currency_pair",
          "pair",
          "index_identifier",
          "index_uid",
          "curve_identifier",
          "curve_uid",
          "entity_identifier",
          "entity_uid",
          "entity_id",
          "series_id",
          "series",
          "id");

  /** Pairs of columns that together name what a row is about. */
  static final List<List<String>> ASSET_PAIRS =
      List.of(
          List.of("base", "quote"),
          List.of("base_currency", "quote_currency"),
          List.of("from_currency", "to_currency"));

  /** Names of what a row is about that only count beside a time, best first. */
  static final List<String> WEAK_ASSET = List.of("currency", "country");

  /** Names of columns that are part of the key beside the asset. */
  static final Set<String> OWNER =
      Set.of(
          "account_identifier",
          "account_uid",
          "account_id",
          "account",
          "portfolio_identifier",
          "portfolio_uid",
          "portfolio_id",
          "portfolio",
          "fund_id",
          "fund_uid",
          "fund",
          "book",
          "strategy_id",
          "owner_uid",
          "holdings_set_uid",
          "signal_uid",
          "exchange_id",
          "exchange",
          "market",
          "venue",
          "level",
          "tenor");

  /** Names of a knowledge time; only unmistakable ones, because they change what a SELECT shows. */
  static final List<String> KNOWLEDGE =
      List.of(
          "knowledge_time",
          "knowledge_timestamp",
          "knowledge_time_utc",
          "knowledge_datetime",
          "knowledge_date",
          "published_at",
          "publication_time",
          "known_at",
          "available_at");

  /** Names of days and periods, which a number does not count from 1970. */
  static final Set<String> CALENDAR = Set.of("date", "day", "period");

  private RoleNames() {}
}
