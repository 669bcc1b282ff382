#!/usr/bin/python3
"""Files in a storage that speaks S3: a small server here keeps a bucket, works every signature out for itself (AWS Signature Version 4), and
lists what it has a few files at a time."""
import gzip
import hashlib
import hmac
import os
import re
import tempfile
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

import pyodbc
from harness import DRIVER, check, equal, refused, rows, run, tables

KEY, SECRET, REGION = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "eu-west-1"
FILES = {"top.csv": b"x\n1\n", "in/sales.csv": b"id,name\n1,one\n2,two\n", "in/a b+c&d%.csv": b"x\n7\n", "in/packed.csv.gz": gzip.compress(b"x\n9\n"),
         "in/deep/er.csv": b"x\n5\n", "in/notes.dat": b"x\n3\n", "in/größe.csv": b"x\n4\n", "in/": b"", "in/Schema.ini": b"[sales.csv]\nCol1=No Long\nCol2=What Text\n"}
PAGE = 2


def quoted(text, safe=""):
    return urllib.parse.quote(text, safe=safe + "-_.~")


def signature(handler, date, scope, names):
    """What the request must be signed with, by the description of the method."""
    path, _, query = handler.path.partition("?")
    pairs = sorted(pair.partition("=")[::2] for pair in query.split("&") if pair)
    request = "\n".join([handler.command, quoted(urllib.parse.unquote(path), "/"),
                         "&".join(f"{quoted(urllib.parse.unquote(name))}={quoted(urllib.parse.unquote(value))}" for name, value in pairs),
                         *(f"{name}:{' '.join(handler.headers.get(name, '').split())}" for name in names), "", ";".join(names),
                         handler.headers["x-amz-content-sha256"]])
    text = "\n".join(["AWS4-HMAC-SHA256", date, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = ("AWS4" + SECRET).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def is_signed(self):
        field = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=(\w+)/([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)", self.headers.get("Authorization", ""))
        if not field:
            return False
        key, scope, names, given = field.groups()
        names = names.split(";")
        day, region, service, end = scope.split("/")
        date = self.headers.get("x-amz-date", "")
        return (key == KEY and (region, service, end) == (REGION, "s3", "aws4_request") and date.startswith(day)
                and {"host", "x-amz-content-sha256", "x-amz-date"} <= set(names) and names == sorted(names)
                and self.headers["x-amz-content-sha256"] == hashlib.sha256(b"").hexdigest() and given == signature(self, date, scope, names))

    def do_GET(self):
        path, _, query = self.path.partition("?")
        path = urllib.parse.unquote(path)
        self.server.seen.append((path, query))
        bucket, _, key = path[1:].partition("/")
        if bucket != "open" and not self.is_signed():
            return self.answer(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>")
        if bucket == "moved":
            return self.answer(301)
        if key:
            return self.answer(200, FILES[key]) if key in FILES else self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        if bucket == "bomb":
            return self.answer(200, b'<!DOCTYPE a [<!ENTITY b "c.csv">]><ListBucketResult><Contents><Key>&b;</Key></Contents></ListBucketResult>')
        asked = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        if asked.get("list-type") != "2":
            return self.answer(400)
        found = sorted(name for name in FILES if name.startswith(asked["prefix"]) and name > asked.get("continuation-token", "")
                       and not (asked.get("delimiter") and "/" in name[len(asked["prefix"]):]))
        body = '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        body += "".join(f"<Contents><Key>{escape(name)}</Key><Size>{len(FILES[name])}</Size></Contents>" for name in found[:PAGE])
        body += f"<NextContinuationToken>{escape(found[PAGE - 1])}</NextContinuationToken>" if len(found) > PAGE else ""
        return self.answer(200, (body + "</ListBucketResult>").encode())


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads, server.seen = True, []
threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()


def connect(uri, **properties):
    given = {"URI": uri, "StorageBaseURL": f"http://127.0.0.1:{server.server_port}/", "AccessKey": KEY, "SecretKey": SECRET, "AWSRegion": REGION, **properties}
    return pyodbc.connect(f"Driver={DRIVER};Provider=CSV;" + ";".join(f"{name}={{{value}}}" for name, value in given.items() if value is not None),
                          autocommit=True)


def folders():
    connection = connect("s3://mine/in/")
    equal(tables(connection), ["a b+c&d%.csv", "größe.csv", "packed.csv", "sales.csv"], "the files of a folder are listed, however many lists that takes")
    equal(rows(connection, "SELECT No, What FROM [sales.csv]"), [(1, "one"), (2, "two")], "a file is read, as the Schema.ini there says")
    equal(rows(connection, "SELECT x FROM [a b+c&d%.csv] UNION ALL SELECT x FROM [größe.csv] UNION ALL SELECT x FROM [packed.csv]"), [(7,), (4,), (9,)],
          "whatever its name is, and packed")
    equal(rows(connection, "SELECT x FROM [deep/er.csv] UNION ALL SELECT x FROM [notes.dat]"), [(5,), (3,)], "paths that are not listed lead to files")
    refused(lambda: rows(connection, "SELECT * FROM [none.csv]"), "42S02", "a file that is not there", "404")
    plan = connection.execute("EXPLAIN SELECT * FROM [sales.csv]").fetchone()
    check("in/sales.csv" in plan.Request and SECRET not in plan.Request, "EXPLAIN tells the request", plan.Request)
    connection.close()
    connection = connect("s3://mine/in", Location="/")
    refused(lambda: rows(connection, "EXEC CreateSchema TableName = 'sales.csv'"), "HYC00", "no script is written that could not read it", "script")
    connection.close()
    connection = connect("s3://mine/in", IncludeSubdirectories="true")
    check("deep_er.csv" in tables(connection), "the files of folders within, too")
    connection.close()
    connection = connect("s3://mine")
    equal(tables(connection), ["top.csv"], "a bucket is a folder")
    connection.close()
    connection = connect("s3://mine/in/sales.csv")
    equal((tables(connection), rows(connection, "SELECT COUNT(*) FROM [sales.csv]")), (["sales.csv"], [(2,)]), "a single file")
    connection.close()
    connection = connect("s3://mine/in/sales.csv", AccessKey=None, SecretKey=None, AWSAccessKey=KEY, AWSSecretKey=SECRET)
    equal(rows(connection, "SELECT COUNT(*) FROM [sales.csv]"), [(2,)], "the key by its other names")
    connection.close()
    connection = connect("s3://open/in", AccessKey=None, SecretKey=None)
    equal(rows(connection, "SELECT No FROM [sales.csv]"), [(1,), (2,)], "what is everybody's needs no key")
    connection.close()


def refusals():
    refused(lambda: connect("s3://mine/in", SecretKey="wrong"), "28000", "a wrong secret", "SecretKey")
    refused(lambda: connect("s3://mine/in", AWSRegion="us-east-1"), "28000", "another region's signature", "403")
    refused(lambda: connect("s3://mine/in", AccessKey=None, SecretKey=None), "28000", "no key", "AccessKey")
    refused(lambda: connect("s3://mine/in", SecretKey=None), "HY000", "a key without its secret", "SecretKey")
    refused(lambda: connect("s3://moved/in"), "HY000", "a bucket that is elsewhere", "AWSRegion")
    refused(lambda: connect("s3://bomb"), "08S01", "a list with entities", "no list")
    refused(lambda: connect("s3:///in"), "HY000", "a URI without a bucket", "bucket")
    refused(lambda: connect("s3://mine/in", StorageBaseURL="http://files.example"), "HY000", "nothing is signed in the clear", "https")


def secrets():
    with tempfile.TemporaryDirectory(prefix="restodbc-csv-") as folder:
        log = os.path.join(folder, "log")
        connection = connect("s3://mine/in", Logfile=log, Verbosity="5")
        rows(connection, "SELECT * FROM [sales.csv]")
        connection.close()
        with open(log, encoding="utf-8", errors="replace") as file:
            text = file.read()
        check("sales.csv" in text and SECRET not in text and not re.search(r"Signature=[0-9a-f]", text), "neither secret nor signature is in the log")


run(folders, refusals, secrets)
