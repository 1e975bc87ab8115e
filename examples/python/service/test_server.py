import json
import os
import signal
import socket
import subprocess
import sys
import threading
from http.client import HTTPConnection
from pathlib import Path

import pytest

from server import Storefront

SERVER = Path(__file__).parent / "server.py"


@pytest.fixture
def start():
    """Starts the service in this process, on a free port of this machine."""
    servers = []

    def run(**options):
        server = Storefront(("127.0.0.1", 0), **options)
        threading.Thread(target=server.serve_forever).start()
        servers.append(server)
        return server.server_port

    yield run
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def launch():
    """Starts the service as the container does, with variables; gives the process and its port."""
    processes = []

    def run(**variables):
        process = subprocess.Popen([sys.executable, str(SERVER)], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "PORT": "0", **variables})
        processes.append(process)
        first = process.stdout.readline()
        return process, int(first.split()[2].rstrip(",")) if first else None

    yield run
    for process in processes:
        process.kill()
        process.communicate()


def ask(port, path):
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, content


def test_the_page_returns_version_and_environment(start):
    status, content = ask(start(version="1.2.3", environment_name="staging"), "/?utm_source=mail")

    assert status == 200
    assert json.loads(content) == {"name": "storefront", "version": "1.2.3", "environment": "staging"}


def test_the_health_check_is_ok_even_in_a_bad_release(start):
    port = start(failure_rate=1.0)

    assert ask(port, "/healthz") == (200, b'{"status": "ok"}\n')
    assert ask(port, "/")[0] == 500


def test_a_head_response_has_no_body(start):
    # Over a socket, because HTTPConnection would not read a body that should not be there.
    with socket.create_connection(("127.0.0.1", start()), timeout=10) as client:
        client.sendall(b"HEAD / HTTP/1.1\r\nHost: test\r\n\r\n")
        answer = client.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.0 200 OK")
    assert answer.endswith(b"\r\n\r\n")


def test_an_unknown_path_returns_404(start):
    assert ask(start(), "/nowhere")[0] == 404


def test_the_variables_reach_the_service(launch):
    _, port = launch(VERSION="1.2.3", ENVIRONMENT_NAME="production", FAILURE_RATE="0")

    assert json.loads(ask(port, "/")[1]) == {"name": "storefront", "version": "1.2.3", "environment": "production"}


def test_sigterm_lets_a_request_finish_and_exits_with_0(launch):
    process, port = launch()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as half:
        half.sendall(b"GET / HTTP/1.1\r\n")
        # Connections are taken in their order: when this one is answered, the half request is being read.
        assert ask(port, "/healthz")[0] == 200
        process.send_signal(signal.SIGTERM)
        half.sendall(b"Host: test\r\n\r\n")
        assert half.makefile("rb").read().startswith(b"HTTP/1.0 200 OK")

    output, _ = process.communicate(timeout=10)
    assert output.splitlines()[-1] == "stopped"
    assert process.returncode == 0


@pytest.mark.parametrize("rate", ["50%", "-1", "1.5", "nan"])
def test_an_invalid_failure_rate_keeps_the_service_from_starting(launch, rate):
    process, _ = launch(FAILURE_RATE=rate)

    _, errors = process.communicate(timeout=10)
    assert errors == f"FAILURE_RATE must be a number from 0 to 1, got {rate!r}\n"
    assert process.returncode == 1
