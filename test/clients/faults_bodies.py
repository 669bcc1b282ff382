#!/usr/bin/python3
"""Answers that are not what they should be: damaged or bloated compression, no JSON, no UTF-8, too deep, too large, values that do not fit,
pages that repeat themselves, go in circles or change while they are read. Rows that were whole are kept, no row comes twice from one page,
and whatever can not be read is an error that names the place."""
import gzip
import os
import sys
import zlib

from harness import SOURCE, check, equal, run

sys.path.insert(0, os.path.join(SOURCE, "test", "clients", "faulty"))
from service import CLOSE, Outcome, Service, connected, http, judge, things  # noqa: E402

ALL = "SELECT Id FROM Things"
ONE, TWO = [("1",), ("2",)], [("3",), ("4",)]
PAGE = http(things(1, 2))
FIRST = http(things(1, 2, next="/second"))


def packed(body, coding="gzip", **fields):
    return http(body, Content_Encoding=coding, **fields)


def second_page(service, statement, name, steps, rows, state, *words, requests=2, warning=None, query=ALL):
    """The first page is good, the second is this."""
    service.tell(things=[FIRST], second=[steps])
    outcome = judge(name, Outcome(statement, query), rows, state, words, warning)
    equal(len(service.targets()), requests, f"{name}: the requests")
    if state is not None:
        service.tell(things=[FIRST], second=[steps])
        judge(name + ", counted", Outcome(statement, "SELECT COUNT(*) FROM Things"), [], state, words)
        service.tell(things=[PAGE])
        judge(name + ", afterwards", Outcome(statement, ALL), ONE)
    return outcome


def compression():
    page = things(3, 4).encode()
    good = gzip.compress(page)
    flate = zlib.compressobj(wbits=-15)
    raw = flate.compress(page) + flate.flush()
    with Service() as service, connected(service.base) as connection:
        statement = connection.statement()
        for name, steps, state, requests, *words in (
                ("gzip", packed(good), None, 2), ("deflate as zlib", packed(zlib.compress(page), "deflate"), None, 2),
                ("deflate without a head", packed(raw, "deflate"), None, 2),
                ("gzip twice", packed(gzip.compress(good), "gzip, gzip"), None, 2),
                ("gzip in chunks", [http("", Content_Encoding="gzip", Content_Length=None, Transfer_Encoding="chunked")
                                    + b"%x\r\n%s\r\n0\r\n\r\n" % (len(good), good)], None, 2),
                ("gzip with a wrong checksum", packed(good[:-8] + bytes(4) + good[-4:]), "08S01", 3, "/second"),
                ("gzip with a wrong length", packed(good[:-4] + b"\xff\xff\xff\x7f"), "08S01", 3, "/second"),
                ("gzip damaged inside", packed(good[:14] + bytes([good[14] ^ 255, good[15] ^ 255]) + good[16:]), "08S01", 3, "/second"),
                ("gzip that is none", packed(page), "08S01", 3, "/second"),
                ("gzip cut off, and said to be whole", packed(good[:-12]), "08S01", (2, 3), "/second"),
                ("a compression that nobody asked for", packed(page, "rot13"), "08S01", 3, "/second")):
            service.tell(things=[FIRST], second=[steps])
            judge(name, Outcome(statement, ALL), ONE + TWO if state is None else ONE, state, words)
            made = len(service.targets())
            check(made in (requests if isinstance(requests, tuple) else (requests,)), f"{name}: the requests", made)
        bomb = gzip.compress(b'{"things":[' + b" " * (80 << 20) + b"]}", 9)
        second_page(service, statement, "a bomb of 80 MiB in gzip", packed(bomb), ONE, "08S01", "larger than", "/second")
        second_page(service, statement, "a bomb in two layers", packed(gzip.compress(bomb, 9), "gzip, gzip"), ONE, "08S01", "larger than", "/second")
        second_page(service, statement, "80 MiB and no end told", [http(b" " * (80 << 20), Content_Length=None, Connection="close"), CLOSE], ONE, "08S01",
                    "larger than", "/second")
        second_page(service, statement, "six compressions", packed(page, ", ".join(["gzip"] * 6)), ONE, "08S01", "/second", requests=3)
        statement.free()


def no_json():
    def row(cell):
        return http(b'{"things":[{"id":3,"name":' + cell + b"}]}")

    with Service() as service, connected(service.base, RetryMax=0) as connection:
        statement = connection.statement()
        for name, answer, words in (
                ("HTML", http("<html><body>We are closed</body></html>", Content_Type="text/html"), ("web page", "/second")),
                ("HTML that calls itself JSON", http("<!DOCTYPE html>\n<html></html>"), ("web page", "/second")),
                ("nothing", http(""), ("JSON", "/second")), ("only spaces", http(" \r\n "), ("JSON", "/second")),
                ("a word", http("hello"), ("JSON", "/second", "byte 0")), ("half a page", http(things(3, 4)[:40]), ("JSON", "/second")),
                ("something behind the page", http(things(3, 4) + "x"), ("JSON", "/second")),
                ("two pages at once", http(things(3) + things(4)), ("JSON", "/second")),
                ("single quotes", http("{'things':[]}"), ("JSON", "/second", "byte 1")),
                ("a comma too many", http('{"things":[{"id":3},]}'), ("JSON", "/second")), ("a comment", http('{"things":[]/* none */}'), ("JSON",)),
                ("NaN", http('{"things":[{"id":NaN}]}'), ("JSON",)), ("a NUL", http(b'{"things":[\0]}'), ("JSON",)),
                ("a line break in a text", row(b'"a\nb"'), ("JSON",)), ("a lone surrogate", row(rb'"\ud83d"'), ("JSON",)),
                ("a byte that is not UTF-8", row(b'"\xff"'), ("UTF-8",)), ("an overlong character", row(b'"\xc0\xaf"'), ("UTF-8",)),
                ("a surrogate in UTF-8", row(b'"\xed\xa0\x80"'), ("UTF-8",)), ("a character that is cut", row(b'"\xe2\x82"'), ("UTF-8",)),
                ("Latin-1", row(b'"caf\xe9"'), ("UTF-8",)), ("UTF-16", http(things(3).encode("utf-16")), ("JSON",)),
                ("65 levels", row(b"[" * 62 + b"]" * 62), ("nested",)), ("a million levels", row(b"[" * 1000000), ("nested",)),
                ("a million levels of objects", row(b'{"a":' * 1000000), ("nested",)),
                ("damage in a column that nobody wants", http('{"things":[{"id":3,"other":{"x":tru}}]}'), ("JSON",))):
            # whole rows before the damage may be handed out or not: the page is one, and the record says that it is not whole
            service.tell(things=[FIRST], second=[answer])
            outcome = judge(name, Outcome(statement, ALL + " WHERE Name IS NOT NULL OR Id > 0"), None, "08S01", words)
            check(outcome.rows[:2] == ONE, f"{name}: the page before was handed out", outcome)
            judge(name + ", counted", Outcome(statement, "SELECT COUNT(Name) FROM Things"), [], "08S01", words)
            service.tell(things=[PAGE])
            judge(name + ", afterwards", Outcome(statement, ALL), ONE)
        second_page(service, statement, "a byte order mark before the page", http(b"\xef\xbb\xbf" + things(3, 4).encode()), ONE + TWO, None)
        second_page(service, statement, "64 levels", row(b"[" * 61 + b"]" * 61), ONE + [("3",)], None)
        statement.free()


def values_that_do_not_fit():
    nines = "9" * 400
    with Service() as service, connected(service.base) as connection:
        statement = connection.statement()
        for name, members, cells, warning in (
                ("the largest numbers", '"amount":922337203685477.5807,"size":1.7976931348623157e308,"count":2147483647',
                 ("922337203685477.5807", "1.7976931348623157E+308", "2147483647"), None),
                ("one more than an integer holds", '"count":2147483648', (None, None, None), "01000"),
                ("an integer of 400 digits", f'"count":{nines}', (None, None, None), "01000"),
                ("a decimal of 400 digits", f'"amount":{nines}', (None, None, None), "01000"),
                ("a double beyond its range", '"size":1e999', (None, None, None), "01000"),
                ("a double of 400 digits", f'"size":{nines}', (None, None, None), "01000"),
                ("an exponent of 400 digits", f'"size":1e{nines}', (None, None, None), "01000"),
                ("next to nothing is 0", '"size":1e-999', (None, "0.0", None), None),
                ("letters for numbers", '"size":"many","count":"few","amount":"some"', (None, None, None), "01000"),
                ("an array for a number", '"count":[1,2]', (None, None, None), "01000"),
                ("an object for a number", '"count":{"is":1}', (None, None, None), "01000")):
            service.tell(things=[http('{"things":[{"id":1,%s}]}' % members)])
            outcome = judge(name, Outcome(statement, "SELECT Amount, Size, Count FROM Things"), warning=warning)
            same = len(outcome.rows) == 1 and all((got is None) == (wanted is None) and (got == wanted or float(got) == float(wanted))
                                                  for got, wanted in zip(outcome.rows[0], cells))
            check(same, f"{name}: the cells are {cells}", outcome)
            check(warning is not None or not outcome.warnings, f"{name}: no other warning", outcome)
        for name, key in (("a key that is null", "null"), ("a key that is missing", None), ("a key with letters", '"six"'), ("a key beyond its range", nines)):
            member = '"name":"x"' if key is None else f'"id":{key},"name":"x"'
            service.tell(things=[http('{"things":[{"id":1},{%s}]}' % member)])
            judge(name, Outcome(statement, ALL), None, ("22018", "22003", "22002", "HY000"), ("Id", "Things"))
        text = "é" * (5 << 20)
        service.tell(things=[http('{"things":[{"id":1,"name":"%s"}]}' % text)])
        judge("a text of 10 MiB", Outcome(statement, "SELECT LENGTH(Name) FROM Things WHERE Name LIKE '%é'"), [(str(len(text)),)])
        service.tell(things=[http('{"things":[%s]}' % ",".join('{"id":%d,%s}' % (n, ",".join(f'"m{k}":{k}' for k in range(3000))) for n in range(20)))])
        judge("rows of 3000 members", Outcome(statement, "SELECT COUNT(Id) FROM Things"), [("20",)])
        service.tell(things=[http('{"things":[{"id":1,"id":2,"%s":3}]}' % ("n" * 100000))])
        outcome = judge("a member twice, and a name of 100000 bytes", Outcome(statement, ALL))
        check(outcome.rows in ([("1",)], [("2",)]), "a member twice: one of its values", outcome)
        statement.free()


def pages_that_are_none():
    with Service() as service, connected(service.base, Pagesize=0) as connection:
        statement = connection.statement()
        for name, answer, words in (
                ("a page without its rows", http('{"other":1}'), ("things",)), ("an array for a page", http("[1,2]"), ("things",)),
                ("null for a page", http("null"), ("things",)), ("a number for a page", http("7"), ("things",))):
            service.tell(things=[answer])
            outcome = Outcome(statement, ALL)
            check(outcome.failure is not None or outcome.rows == [], f"{name}: no rows are made up", outcome)
            check(outcome.failure is None or outcome.failure.state in ("08S01", "HY000"), f"{name}: 08S01 if it is an error", outcome)

        # Links that lead in circles.
        for name, answers, word in (
                ("a next link to itself", {"things": [http(things(1, 2, next="/things"))]}, "again and again"),
                ("two pages that lead to each other", {"things": [FIRST], "second": [http(things(3, 4, next="/things"))]}, "circle"),
                ("three that lead to the second", {"things": [FIRST], "second": [http(things(3, 4, next="/third"))],
                                                   "third": [http(things(5, next="/second"))]}, "circle")):
            service.tell(**answers)
            judge(name, Outcome(statement, ALL), None, "08S01", (word,))
            check(len(service.targets()) <= len(answers) + 1, f"{name}: the requests end", service.targets())
            service.tell(**answers)
            judge(name + ", counted", Outcome(statement, "SELECT COUNT(*) FROM Things"), [], "08S01", (word,))
        service.tell(linked=[http(things(1, 2), Link='</linked>; rel="next"')])
        judge("a Link field to itself", Outcome(statement, "SELECT Id FROM Linked"), None, "08S01", ("again and again",))
        service.tell(things=[http(things(next="/things?page=2")), *[http(things(next=f"/things?page={n}")) for n in range(3, 400)]])
        judge("pages without rows, and always another", Outcome(statement, ALL), [], "08S01")
        check(len(service.targets()) < 110, "pages without rows, and always another: the requests end", len(service.targets()))

        # Numbered pages that are all the same: the service overlooks the number.
        service.tell(numbered=[http(things(1, 2))])
        judge("the same page again and again", Outcome(statement, "SELECT Id FROM Numbered"), ONE, "08S01", ("again",))
        check(len(service.targets()) <= 3, "the same page again and again: the requests end", service.targets())

        # Links to elsewhere, or to nowhere.
        with Service({"/second": [http(things(3, 4))]}) as other:
            for name, target in (("another host", other.base + "/second"), ("another scheme", "ftp://127.0.0.1/second"), ("a file", "file:///etc/passwd"),
                                 ("no address", "http://[::1"), ("a port beyond all", "http://127.0.0.1:99999/")):
                service.tell(things=[http(things(1, 2, next=target))])
                judge(f"a next link to {name}", Outcome(statement, ALL), None, ("08S01", "HY000"))
            equal(other.targets(), [], "nobody else is asked")
        statement.free()


def rows_that_change_meanwhile():
    """A page is read once. What the service moves between two pages comes twice or not at all, as it sends it, and is no error."""
    with Service() as service, connected(service.base) as connection:
        statement = connection.statement()
        service.tell(things=[FIRST], second=[http(things(2, 3))])
        judge("a row that moved to the second page", Outcome(statement, ALL), ONE + [("2",), ("3",)])
        service.tell(numbered=[http(things(1, 2)), http(things(2, 3)), http(things(4)), http(things())])
        judge("a row that was put before the others", Outcome(statement, "SELECT Id FROM Numbered"), ONE + [("2",), ("3",), ("4",)])
        service.tell(numbered=[http(things(1, 2)), http(things())])
        judge("the rest was deleted", Outcome(statement, "SELECT Id FROM Numbered"), ONE)
        service.tell(numbered=[http(things(1, 2)), http("", "204 No Content", Content_Length=None)])
        judge("204 for the rest", Outcome(statement, "SELECT Id FROM Numbered"), ONE)

        def told(total, *ids):
            return http('{"total":%d,"things":[%s]}' % (total, ",".join('{"id":%d}' % number for number in ids)))

        service.tell(told=[told(5, 1, 2), told(4, 3, 4)])
        judge("the number of rows shrinks", Outcome(statement, "SELECT Id FROM Told"), ONE + TWO)
        pages = {0: told(3, 1, 2), 2: told(5, 3, 4), 4: told(5, 5)}
        service.tell(told=[lambda method, target, fields: pages[int(target.split("at=")[1].split("&")[0])]])
        judge("the number of rows grows", Outcome(statement, "SELECT Id FROM Told"), ONE + TWO + [("5",)])
        service.tell(told=[told(4, 1, 2), told(4)])
        judge("the rest is gone, and was counted", Outcome(statement, "SELECT Id FROM Told"), ONE)
        service.tell(told=[told(-7, 1, 2), told(-7)])
        judge("a number of rows below zero", Outcome(statement, "SELECT Id FROM Told"), ONE)
        service.tell(told=[http('{"total":"%s","things":[{"id":1},{"id":2}]}' % ("9" * 30)), told(0)])
        judge("a number of rows beyond all measure", Outcome(statement, "SELECT Id FROM Told"), ONE)
        statement.free()


run(compression, no_json, values_that_do_not_fit, pages_that_are_none, rows_that_change_meanwhile)
