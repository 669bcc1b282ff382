#!/usr/bin/python3
"""Settings files that are not what they should be, met by a connection: tampered with anywhere, cut off, of another program, client,
secret, service or version, open to others, links. Each is told with what to do, is left as it is to the byte, and never costs a token.
"""
import json
import os
import re
import shutil
import stat

from direct import Connection, Failure
from harness import BROWSER, CLIENT, Session, check, equal, own_definition, run

COUNT = "SELECT COUNT(*) FROM Groups"


def grants(session):
    return [entry["form"].get("grant_type") for entry in session.log() if entry["path"].endswith("/grant")]


def outcome(session, **changes):
    """("fine", "") or (SQLSTATE, message) of a connection that may open a browser if it will."""
    changes = {"InitiateOAuth": "GETANDREFRESH", "CallbackURL": "http://127.0.0.1:0/back", "OAuthAccessToken": None, **changes}
    with Connection() as connection:
        try:
            connection.connect(session.string(**changes))
            rows = connection.statement().query(COUNT)
            return ("fine" if rows == [(str(len(session.raw("groups"))),)] else "wrong", str(rows))
        except Failure as failure:
            return failure.state, failure.message


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, content, mode=0o600):
    if os.path.lexists(path):
        os.unlink(path)
    with open(path, "wb") as file:
        file.write(content)
    os.chmod(path, mode)


class Case:
    """The one file that all connections here are given, and what they make of it."""

    def __init__(self, session):
        self.session, self.path = session, session.path("settings")
        os.environ["BROWSER"] = BROWSER
        equal(outcome(session)[0], "fine", "a sign-in makes the file")
        self.good = read(self.path)

    def refused(self, what, states, words, content=None, mode=0o600, **changes):
        """The connection fails as it should, without a request to the authorization server and with the file as it was."""
        if content is not None:
            write(self.path, content, mode)
        before = read(self.path)
        self.session.forget()
        state, message = outcome(self.session, **changes)
        check(state in states and re.search(words, message), f"{what} is told", f"{state} {message}\nwanted {states} {words}")
        equal(grants(self.session), [], f"{what} costs no token, and no browser is opened")
        equal(read(self.path), before, f"{what} is left as it is")

    def restore(self):
        write(self.path, self.good)


def tampered(case):
    """One byte changed in every region, at its beginning, middle and end; with every kind of InitiateOAuth that reads the file."""
    text = case.good.decode()
    regions = {match.group(1): match.span(2) for match in re.finditer(r'"(\w+)": "?([^",\n\[]+)"?', text)}
    equal(sorted(regions), sorted(["format", "version", "provider", "token_url", "client_id", "salt", "nonce", "data"]),
          "the regions of the file are known")
    for name, (first, end) in sorted(regions.items()):
        for at in sorted({first, (first + end) // 2, end - 1}):
            changed = "7" if name == "version" else "A" if text[at] != "A" else "B"
            content = (text[:at] + changed + text[at + 1:]).encode()
            # With another owner's name in it the record is another owner's: GETANDREFRESH may then sign in anew, beside it.
            names_another = name in ("provider", "token_url", "client_id")
            case.refused(f"a changed {name} (byte {at - first})", {"28000", "HY000"},
                         r"OAuth settings file|can not be decrypted|There is no token for TSheets", content,
                         InitiateOAuth="REFRESH" if names_another else "GETANDREFRESH")
    for at in range(0, len(text), 9):
        if not text[at].isspace():
            content = (text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1:]).encode()
            write(case.path, content)
            state, message = outcome(case.session, InitiateOAuth="REFRESH")
            if state not in ("28000", "HY000") or read(case.path) != content:
                check(False, f"byte {at} of the file is not noticed", (state, message))


def cut_off(case):
    for part in (0, 1, 10, len(case.good) // 2, len(case.good) - 40, len(case.good) - 3):
        case.refused(f"a file of its first {part} bytes", {"HY000"}, "damaged.*move it away", case.good[:part])


def of_others(case):
    record = json.loads(case.good)
    for what, content, words in (
            ("a file of a later version", json.dumps({**record, "version": 2}), "version 2.*newer driver"),
            ("a file of another program", '{"access_token": "hunter2"}', "not an OAuth settings file"),
            ("a text", "access_token=hunter2\n", "damaged"),
            ("binary data", "\x00\x01\x02" * 1000, "damaged"),
            ("a file deep in brackets", "[" * 100000, "damaged"),
            ("the same record twice in a member", case.good.decode().replace('"version": 1', '"version": 1, "version": 1'), "damaged"),
            ("a file larger than settings can be", " " * (5 * 1024 * 1024), "larger")):
        case.refused(what, {"HY000"}, words, content.encode("latin-1"))
        check("hunter2" not in outcome(case.session)[1], f"{what}: its words are not told")
    case.restore()
    case.refused("another client secret", {"28000"}, "OAuthClientSecret", OAuthClientSecret="another-secret")
    case.refused("another client id", {"28000"}, "check OAuthClientId", OAuthClientId="another-client", InitiateOAuth="REFRESH")
    case.refused("another user", {"28000"}, "InitiateOAuth=GETANDREFRESH|OAuthClientId and User", User="somebody else", InitiateOAuth="REFRESH")
    case.refused("another authorization server", {"28000"}, "none of TSheets|InitiateOAuth=GETANDREFRESH", InitiateOAuth="REFRESH",
                 OAuthAccessTokenURL=case.session.base + "/elsewhere/grant")
    own_definition(case.session.path("definitions"), "other")
    case.refused("another service", {"28000"}, "none of Other|not to Other", Provider="Other", Location=case.session.path("definitions"), InitiateOAuth="REFRESH")
    # The record renamed by hand to what the other client would look for: it is sealed to its own.
    case.refused("a record given another client id by hand", {"28000"}, "can not be decrypted",
                 case.good.replace(CLIENT.encode(), b"another-client"), OAuthClientId="another-client")
    case.restore()
    equal(outcome(case.session, InitiateOAuth="REFRESH")[0], "fine", "the file itself is good all the while")


def open_to_others(case):
    for mode in (0o620, 0o602, 0o622, 0o666, 0o644, 0o604, 0o610):
        case.refused(f"a file of mode {mode:o}", {"HY000"}, "chmod 600", case.good, mode)
    if os.geteuid() == 0:
        write(case.path, case.good)
        os.chown(case.path, 12345, 12345)
        case.refused("a file of another user", {"HY000"}, "belongs to another user")
    case.restore()
    os.chmod(case.path + ".lock", 0o666)
    renewal = {"InitiateOAuth": "REFRESH", "OAuthRefreshToken": "one-that-is-new"}
    case.refused("a lock file of mode 666", {"HY000"}, "chmod 600", **renewal)
    os.chmod(case.path + ".lock", 0o600)


def links(case):
    real = case.session.path("real")
    shutil.move(case.path, real)
    os.symlink(real, case.path)
    case.refused("a symbolic link", {"HY000"}, "symbolic link")
    os.unlink(case.path)
    victim = case.session.path("victim")
    os.symlink(victim, case.path)
    state, message = outcome(case.session)
    check(state == "HY000" and "symbolic link" in message and not os.path.exists(victim), "a link to nowhere is not followed", (state, message))
    os.unlink(case.path)
    os.mkfifo(case.path)
    state, message = outcome(case.session)
    check(state == "HY000" and "plain file" in message, "a pipe is not read", (state, message))
    os.unlink(case.path)

    case.restore()
    write(victim, b"precious")
    for name in (case.path + ".new", case.path + ".lock"):
        if os.path.lexists(name):
            os.unlink(name)
        os.symlink(victim, name)
    case.session.request("/_tokens?kind=access", "DELETE")
    case.refused("a lock file that is a link", {"HY000"}, "symbolic link")
    equal(read(victim), b"precious", "what it leads to is untouched")
    os.unlink(case.path + ".lock")
    case.session.forget()
    equal(outcome(case.session, InitiateOAuth="REFRESH")[0], "fine", "a link in the way of the new file is no obstacle")
    equal((read(victim), os.path.islink(case.path + ".new"), grants(case.session)), (b"precious", False, ["refresh_token"]),
          "nor is it followed: the new file takes its place")
    status = os.lstat(case.path)
    check(stat.S_ISREG(status.st_mode) and stat.S_IMODE(status.st_mode) == 0o600, "and is a plain file for its owner", oct(status.st_mode))
    case.good = read(case.path)


def folders(case):
    """Where nothing can be written, nothing is spent; where the folder is missing, it is made for its owner only."""
    case.session.forget()
    state, message = outcome(case.session, OAuthSettingsLocation="/proc/nowhere/settings")
    check(state == "HY000" and "OAuthSettingsLocation" in message, "a folder that can not be made is told", (state, message))
    equal(grants(case.session), [], "and no browser is opened for it")
    deep = case.session.path("not/there/yet/settings")
    umask = os.umask(0)
    try:
        equal(outcome(case.session, OAuthSettingsLocation=deep)[0], "fine", "a missing folder is made")
    finally:
        os.umask(umask)
    found = {stat.S_IMODE(os.stat(case.session.path(name)).st_mode) for name in ("not", "not/there", "not/there/yet")}
    modes = {stat.S_IMODE(os.stat(deep + end).st_mode) for end in ("", ".lock")}
    equal((found, modes), ({0o700}, {0o600}), "for its owner only, whatever the umask")
    case.session.forget()
    equal(outcome(case.session, OAuthSettingsLocation=os.path.dirname(deep) + "/")[0], "fine", "a folder stands for the file in it")
    check(os.path.exists(os.path.join(os.path.dirname(deep), "OAuthSettings.txt")), "which is OAuthSettings.txt")


def several(case):
    """Sign-ins of several users and clients stand side by side, and one that is damaged harms no other."""
    path = case.session.path("several")
    for user in ("anna", "bert"):
        equal(outcome(case.session, OAuthSettingsLocation=path, User=user)[0], "fine", f"{user} signs in")
    text = read(path).decode()
    damaged = re.sub(r'("user": "anna",.*?"data": ")(.)', lambda match: match.group(1) + ("B" if match.group(2) == "A" else "A"), text, flags=re.S)
    check(damaged != text, "one record is damaged")
    write(path, damaged.encode())
    state, message = outcome(case.session, OAuthSettingsLocation=path, User="anna")
    check(state == "28000" and "decrypted" in message, "whose record is damaged is told so", (state, message))
    case.session.request("/_tokens?kind=access", "DELETE")
    case.session.forget()
    equal((outcome(case.session, OAuthSettingsLocation=path, User="bert", InitiateOAuth="REFRESH")[0], grants(case.session)),
          ("fine", ["refresh_token"]), "the other renews and saves")
    kept = json.loads(read(path))["records"][0]
    equal(kept, json.loads(damaged)["records"][0], "and leaves the damaged record as it is")


def settings():
    with Session("--rows", "40") as session:
        case = Case(session)
        for part in (tampered, cut_off, of_others, open_to_others, links, folders, several):
            part(case)
            case.restore()


run(settings)
