#!/usr/bin/env python3
"""Reads all rows of a search, page by page, with the types of their columns.

Needs nothing but Python 3.8 and a server (``datanode demo``):

    python3 examples/search.py daily_prices --where asset_identifier eq ALE00 --first 5

Pages as the client of Main Sequence does: asks for 14,000 rows at a time and goes on at
``next_offset`` until there is none. Types come from ``data_node_storage_map``, so that 64-bit
integers, decimals and NULLs arrive as they are stored. Times that Python does not hold, which are
infinite ones, nanoseconds, and years before 1 or after 9999, stay text.
"""

import argparse
import base64
import datetime
import decimal
import gzip
import http.client
import json
import re
import sys
import urllib.error
import urllib.request

PAGE = 14_000


def pages(url, request):
    """Yields the pages of a search, the first one at request["offset"]."""
    offset = request.get("offset", 0)
    while True:
        page = post(url + "/v1/search", {**request, "limit": PAGE, "offset": offset})
        yield page
        offset = page["next_offset"]
        if not offset:
            return


def post(url, body):
    """Posts JSON and reads JSON; raises RuntimeError with the server's message."""
    request = urllib.request.Request(
        url,
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Accept-Encoding": "gzip"},
    )
    try:
        with urllib.request.urlopen(request) as response:
            return read(response)
    except urllib.error.HTTPError as error:
        reason = read(error)["error"]
        raise RuntimeError(f"[{reason['kind']}:{reason['code']}] {reason['message']}") from None
    except urllib.error.URLError as error:
        raise RuntimeError(f"No answer from {url}: {error.reason}") from None
    except (http.client.IncompleteRead, ConnectionError, EOFError) as error:
        raise RuntimeError(f"The answer of {url} breaks off: {error}") from None


def read(response):
    content = response.read()
    if response.headers.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    # Decimal keeps all digits; columns of type float64 become float below.
    return json.loads(content, parse_float=decimal.Decimal)


def date(text):
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return text


def timestamp(text):
    if re.search(r"\.\d{7}", text):
        return text
    try:
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return text


# By the tokens of column_dtypes_map; what is not here, such as string and uuid, stays as it is.
READERS = {
    "date": date,
    "time": datetime.time.fromisoformat,
    "timestamp with time zone": timestamp,
    "datetime64[ns]": timestamp,
    "binary": base64.b64decode,
    "bool": bool,
    "int16": int,
    "int32": int,
    "int64": int,
    "float32": float,
    "float64": float,
    "numeric": decimal.Decimal,
    "json": json.loads,
    "jsonb": json.loads,
}


def readers(page):
    """By column of the rows, what makes a value of its JSON."""
    by_column = {}
    for alias, storage in page["data_node_storage_map"].items():
        for column, dtype in storage["sourcetableconfiguration"]["column_dtypes_map"].items():
            reader = READERS.get(dtype, lambda value: value)
            by_column[f"{alias}__{column}"] = reader
            # Keys come without a prefix: those of the index, and what joins are on.
            by_column.setdefault(column, reader)
    return by_column


def rows(url, request):
    """Yields the rows of a search as dictionaries of Python values; NULL is None."""
    for page in pages(url, request):
        by_column = readers(page)
        for row in page["results"]:
            yield {
                name: None if value is None else by_column[name](value)
                for name, value in row.items()
            }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("node", help="identifier of a node")
    parser.add_argument("--url", default="http://127.0.0.1:8765")
    parser.add_argument(
        "--where", nargs=3, action="append", default=[], metavar=("COLUMN", "OP", "VALUE")
    )
    parser.add_argument("--first", type=int, help="stop after so many rows")
    arguments = parser.parse_args()
    request = {"node_unique_identifier": arguments.node}
    if arguments.where:
        request["filter"] = {
            "type": "group",
            "logic": "and",
            "items": [
                {"type": "condition", "field": column, "op": op, "value": value}
                for column, op, value in arguments.where
            ],
        }
    count = 0
    for row in rows(arguments.url, request):
        if arguments.first is not None and count >= arguments.first:
            break
        print(row)
        count += 1
    print(f"{count} rows", file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as error:
        sys.exit(str(error))
