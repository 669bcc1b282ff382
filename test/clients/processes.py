"""Many processes that do the same at the same moment, made by fork. The process that forks must not have used the driver itself."""
import json
import os
import select
import signal
import sys
import traceback


class _Child:
    def __init__(self, index, prepare, act):
        from_child, to_parent = os.pipe()
        start, let_start = os.pipe()
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            for fd in (from_child, let_start):
                os.close(fd)
            _live(index, prepare, act, start, to_parent)
        for fd in (to_parent, start):
            os.close(fd)
        self.file, self.start = from_child, let_start

    def read(self, size, seconds):
        """What the child says, within the time; "" where it is silent or has ended."""
        ready, _, _ = select.select([self.file], [], [], seconds)
        return os.read(self.file, size) if ready else b""


def _live(index, prepare, act, start, to_parent):
    """The child: never returns into the test."""
    answer = {"failure": "it did not come to its end"}
    try:
        signal.alarm(300)
        state = prepare(index)
        os.write(to_parent, b"!")
        os.read(start, 1)
        answer = {"result": act(state)}
    except BaseException:
        answer = {"failure": traceback.format_exc()}
    finally:
        try:
            with os.fdopen(to_parent, "wb") as file:
                file.write(json.dumps(answer).encode())
        finally:
            os._exit(0)


def at_once(count, prepare, act, between=lambda: None):
    """Forks `count` processes. Each calls prepare(index); when all have, between() is called here, and then each calls act(what prepare
    gave), all at the same time. The results come back through JSON: (results, failures)."""
    children = [_Child(index, prepare, act) for index in range(count)]
    ready = [child.read(1, 240) == b"!" for child in children]
    if all(ready):
        between()
    for child in children:              # by a byte: the end of the pipe would not come while younger children hold it too
        os.write(child.start, b"!")
        os.close(child.start)
    results, failures = [], []
    for child in children:
        text = b""
        while piece := child.read(65536, 240):
            text += piece
        os.close(child.file)
        os.kill(child.pid, signal.SIGKILL)
        os.waitpid(child.pid, 0)
        answer = json.loads(text.lstrip(b"!") or b'{"failure": "it said nothing"}')
        (results if "result" in answer else failures).append(answer.get("result", answer.get("failure")))
    return results, failures
