#!/usr/bin/env python3
"""Runs a query over Avatica's JSON protocol and prints its rows, tab-separated.

Needs nothing but Python 3.8 and a server (``datanode demo``):

    python3 examples/avatica.py "SELECT * FROM daily_prices WHERE asset_identifier = ?" ALE00

Any language that can post JSON talks to the server like this, without a driver. Parameters are
sent as text, which the server reads as the type the query needs. TIMESTAMPs come as milliseconds
since 1970 in UTC; what needs more, such as microseconds as text, is in ``POST /v1/query``.
"""

import argparse
import base64
import datetime
import json
import sys
import urllib.error
import urllib.request
import uuid

ROWS_PER_REQUEST = 5_000


class Connection:
    """A connection of a server; closes it at the end of a ``with`` statement."""

    def __init__(self, url, login=None, **settings):
        self.url = url
        self.login = login
        self.id = str(uuid.uuid4())
        self.ask("openConnection", info=settings)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.ask("closeConnection")

    def ask(self, request, **arguments):
        """Sends a request; raises RuntimeError with the server's message."""
        body = {"request": request, **arguments}
        if "statementHandle" not in arguments:  # which names the connection itself
            body["connectionId"] = self.id
        headers = {"Content-Type": "application/json"}
        if self.login:
            headers["Authorization"] = "Basic " + base64.b64encode(self.login.encode()).decode()
        try:
            with urllib.request.urlopen(
                urllib.request.Request(self.url, json.dumps(body).encode(), headers)
            ) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as failure:
            error = json.load(failure)
            raise RuntimeError(
                f"{error.get('sqlState')} {error.get('errorMessage') or error.get('message')}"
            ) from None

    def query(self, sql, *parameters):
        """Gives the names of the columns, and an iterator over the rows."""
        statement = self.ask("prepare", sql=sql, maxRowCount=-1)["statement"]
        values = [{"type": "STRING", "value": value} for value in parameters]
        result = self.ask(
            "execute",
            statementHandle=statement,
            parameterValues=values,
            maxRowCount=ROWS_PER_REQUEST,
        )["results"][0]
        columns = result["signature"]["columns"]
        return [column["label"] for column in columns], self.rows(result, columns)

    def rows(self, result, columns):
        frame = result["firstFrame"]
        while True:
            for row in frame["rows"]:
                yield [value(cell, column) for cell, column in zip(row, columns)]
            if frame["done"]:
                self.ask("closeStatement", statementId=result["statementId"])
                return
            frame = self.ask(
                "fetch",
                statementId=result["statementId"],
                offset=frame["offset"] + len(frame["rows"]),
                fetchMaxRowCount=ROWS_PER_REQUEST,
            )["frame"]


def value(cell, column):
    """A TIMESTAMP as a datetime in UTC, a DATE as a date; all else as JSON has it."""
    if cell is None:
        return None
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    if column["type"]["id"] == 93:
        return epoch + datetime.timedelta(milliseconds=cell)
    if column["type"]["id"] == 91:
        return (epoch + datetime.timedelta(days=cell)).date()
    return cell


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("sql")
    arguments.add_argument("parameters", nargs="*")
    arguments.add_argument("--url", default="http://127.0.0.1:8765/")
    arguments.add_argument("--login", help="user:password")
    given = arguments.parse_args()
    with Connection(given.url, given.login) as connection:
        labels, rows = connection.query(given.sql, *given.parameters)
        print(*labels, sep="\t")
        for row in rows:
            print(*row, sep="\t")


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, urllib.error.URLError) as failure:
        sys.exit(str(failure))
