#!/usr/bin/python3
"""Statuses once and for ever, Retry-After in each form, redirects, and proxies: how often is asked, what the record says, and that a
credential goes to nobody but the service."""
import os
import sys

from harness import SOURCE, check, equal, run

sys.path.insert(0, os.path.join(SOURCE, "test", "clients", "faulty"))
from certificates import Certificates                                   # noqa: E402
from proxies import Proxy                                               # noqa: E402
from service import Outcome, Service, TOKEN, connected, folder, http, http_date, judge, things, tls_context  # noqa: E402

ALL = "SELECT Id FROM Things"
ONE, TWO = [("1",), ("2",)], [("3",), ("4",)]
PAGE, FIRST, SECOND = http(things(1, 2)), http(things(1, 2, next="/second")), http(things(3, 4))


def no(status, **fields):
    return http('{"error":{"code":4711,"message":"Not today"}}', f"{status} No", **fields)


def statuses():
    now = {"Retry_After": "0"}
    with Service() as service, connected(service.base, RetryMax=2) as connection:
        statement = connection.statement()
        for name, answer, repeated, state, *words in (
                ("400", no(400), False, "HY000", "400", "Not today"), ("401", no(401), False, "28000", "401"), ("403", no(403), False, "42000", "403"),
                ("404", no(404), False, "42S02", "404"), ("409", no(409), False, "HY000", "409"), ("410", no(410), False, "HY000", "410"),
                ("418", no(418), False, "HY000", "418"), ("501", no(501), False, "08S01", "501"), ("299 is fine, but no page", no(299), False, None),
                ("429, at once", no(429, **now), True, "08S01", "429"), ("500, at once", no(500, **now), True, "08S01", "500"),
                ("502, at once", no(502, **now), True, "08S01", "502"), ("503, at once", no(503, **now), True, "08S01", "503"),
                ("504, at once", no(504, **now), True, "08S01", "504"), ("503 without Retry-After", no(503), True, "08S01", "503"),
                ("429 without Retry-After", no(429), True, "08S01", "429"), ("500 without Retry-After", no(500), True, "08S01", "500"),
                ("429, a second", no(429, Retry_After="1"), True, "08S01", "429"),
                ("503, a date that has passed", no(503, Retry_After=http_date(-3600)), True, "08S01", "503"),
                ("503, a date that comes", no(503, Retry_After=http_date(2)), True, "08S01", "503"),
                ("503, an hour by a clock that is wrong by an hour", no(503, Retry_After=http_date(7200), Date=http_date(7200)), True, "08S01", "503"),
                ("429, longer than is obeyed", no(429, Retry_After="301"), False, "08S01", "429"),
                ("429, beyond all measure", no(429, Retry_After="9" * 40), False, "08S01", "429"),
                ("429, a date too far", no(429, Retry_After=http_date(4000)), False, "08S01", "429"),
                ("429, below zero", no(429, Retry_After="-5"), True, "08S01", "429"), ("429, words", no(429, Retry_After="soon"), True, "08S01", "429"),
                ("500 in HTML", http("<html><body>Oops</body></html>", "500 Oops", Content_Type="text/html", **now), True, "08S01", "500"),
                ("500 without a body", http("", "500 Oops", **now), True, "08S01", "500"),
                ("500 with a broken body", http('{"error":{', "500 Oops", **now), True, "08S01", "500"),
                ("304 that nobody asked for", http("", "304 Not Modified", Content_Length=None), False, ("08S01", "HY000"))):
            service.tell(things=[FIRST], second=[answer, SECOND])
            if repeated:
                judge(name + ", once", Outcome(statement, ALL), ONE + TWO)
                equal(len(service.targets()), 3, f"{name}, once: the requests")
            if not repeated or "without Retry-After" not in name and "a date that comes" not in name and "a second" not in name:
                service.tell(things=[FIRST], second=[answer])
                outcome = Outcome(statement, ALL)
                if state is None:
                    check(outcome.rows[:2] == ONE and len(outcome.rows) == 2, f"{name}: no row is made up", outcome)
                else:
                    judge(name, outcome, ONE, state, words)
                equal(len(service.targets()), 4 if repeated else 2, f"{name}: the requests")
            service.tell(things=[PAGE])
            judge(name + ", afterwards", Outcome(statement, ALL), ONE)
        statement.free()


def redirects():
    def to(where, status="302 Found"):
        return http("", status, Location=where)

    with Service() as service, Service({"/things": [PAGE]}) as other, connected(service.base) as connection:
        statement = connection.statement()
        for name, answers, rows, state, count, *words in (
                ("a redirect within the service", {"things": [to("/there")], "there": [PAGE]}, ONE, None, 2),
                ("301", {"things": [to("/there", "301 Moved")], "there": [PAGE]}, ONE, None, 2),
                ("307", {"things": [to("/there", "307 There")], "there": [PAGE]}, ONE, None, 2),
                ("308", {"things": [to("/there", "308 There")], "there": [PAGE]}, ONE, None, 2),
                ("a redirect to itself", {"things": [to("/things")]}, [], "08S01", 6, "redirects"),
                ("two that lead to each other", {"things": [to("/there")], "there": [to("/things")]}, [], "08S01", 6, "redirects"),
                ("a chain without end", {"things": [to("/1")], **{str(n): [to(f"/{n + 1}")] for n in range(1, 30)}}, [], "08S01", 6, "redirects"),
                ("to another port", {"things": [to(other.base + "/things")]}, [], "08S01", 1, "not followed"),
                ("to another host", {"things": [to("https://elsewhere.invalid/things")]}, [], "08S01", 1, "elsewhere.invalid"),
                ("to a name of another with ours before it", {"things": [to(f"http://127.0.0.1:{service.port}@elsewhere.invalid/")]}, [], "08S01", 1, "not followed"),
                ("to a file", {"things": [to("file:///etc/passwd")]}, [], "08S01", 1, "not followed"),
                ("to no address", {"things": [to("http://[::1")]}, [], "08S01", 1),
                ("without a place", {"things": [http("", "302 Found")]}, [], ("HY000", "08S01"), 1, "302")):
            service.tell(**answers)
            judge(name, Outcome(statement, ALL), rows, state, words)
            equal(len(service.targets()), count, f"{name}: the requests")
        equal(other.targets(), [], "nobody else was asked")
        statement.free()


def proxies():
    certificates = Certificates(folder.name)
    tls = tls_context(certificates.path("good.pem"), certificates.path("good.key"))
    user = {"ProxyUser": "anna", "ProxyPassword": "pass:wörd"}
    for name, kind, auth, refuse, changes, state, *words in (
            ("HTTP proxy", "http", None, None, {}, None), ("Basic", "http", "basic", None, user, None),
            ("Digest", "http", "digest", None, {**user, "ProxyAuthScheme": "DIGEST"}, None),
            ("Basic, no user", "http", "basic", None, {}, "08001", "proxy", "ProxyUser"),
            ("Basic, wrong password", "http", "basic", None, {**user, "ProxyPassword": "wrong"}, "08001", "proxy", "ProxyPassword"),
            ("Digest, wrong password", "http", "digest", None, {**user, "ProxyPassword": "wrong", "ProxyAuthScheme": "DIGEST"}, "08001", "proxy"),
            ("a proxy that refuses", "http", None, 403, {}, "08001", "proxy", "403"), ("a proxy that is broken", "http", None, 502, {}, "08001", "proxy", "502"),
            ("SOCKS5", "socks5", None, None, {}, None), ("SOCKS5 with a password", "socks5", "password", None, user, None),
            ("SOCKS5, wrong password", "socks5", "password", None, {**user, "ProxyPassword": "wrong"}, "08001", "proxy"),
            ("SOCKS5 that refuses", "socks5", None, 5, {}, "08001", "proxy")):
        with Proxy(kind, auth, refuse) as proxy, Service({"/things": [PAGE]}, tls=tls) as service:
            server = ("socks5h://" if kind == "socks5" else "") + "127.0.0.1"
            with connected(service.base, SSLServerCert=certificates.path("authority.pem"), ProxyServer=server, ProxyPort=proxy.port, RetryMax=0, **changes) as connection:
                statement = connection.statement()
                outcome = judge(name, Outcome(statement, ALL), ONE if state is None else [], state, words)
                check(outcome.failure is None or "wörd" not in outcome.failure.message, f"{name}: the message holds no password", outcome)
                equal(service.targets(), ["/things"] if state is None else [], f"{name}: what the service was asked")
                equal(proxy.reached, [f"127.0.0.1:{service.port}"] if state is None else [], f"{name}: whom the proxy was asked for")
                check(not any(TOKEN in head for head in proxy.heads), f"{name}: the proxy saw no token")
                check(all("proxy-authorization" not in fields for _, _, fields in service.asked), f"{name}: the service saw nothing of the proxy's")
                statement.free()
    # Plain http to this machine: the proxy speaks for the service.
    for name, auth, refuse, changes, state, *words in (("plain, Digest", "digest", None, {**user, "ProxyAuthScheme": "DIGEST"}, None),
                                                       ("plain, wrong password", "basic", None, {**user, "ProxyPassword": "wrong"}, "08001", "ProxyUser")):
        with Proxy("http", auth, refuse) as proxy, Service({"/things": [PAGE]}) as service, \
                connected(service.base, ProxyServer="127.0.0.1", ProxyPort=proxy.port, RetryMax=0, **changes) as connection:
            statement = connection.statement()
            judge(name, Outcome(statement, ALL), ONE if state is None else [], state, words)
            statement.free()
    with Service() as gone:
        port = gone.port
    with Service(tls=tls) as service:
        for server in ("127.0.0.1", "socks5h://127.0.0.1"):
            with connected(service.base, ProxyServer=server, ProxyPort=port, RetryMax=0) as connection:
                statement = connection.statement()
                judge(f"no proxy at {server}", Outcome(statement, ALL), [], "08001", ("proxy", "ProxyServer"))
                statement.free()


run(statuses, redirects, proxies)
