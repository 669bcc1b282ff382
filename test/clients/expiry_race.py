#!/usr/bin/python3
"""64 processes whose access token ends: exactly one of them renews it, and all go on. The sandbox counts the requests; a refresh token
that comes twice would end the sign-in for all of them."""
import time
import urllib.parse

from direct import Connection
from harness import Session, browser, check, equal, run
from processes import at_once

PROCESSES = 64
COUNT = "SELECT COUNT(*) FROM Groups"
CALLBACK = "http://127.0.0.1:1/back"
SLOW = {"match": "/api/v1/grant", "stall": 1000}     # the answer takes its time, so that all the others wait for it


def renewals(session):
    return [(entry["form"].get("grant_type"), entry["status"]) for entry in session.log() if entry["path"].endswith("/grant")]


def new_tokens(session):
    """Signs in; (access token, refresh token)."""
    name = session.source("by-hand", OAuthAccessToken=None, CallbackURL=CALLBACK, OAuthSettingsLocation=session.path("by-hand"))
    url, _, verifier = session.isql_rows("CALL GetOAuthAuthorizationURL", name)[0][:3]
    code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.come_back(url)).query))["code"]
    row = session.isql_rows(f"EXEC GetOAuthAccessToken AuthMode = 'WEB', Verifier = '{code}', PKCEVerifier = '{verifier}'", name)[0]
    return row[0], row[1]


def source(session, name, tokens, lifetime=None, age=0):
    """A data source for the tokens, with a settings file of its own that is not there yet."""
    issued = int(time.time()) - age
    session.source(name, InitiateOAuth="REFRESH", OAuthAccessToken=tokens[0], OAuthRefreshToken=tokens[1], OAuthExpiresIn=lifetime,
                   OAuthTokenTimestamp=issued if lifetime else None, OAuthSettingsLocation=session.path("settings-" + name))
    return issued


def ask(connection):
    return connection.statement().query(COUNT)[0][0]


def connect(name):
    connection = Connection()
    connection.connect("DSN=" + name)
    return connection


def judge(session, what, name, results, failures):
    equal(failures[:3], [], f"{what}: none of {PROCESSES} processes fails")
    equal(results, [str(len(session.raw("groups")))] * PROCESSES, f"{what}: all get their answer")
    equal(renewals(session), [("refresh_token", 200)], f"{what}: after exactly one renewal")
    session.forget()
    equal(session.isql_rows(COUNT, name), [[str(len(session.raw("groups")))]], f"{what}: the sign-in lives on")
    equal(renewals(session), [], f"{what}: with what was saved")


def race(session, what, name, prepare, act, between=lambda: None):
    session.forget()
    session.fault(**SLOW)
    judge(session, what, name, *at_once(PROCESSES, prepare, act, between))
    session.heal()


def at_connect(session, what, name):
    race(session, what, name, lambda index: None, lambda _: ask(connect(name)))


def given(session):
    source(session, "given", new_tokens(session), lifetime=100, age=200)
    at_connect(session, "a token that had ended when it was given", "given")


def refused(session):
    source(session, "refused", new_tokens(session))

    def prepare(_):
        connection = connect("refused")
        ask(connection)
        return connection

    race(session, "a token that is refused under open connections", "refused", prepare, ask,
         lambda: (session.forget(), session.request("/_tokens?kind=access", "DELETE")))


def forked(session):
    """One process with an open connection forks the others, which open their own: nothing half-used comes along."""
    source(session, "forked", new_tokens(session))
    session.fault(**SLOW)

    def act(connection):
        results, failures = at_once(7, lambda index: None, lambda _: ask(connect("forked")))
        return [results + [ask(connection)], failures]

    def prepare(_):
        connection = connect("forked")
        ask(connection)
        return connection

    families, failures = at_once(8, prepare, act, lambda: (session.forget(), session.request("/_tokens?kind=access", "DELETE")))
    judge(session, "processes that are forked beside an open connection", "forked", [result for family in families for result in family[0]],
          failures + [failure for family in families for failure in family[1]])
    session.heal()


def saved(session, issued):
    end = issued + 91                   # a life of 100 seconds is renewed 10 before its end
    time.sleep(max(0, end - time.time()))
    at_connect(session, "a token that has ended in the file", "saved")


def races():
    with Session("--rows", "40") as session:
        issued = source(session, "saved", new_tokens(session), lifetime=100, age=70)
        session.forget()
        session.isql_rows(COUNT, "saved")
        equal(renewals(session), [], "a token that is still good is saved as it is")
        given(session)
        refused(session)
        forked(session)
        saved(session, issued)


run(races)
