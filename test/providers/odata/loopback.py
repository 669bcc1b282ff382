"""A server of HTTP on loopback, of a test's own."""
import http.server
import threading

# What a service and a proxy ask with: the status, where the answer stands, where the question.
SERVICE, PROXY = (401, "Authorization", "WWW-Authenticate"), (407, "Proxy-Authorization", "Proxy-Authenticate")


class Loopback:
    """url: where it answers by the handler, until it is closed or the program ends. host: what it is called there."""

    def __init__(self, handler, host="127.0.0.1"):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://{host}:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
