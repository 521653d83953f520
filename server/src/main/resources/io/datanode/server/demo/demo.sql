-- The data set of "datanode demo". Chance is a hash of what it is for, so that the same call
-- always gives the same rows. Each COPY makes one node.
SET threads = 1;

SET timezone = 'UTC';

CREATE MACRO chance(key) AS (hash(key) >> 11) / 9007199254740992.0;

CREATE MACRO normal(key) AS
  sqrt(-2 * ln(greatest(chance(key || '/a'), 1e-12))) * cos(2 * pi() * chance(key || '/b'));

CREATE TABLE first_words AS
SELECT unnest(['Alder', 'Birch', 'Cedar', 'Delta', 'Ember', 'Fjord', 'Granite', 'Harbour', 'Iris',
  'Juniper', 'Keystone', 'Lumen', 'Meridian', 'Northwind', 'Orchard', 'Pioneer', 'Quarry', 'Ridge',
  'Summit', 'Tundra', 'Umber', 'Vertex', 'Willow', 'Yarrow', 'Zenith']) AS word;

CREATE TABLE sectors AS
SELECT * FROM (VALUES
  (0, 'Energy', ['Energy', 'Petroleum']), (1, 'Materials', ['Mining', 'Chemicals']),
  (2, 'Industrials', ['Engineering', 'Rail']), (3, 'Consumer', ['Foods', 'Apparel']),
  (4, 'Health Care', ['Pharma', 'Devices']), (5, 'Financials', ['Bank', 'Insurance']),
  (6, 'Technology', ['Software', 'Semiconductors']), (7, 'Utilities', ['Power', 'Water'])
) AS s(id, sector, businesses);

CREATE TABLE asset AS
WITH numbered AS (
  SELECT i, chance('category/' || i) AS c, chance('currency/' || i) AS m, i % 8 AS sector_id,
    (SELECT list(word ORDER BY word) FROM first_words)[1 + CAST(i * 7 % 25 AS INTEGER)] AS word
  FROM range($assets) AS t(i)
), named AS (
  SELECT i, word, sector, m,
    CASE WHEN c < 0.84 THEN 'equity' WHEN c < 0.94 THEN 'etf' ELSE 'crypto' END AS category,
    businesses[1 + CAST(i // 8 % 2 AS INTEGER)] AS business
  FROM numbered JOIN sectors ON sectors.id = sector_id
)
SELECT i,
  upper(word[1:2] || business[1:1]) || format('{:02d}', i) AS asset_identifier,
  CASE category
    WHEN 'equity' THEN word || ' ' || business
    WHEN 'etf' THEN word || ' ' || sector || ' ETF'
    ELSE word || ' Coin' END AS name,
  category,
  CASE WHEN category = 'equity' THEN sector END AS sector,
  CASE WHEN category = 'crypto' OR m < 0.55 THEN 'USD' WHEN m < 0.75 THEN 'EUR'
    WHEN m < 0.87 THEN 'GBP' WHEN m < 0.95 THEN 'CHF' ELSE 'JPY' END AS currency,
  1985 + CAST(floor(chance('listed/' || i) * 35) AS INTEGER) AS listing_year,
  10 + 190 * chance('price/' || i) * CASE WHEN m >= 0.95 AND category <> 'crypto' THEN 100 ELSE 1 END
    AS first_price,
  CASE category WHEN 'crypto' THEN 0.035 WHEN 'etf' THEN 0.009 ELSE 0.017 END AS volatility,
  CAST(exp(11 + 3 * chance('volume/' || i)) AS BIGINT) AS usual_volume
FROM named;

COPY (
  SELECT asset_identifier, name, category, sector, currency, listing_year
  FROM asset ORDER BY asset_identifier
) TO '$folder/assets.parquet' (FORMAT parquet, COMPRESSION zstd);

CREATE TABLE session AS
SELECT CAST(d AS DATE) AS day
FROM generate_series(DATE '2026-01-01' - INTERVAL $years YEAR, DATE '2025-12-31', INTERVAL 1 DAY)
  AS t(d)
WHERE dayofweek(d) BETWEEN 1 AND 5
  AND NOT (month(d) = 1 AND day(d) = 1) AND NOT (month(d) = 12 AND day(d) IN (25, 26));

CREATE TABLE price AS
WITH step AS (
  SELECT asset.*, day,
    0.00025 + volatility * (0.85 * normal(asset_identifier || day) + 0.5 * normal('market' || day))
      AS log_return
  FROM asset CROSS JOIN session
), path AS (
  SELECT *, first_price * exp(sum(log_return) OVER (PARTITION BY i ORDER BY day)) AS close
  FROM step
), opened AS (
  SELECT *, lag(close, 1, first_price) OVER (PARTITION BY i ORDER BY day)
    * exp(0.3 * volatility * normal('open' || asset_identifier || day)) AS open
  FROM path
)
SELECT i, asset_identifier, day, volatility, usual_volume,
  make_timestamptz(CAST(epoch_us(CAST(day AS TIMESTAMP)) AS BIGINT)) + INTERVAL 21 HOUR
    AS time_index,
  round(open, 2) AS open,
  round(greatest(open, close) * (1 + 0.6 * volatility * chance('high' || asset_identifier || day)), 2)
    AS high,
  round(least(open, close) * (1 - 0.6 * volatility * chance('low' || asset_identifier || day)), 2)
    AS low,
  round(close, 2) AS close,
  CAST(usual_volume * exp(0.5 * normal('traded' || asset_identifier || day)) AS BIGINT) AS volume
FROM opened;

COPY (
  SELECT time_index, asset_identifier, open, high, low, close, volume
  FROM price ORDER BY time_index, asset_identifier
) TO '$folder/daily_prices.parquet' (FORMAT parquet, COMPRESSION zstd);

COPY (
  WITH minute AS (
    SELECT p.*, m,
      make_timestamptz(CAST(epoch_us(CAST(day AS TIMESTAMP)) AS BIGINT))
        + INTERVAL 870 MINUTE + to_minutes(m) AS bar_start,
      exp(volatility / 20 * sum(normal(asset_identifier || day || '/' || m))
        OVER (PARTITION BY i, day ORDER BY m)) AS drift
    FROM price AS p CROSS JOIN range(390) AS r(m)
    WHERE day BETWEEN DATE '2025-12-15' AND DATE '2025-12-19'
  ), bar AS (
    SELECT *, open * lag(drift, 1, 1) OVER (PARTITION BY i, day ORDER BY m) AS o, open * drift AS c
    FROM minute
  )
  SELECT bar_start AS time_index, asset_identifier,
    round(o, 2) AS open,
    round(greatest(o, c) * (1 + volatility / 50 * chance('h' || asset_identifier || bar_start)), 2) AS high,
    round(least(o, c) * (1 - volatility / 50 * chance('l' || asset_identifier || bar_start)), 2) AS low,
    round(c, 2) AS close,
    CAST(1 + usual_volume / 390 * exp(normal('v' || asset_identifier || bar_start)) AS BIGINT) AS volume
  FROM bar
  WHERE chance('trade' || asset_identifier || bar_start) > 0.04
    AND NOT (i % 10 = 3 AND day = DATE '2025-12-17' AND m BETWEEN 120 AND 179)
  ORDER BY time_index, asset_identifier
) TO '$folder/minute_bars.parquet' (FORMAT parquet, COMPRESSION zstd);

CREATE TABLE reported AS
WITH quarter AS (
  SELECT CAST(q AS DATE) - 1 AS period_end,
    row_number() OVER (ORDER BY q) AS n
  FROM generate_series(DATE '2025-04-01' - INTERVAL $years YEAR, DATE '2025-10-01', INTERVAL 3 MONTH)
    AS t(q)
)
SELECT asset_identifier, period_end,
  make_timestamptz(CAST(epoch_us(CAST(period_end AS TIMESTAMP)) AS BIGINT))
    + to_days(CAST(25 + 20 * chance('published' || asset_identifier || period_end) AS INTEGER))
    + INTERVAL 11 HOUR + to_minutes(CAST(30 * floor(8 * chance('minute' || asset_identifier || n)) AS INTEGER))
    AS published_at,
  40 + 160 * chance('shares/' || i) AS shares,
  first_price * (40 + 160 * chance('shares/' || i)) / 14
    * (1 + 0.012 * n + 0.06 * normal('revenue' || asset_identifier || period_end)) AS revenue,
  0.07 + 0.08 * chance('margin/' || i) + 0.015 * normal('margin' || asset_identifier || period_end)
    AS margin
FROM asset CROSS JOIN quarter
WHERE category = 'equity';

COPY (
  WITH version AS (
    SELECT *, 1.0 AS factor FROM reported
    UNION ALL
    SELECT * REPLACE (published_at + to_days(CAST(20 + 30 * chance('late' || asset_identifier || period_end) AS INTEGER)) AS published_at),
      1 + 0.15 * normal('restated' || asset_identifier || period_end)
    FROM reported
    WHERE chance('restate' || asset_identifier || period_end) < 0.12
  )
  SELECT period_end, asset_identifier, published_at,
    round(revenue, 1) AS revenue,
    round(revenue * margin * factor, 1) AS net_income,
    round(shares, 1) AS shares,
    round(revenue * margin * factor / shares, 3) AS eps
  FROM version
  ORDER BY period_end, asset_identifier, published_at
) TO '$folder/fundamentals.parquet' (FORMAT parquet, COMPRESSION zstd);

COPY (
  WITH currency AS (
    SELECT * FROM (VALUES ('EUR', 1.12), ('GBP', 1.28), ('CHF', 1.09), ('JPY', 0.0078)) AS c(currency, first_rate)
  ), rate AS (
    SELECT day, currency, first_rate
      * exp(sum(0.0042 * normal(currency || day)) OVER (PARTITION BY currency ORDER BY day)) AS rate
    FROM currency CROSS JOIN session
  )
  SELECT make_timestamptz(CAST(epoch_us(CAST(day AS TIMESTAMP)) AS BIGINT)) + INTERVAL 15 HOUR AS time_index,
    currency, round(rate, 6) AS rate
  FROM rate
  UNION ALL
  SELECT make_timestamptz(CAST(epoch_us(CAST(day AS TIMESTAMP)) AS BIGINT)) + INTERVAL 15 HOUR, 'USD', 1
  FROM session
  ORDER BY time_index, currency
) TO '$folder/fx_rates.parquet' (FORMAT parquet, COMPRESSION zstd);

COPY (
  WITH month_end AS (
    SELECT max(day) AS day FROM session GROUP BY date_trunc('month', day)
  ), portfolio AS (
    SELECT unnest(['balanced', 'growth', 'income']) AS portfolio
  )
  SELECT make_timestamptz(CAST(epoch_us(CAST(day AS TIMESTAMP)) AS BIGINT)) + INTERVAL 21 HOUR AS time_index,
    portfolio, asset_identifier,
    CAST(100 * ceil(40 * chance('quantity' || portfolio || asset_identifier)
      * (1 + 0.3 * chance('trade' || portfolio || asset_identifier || day))) AS BIGINT) AS quantity
  FROM month_end CROSS JOIN portfolio CROSS JOIN asset
  WHERE chance('held' || portfolio || asset_identifier) < 0.25
    AND chance('sold' || portfolio || asset_identifier || day) > 0.05
  ORDER BY time_index, portfolio, asset_identifier
) TO '$folder/holdings.parquet' (FORMAT parquet, COMPRESSION zstd);
