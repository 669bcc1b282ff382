#!/usr/bin/python3
"""doc/oauth.md: every recipe in it works as it stands, and what it says of error messages is said of messages that there are.

The blocks are executed in their order, on two machines: a home folder each, the word `server` behind the language means the second.
  ini      data sources, put into ~/.odbc.ini in place of those of the same name
  console  lines with $ in front are commands for the shell, the lines below what they print; … in a line stands for anything, a line …
           for any lines
  python   executed, with the variables of the blocks before. Where a block leaves the address to sign in at in `url`, the user signs in
           there, and `request` has the parameters of the callback

your-client-id and your-client-secret stand for those of the sandbox, and the-code for the code of the sign-in at the address that was
printed last. The user is allow-browser; ssh and scp to `server` reach the second home folder.
"""
import contextlib
import glob
import io
import os
import re
import shlex
import socket
import subprocess
import urllib.parse

from harness import BROWSER, CLIENT, DRIVER, SECRET, SOURCE, Session, browser, check, equal, run

PAGE = os.path.join(SOURCE, "doc", "oauth.md")


def page():
    with open(PAGE, encoding="utf-8") as file:
        return file.read()


def blocks(text):
    """(line, language, on the server, text)"""
    for match in re.finditer(r"^```(ini|console|python)( server)?\n(.*?)^```$", text, re.M | re.S):
        yield text.count("\n", 0, match.start()) + 1, match.group(1), bool(match.group(2)), match.group(3)


def free_port():
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        return finder.getsockname()[1]


def write(path, text, mode=0o600):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


# ---- The machines ----

class Machine:
    """A home folder with its odbc.ini, and the programs that reach the other."""

    def __init__(self, session, name, programs):
        self.home = session.path(name)
        self.sources = {}
        os.mkdir(self.home, 0o700)
        self.environment = {**os.environ, "HOME": self.home, "ODBCINI": self.home + "/.odbc.ini", "BROWSER": BROWSER,
                            "PATH": f"{programs}:{os.environ['PATH']}"}

    def add(self, text):
        for section in re.split(r"^(?=\[)", text, flags=re.M):
            if section.strip():
                self.sources[section[:section.index("]")]] = section.rstrip("\n") + "\n"
        write(self.home + "/.odbc.ini", "\n".join(self.sources.values()))

    def command(self, line):
        done = subprocess.run(["sh", "-c", line], cwd=self.home, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=120)
        return done.stdout


def machines(session):
    programs = session.path("bin")
    os.mkdir(programs)
    server = Machine(session, "server", programs)
    reached = shlex.quote(server.home)
    write(programs + "/ssh", f'#!/bin/sh\n[ "$1" = server ] && shift && cd {reached} && exec sh -c "$*"\n', 0o700)
    write(programs + "/scp", "#!/bin/sh\nfor last; do :; done\nset -- \"$1\" \"$2\" \"$last\"\n"
          f'exec cp "$1" "$2" {reached}/"${{3#server:}}"\n', 0o700)
    return Machine(session, "desk", programs), server


# ---- The blocks ----

def expected(lines):
    """The regular expression of what a command prints."""
    return "".join(r"(?:.*\n)*" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + r"\n" for line in lines)


class Reader:
    """Who follows the page."""

    def __init__(self, session):
        self.desk, self.server = machines(session)
        self.words = {"your-client-id": CLIENT, "your-client-secret": SECRET, "33333": str(free_port())}
        self.variables = {}

    def sign_in(self, url):
        """What the user does at an address: the parameters of the callback."""
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.come_back(url)).query))

    def filled(self, text):
        for word, value in self.words.items():
            text = text.replace(word, value)
        return text

    def console(self, machine, line, text):
        """Commands, each with the lines below it."""
        for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
            command, *wanted = self.filled(part).rstrip("\n").split("\n")
            output = machine.command(command)
            check(re.fullmatch(expected(wanted), output), f"line {line}: $ {command}", f"printed\n{output}\nwanted\n" + "\n".join(wanted))
            address = re.search(r"http\S*authorize\?[^\s,]+", output)
            if address:
                self.words["the-code"] = self.sign_in(address.group())["code"]

    def python(self, line, text):
        before, printed = self.variables.get("url"), io.StringIO()
        os.environ.update(self.desk.environment)
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(self.filled(text), f"{PAGE}:{line}", "exec"), self.variables)   # pylint: disable=exec-used
            failure = None
        except Exception as error:      # told below
            failure = error
        check(failure is None and "None" not in printed.getvalue(), f"line {line}: " + text.strip().split("\n")[0],
              failure or printed.getvalue())
        if self.variables.get("url") != before:
            self.variables["request"] = self.sign_in(self.variables["url"])

    def follow(self, line, language, on_server, text):
        machine = self.server if on_server else self.desk
        if language == "ini":
            machine.add(self.filled(text))
        elif language == "console":
            self.console(machine, line, text)
        else:
            self.python(line, text)


def recipes():
    with Session("--rows", "40") as session:
        with open(os.path.join(os.environ["ODBCSYSINI"], "odbcinst.ini"), "a", encoding="utf-8") as file:
            file.write(f"[RestODBC TSheets]\nDriver={DRIVER}\nProvider=TSheets\nURL={session.base}/api/v1\n"
                       f"Location={os.path.join(SOURCE, 'providers')}\n")
        reader, found = Reader(session), list(blocks(page()))
        check(len(found) > 15 and {language for _, language, _, _ in found} == {"ini", "console", "python"}, "the page has recipes", len(found))
        equal(page().count("```") // 2, len(found), "and nothing else in blocks")
        for block in found:
            reader.follow(*block)
        leaked = [path for path in glob.glob(session.path("desk/**"), recursive=True) + glob.glob(session.path("server/**"), recursive=True)
                  if os.path.isfile(path) and os.stat(path).st_mode & 0o077]
        equal(leaked, [], "no file that they leave can be read by others")


# ---- The messages ----

def messages():
    """The formats of all messages of the rooms that sign in, and their parts."""
    texts = []
    for path in glob.glob(os.path.join(SOURCE, "oauth", "*.c")) + glob.glob(os.path.join(SOURCE, "providers", "*.c")):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for literal in re.finditer(r'"(?:[^"\\\n]|\\.)*"(?:\s+(?:[A-Z][A-Za-z0-9_]*\s+)?"(?:[^"\\\n]|\\.)*")*', text):
            texts.append("".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', literal.group())))
    return texts


def is_said(words, texts):
    pattern = ".*".join(map(re.escape, words.split("…")))
    return any(re.search(pattern, re.sub(r"%[-.\d]*[a-z]+", "", text)) or re.search(pattern, text) for text in texts)


def told_messages():
    texts = messages()
    rows = re.findall(r"^\| ([^|`]+) \| [^|]+ \|$", page().split("## When it fails", 1)[1], re.M)[1:]
    check(len(rows) > 25 and len(texts) > 100, "the page tells of messages", (len(rows), len(texts)))
    equal([words for words in rows if not is_said(words, texts)], [], "each of them is the driver's")


def links():
    text = page()
    heads = {re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-") for head in re.findall(r"^#+ (.*)$", text, re.M)}
    equal([anchor for anchor in re.findall(r"\]\(#([^)]*)\)", text) if anchor not in heads], [], "its links lead somewhere")


run(recipes, told_messages, links)
