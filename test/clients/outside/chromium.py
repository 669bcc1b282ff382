#!/usr/bin/python3
"""The desktop login with a real browser: what the driver launches opens in a headless Chromium, the test presses the buttons of the
sandbox's page and reads the driver's. SCREENSHOTS=folder keeps pictures of the driver's pages there."""
import ctypes
import os
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import direct                                       # noqa: E402
from harness import DRIVER, Session, check, equal, run      # noqa: E402
from signing_in import Login                        # noqa: E402
from webdriver import Chromium, WebDriverError      # noqa: E402

PICTURES = os.environ.get("SCREENSHOTS")
# What a page has loaded beside itself, and whether its text can be read: the contrast of WCAG 2.1 (1.4.3) between text and what is behind.
LOADED = "return performance.getEntriesByType('resource').map(entry => entry.name)"
CONTRAST = """
const light = color => {
  const [r, g, b] = color.match(/[\\d.]+/g).map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = element => {
  for (; element; element = element.parentElement) {
    const color = getComputedStyle(element).backgroundColor;
    if (color !== 'rgba(0, 0, 0, 0)') return color;
  }
  return 'rgb(255, 255, 255)';
};
return Math.min(...[...document.querySelectorAll('h1, p, .mark')].map(element => {
  const [a, b] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => b - a);
  return (a + 0.05) / (b + 0.05);
}));
"""
FITS = "return document.documentElement.scrollWidth <= innerWidth"


def tokens_asked_for(session):
    return [entry["form"]["grant_type"] for entry in session.log() if entry["path"].endswith("/grant")]


def look_at_page(browser, name):
    """The driver's own page: readable in light and dark, on a telephone too, and nothing but itself."""
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        ratio = browser.run(CONTRAST)
        check(ratio >= 4.5, f"{name}: can be read in {scheme}", ratio)
        if PICTURES:
            browser.screenshot(os.path.join(PICTURES, f"{name}-{scheme}.png"))
    browser.prefer("light")
    browser.resize(360, 640)
    check(browser.run(FITS), f"{name}: fits a small window")
    if PICTURES:
        browser.screenshot(os.path.join(PICTURES, f"{name}-small.png"))
    browser.resize(900, 640)
    loaded = [url for url in browser.run(LOADED) if not url.endswith("/favicon.ico")]
    equal(loaded, [], f"{name}: loads nothing from anywhere")


def allowed(session, browser):
    for host in ("127.0.0.1", "localhost"):
        settings = session.path("settings-" + host)
        with Login(session, CallbackURL=f"http://{host}:0/back", OAuthSettingsLocation=settings) as login:
            browser.open(login.url)
            check(browser.says("Sandbox"), f"{host}: the launched URL shows the service's sign-in page", browser.text())
            browser.press("Allow")
            equal(login.outcome(), "signed in", f"{host}: pressing Allow ends the login")
            equal(login.rows, [(str(len(session.raw("groups"))),)], f"{host}: the connection answers a query")
            check(browser.says("You are signed in", "You can close this window"), f"{host}: the page says so",
                  browser.text())
            place = urllib.parse.urlsplit(browser.url())
            equal((place.hostname, place.path), (host, "/back"), f"{host}: at the registered CallbackURL")
            look_at_page(browser, "signed-in") if host == "localhost" else None
            try:
                browser.open(browser.url())
                check(False, f"{host}: a second callback finds nobody", browser.text())
            except WebDriverError as refusal:
                check("ERR_CONNECTION_REFUSED" in str(refusal), f"{host}: a second callback finds nobody", refusal)
        with Login(session, CallbackURL=f"http://{host}:0/back", OAuthSettingsLocation=settings) as later:
            equal((later.outcome(), later.url), ("signed in", None), f"{host}: the next connection opens no browser")


def denied(session, browser):
    session.forget()
    with Login(session) as login:
        browser.open(login.url)
        browser.press("Deny")
        equal(login.outcome(), "28000", "denied: the login fails with 28000")
        check("access_denied" in login.failure.message and "The user pressed Deny" in login.failure.message,
              "denied: in the server's words", login.failure.message)
        check(browser.says("You are not signed in", "The user pressed Deny"), "denied: the page says so too",
              browser.text())
        look_at_page(browser, "denied")
    equal(tokens_asked_for(session), [], "denied: no token is asked for")
    check(not os.path.exists(session.path("settings")), "denied: nothing is saved")


def wrong_state(session, browser):
    session.forget()
    with Login(session) as login:
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(login.url).query))
        for name, state in (("a wrong state", "&state=of-somebody-else"), ("no state", "")):
            browser.open(f"{query['redirect_uri']}?code=of-somebody-else{state}")
            check(browser.says("is not expected here") and "of-somebody-else" not in browser.text(), f"{name}: the page turns it away",
                  browser.text())
            look_at_page(browser, "turned-away") if state else None
        check(login.is_alive() and not tokens_asked_for(session), "a wrong state: the login still waits, and no code was exchanged")
        browser.open(login.url)
        browser.press("Allow")
        equal(login.outcome(), "signed in", "a wrong state: the right one still signs in")
    os.unlink(session.path("settings"))


def failed_exchange(session, browser):
    """The user allowed it, but the service does not give a token: the browser must not say otherwise."""
    session.fault(match="/api/v1/grant", status=400, body={"error": "invalid_client",
                                                           "error_description": "<b>This client</b> is locked: " + "0123456789" * 12})
    with Login(session) as login:
        browser.open(login.url)
        browser.press("Allow")
        equal(login.outcome(), "28000", "a failed exchange: the login fails with 28000")
        check(browser.says("You are not signed in", "<b>This client</b> is locked"),
              "a failed exchange: the page tells the service's words as they are", browser.text())
        equal(browser.run("return document.querySelectorAll('b').length"), 0, "a failed exchange: and not as HTML")
        look_at_page(browser, "refused")
    session.heal()


def closed_tab(session, browser):
    session.forget()
    with Login(session, timeout=10) as login:
        browser.new_tab()
        browser.open(login.url)
        port = urllib.parse.urlsplit(dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(login.url).query))["redirect_uri"]).port
        browser.close_tab()
        equal(login.outcome(), "HYT00", "a closed tab: the login ends at its timeout")
        equal(tokens_asked_for(session), [], "a closed tab: no token is asked for")
        try:
            browser.open(f"http://127.0.0.1:{port}/back")
            check(False, "a closed tab: nobody listens any more", browser.text())
        except WebDriverError as refusal:
            check("ERR_CONNECTION_REFUSED" in str(refusal), "a closed tab: nobody listens any more", refusal)
    with Login(session) as login:
        browser.open(login.url)
        browser.press("Allow")
        equal(login.outcome(), "signed in", "a closed tab: the next try signs in")
    os.unlink(session.path("settings"))


def cancelled(session, browser):
    """By SQLCancelHandle, which only a driver without the driver manager in front of it is given."""
    direct.use(DRIVER)
    with Login(session, Driver=None) as login:
        browser.open(login.url)
        direct.odbc.SQLCancelHandle(ctypes.c_short(direct.CONNECTION), login.connection.handle)
        equal(login.outcome(), "HY008", "cancelled: the login ends")
        browser.press("Allow")
        check(browser.says("refused to connect"), "cancelled: the user's answer finds nobody", browser.text())
    direct.use(direct.MANAGER)


def two_at_once(session, browser):
    """Two programs sign in at the same time, and the user answers in the other order."""
    with Login(session, OAuthSettingsLocation=session.path("one")) as one, Login(session, OAuthSettingsLocation=session.path("two")) as two:
        browser.open(two.url)
        browser.press("Allow")
        equal(two.outcome(), "signed in", "two logins: the second is answered first")
        check(one.is_alive(), "two logins: the first still waits")
        browser.open(one.url)
        browser.press("Allow")
        equal(one.outcome(), "signed in", "two logins: and gets its own answer")


def desktop():
    with Session("--rows", "40") as session, Chromium() as browser:
        for part in (allowed, denied, wrong_state, failed_exchange, closed_tab, cancelled, two_at_once):
            part(session, browser)


run(desktop)
