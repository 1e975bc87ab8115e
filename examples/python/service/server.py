"""The storefront: tells its version and environment, and fails on purpose if told to."""

import json
import os
import random
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Storefront(ThreadingHTTPServer):
    # Closing the server waits for the requests in flight.
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, address, *, version="dev", environment_name="local", failure_rate=0.0):
        super().__init__(address, Handler)
        self.version = version
        self.environment_name = environment_name
        self.failure_rate = failure_rate


class Handler(BaseHTTPRequestHandler):
    # A client that sends nothing is cut before ECS kills the task, 30 seconds after it asked it to stop.
    timeout = 20

    def do_GET(self):
        path = self.path.partition("?")[0]
        if path == "/healthz":
            self.answer(200, {"status": "ok"})
        elif path != "/":
            self.answer(404, {"error": "Not found"})
        elif random.random() < self.server.failure_rate:
            self.answer(500, {"error": "Simulated failure", "version": self.server.version})
        else:
            self.answer(200, {"name": "storefront", "version": self.server.version, "environment": self.server.environment_name})

    do_HEAD = do_GET

    def answer(self, status, body):
        content = json.dumps(body).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format, *args):
        # The load balancer asks for the health every few seconds.
        if not self.path.startswith("/healthz"):
            print(f"{self.command} {self.path.partition('?')[0]} {args[1]}", flush=True)


def failure_rate(text):
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= 1:
        sys.exit(f"FAILURE_RATE must be a number from 0 to 1, got {text!r}")
    return rate


def main():
    server = Storefront(
        ("", int(os.environ.get("PORT", "8080"))),
        version=os.environ.get("VERSION", "dev"),
        environment_name=os.environ.get("ENVIRONMENT_NAME", "local"),
        failure_rate=failure_rate(os.environ.get("FAILURE_RATE", "0")),
    )
    # shutdown() waits for serve_forever(), which the handler of the signal interrupts: it needs a thread of its own.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"listening on {server.server_port}, version {server.version}", flush=True)
    server.serve_forever()
    server.server_close()
    print("stopped", flush=True)


if __name__ == "__main__":
    main()
