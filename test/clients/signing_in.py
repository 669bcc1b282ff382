"""A desktop login that waits while the test plays the browser: $BROWSER is a script that hands over the URL it was started with."""
import os
import shlex
import stat
import threading
import time

from direct import Connection, Failure

LOGIN = {"InitiateOAuth": "GETANDREFRESH", "CallbackURL": "http://127.0.0.1:0/back", "OAuthAccessToken": None}
PATIENCE = 120          # seconds after which what hangs has failed


def until(condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.005)
    return False


def hand_over(path):
    """Makes a script of that name; as $BROWSER it leaves its URL in the file path.url. Returns that file's name."""
    url = path + ".url"
    with open(path, "w") as file:
        file.write(f"#!/bin/sh\nprintf '%s' \"$1\" > {shlex.quote(url)}.new && exec mv {shlex.quote(url)}.new {shlex.quote(url)}\n")
    os.chmod(path, stat.S_IRWXU)
    return url


class Login(threading.Thread):
    """SQLDriverConnect in a thread of its own. .url is what the browser was to open, .failure what the connect ended with; with a
    session the sandbox's data source is used with what is given in changes."""

    def __init__(self, session, timeout=0, query="SELECT COUNT(*) FROM Groups", **changes):
        super().__init__(daemon=True)
        self.connection, self.failure, self.rows, self.query = Connection(), None, None, query
        if timeout:
            self.connection.login_timeout(timeout)
        self.file = hand_over(session.path("hand-over"))
        if os.path.exists(self.file):
            os.unlink(self.file)
        os.environ["BROWSER"] = session.path("hand-over")
        self.text = session.string(**{**LOGIN, **changes})
        self.start()
        until(lambda: os.path.exists(self.file) or not self.is_alive())
        self.url = None
        if os.path.exists(self.file):
            with open(self.file, encoding="utf-8") as file:
                self.url = file.read()

    def run(self):
        try:
            self.connection.connect(self.text)
            self.rows = self.connection.statement().query(self.query)
        except Failure as failure:
            self.failure = failure

    def outcome(self):
        """How it ended: "signed in", an SQLSTATE, or "still waits"."""
        self.join(PATIENCE)
        return "still waits" if self.is_alive() else self.failure.state if self.failure else "signed in"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if not self.is_alive():
            self.connection.close()
