"""A headless Chromium, driven through chromedriver by the WebDriver protocol (https://www.w3.org/TR/webdriver2/): the few commands that
a sign-in needs."""
import base64
import json
import os
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request

from harness import plain_environment
from signing_in import until

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=900,640"]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"     # the name of a reference to an element, fixed by the protocol
PATIENCE = 120


class WebDriverError(Exception):
    """What chromedriver refused; .kind is the protocol's word for it."""

    def __init__(self, value):
        super().__init__(value.get("message", "")[:300])
        self.kind = value.get("error", "")


class Chromium:
    """One browser with one tab, a profile of its own and no proxy; ended by close()."""

    def __init__(self):
        # The profile stands outside HOME, which the tests search for secrets.
        self.profile = tempfile.mkdtemp(prefix="restodbc-chromium-")
        environment = {**plain_environment(), "HOME": self.profile}
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.STDOUT, env=environment, text=True)
        self.session = None
        try:
            self.address = f"http://127.0.0.1:{self._port()}"
            options = {"args": [*FLAGS, f"--user-data-dir={self.profile}/profile"]}
            capabilities = {"browserName": "chrome", "goog:chromeOptions": options, "proxy": {"proxyType": "direct"},
                            "timeouts": {"pageLoad": PATIENCE * 1000, "implicit": 0}}
            self.session = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})["sessionId"]
        except BaseException:
            self.close()
            raise

    def _port(self):
        said = ""
        for line in self.driver.stdout:
            said += line
            if "successfully on port" in line:
                return int(line.rstrip(".\n").rpartition(" ")[2])
        raise RuntimeError("chromedriver did not start: " + said)

    def _ask(self, method, path, body=None):
        data = json.dumps(body or {}).encode() if method == "POST" else None
        request = urllib.request.Request(self.address + path, data=data, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refusal:
            raise WebDriverError(json.load(refusal)["value"]) from None

    def _tab(self, method, path, body=None):
        return self._ask(method, f"/session/{self.session}{path}", body)

    def open(self, url):
        self._tab("POST", "/url", {"url": url})

    def press(self, button):
        """Clicks the button with this text."""
        try:
            found = self._tab("POST", "/element", {"using": "xpath", "value": f"//button[normalize-space()='{button}']"})
        except WebDriverError:
            raise RuntimeError(f"There is no button {button} at {self.url()}: {self.text()}") from None
        self._tab("POST", f"/element/{found[ELEMENT]}/click")

    def fill(self, name, text):
        """Types into the field with this name."""
        found = self._tab("POST", "/element", {"using": "css selector", "value": f"input[name='{name}']"})
        self._tab("POST", f"/element/{found[ELEMENT]}/value", {"text": text})

    def run(self, script):
        """The value that the JavaScript returns."""
        return self._tab("POST", "/execute/sync", {"script": script, "args": []})

    def text(self):
        return self.run("return document.body ? document.body.innerText : ''")

    def url(self):
        return self._tab("GET", "/url")

    def says(self, *words):
        """Whether all these words come to stand on the page."""
        return until(lambda: all(word in self.text() for word in words))

    def arrive(self, beginning):
        """The address once it begins so: where redirects have led, also when nobody answers there."""
        until(lambda: self.url().startswith(beginning))
        return self.url()

    def forget_cookies(self):
        self._tab("DELETE", "/cookie")

    def prefer(self, scheme):
        """Light or dark, as the user's desktop would ask for."""
        self._tab("POST", "/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia",
                                                "params": {"features": [{"name": "prefers-color-scheme", "value": scheme}]}})

    def resize(self, width, height):
        self._tab("POST", "/window/rect", {"width": width, "height": height})

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._tab("GET", "/screenshot")))

    def new_tab(self):
        """Opens a tab and goes to it; returns its handle."""
        handle = self._tab("POST", "/window/new", {"type": "tab"})["handle"]
        self._tab("POST", "/window", {"handle": handle})
        return handle

    def close_tab(self):
        """Closes the tab, as a user who has changed their mind, and goes to one that is left."""
        left = self._tab("DELETE", "/window")
        self._tab("POST", "/window", {"handle": left[0]})

    def close(self):
        if self.session:
            try:
                self._tab("DELETE", "")
            except (WebDriverError, OSError):
                pass
        self.driver.terminate()
        self.driver.wait(30)
        self.driver.stdout.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
