"""Runs moto's server for one sandbox: on the loopback interface only, with the patches of patches/, and with a life of a known end.

The first line on stdout is JSON, written once the port is bound: {"pid", "port", "token", "startedAt", "logFile"}, or {"busy": true} when another
shared sandbox holds the lock. Everything after that goes to stderr, which the starter has pointed at a log file.
"""

import argparse
import contextlib
import gc
import html
import io
import json
import logging
import os
import signal
import socketserver
import sys
import threading
import time
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

# moto loads large tables, and there is nothing in them to collect: looking takes a quarter of the start.
gc.set_threshold(200_000, 20, 20)

# Read by moto when it is imported, so they come first. Each makes moto refuse what AWS refuses, or have what AWS has.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION", "true")
os.environ.setdefault("MOTO_ENABLE_AMI_VALIDATION", "true")
os.environ.setdefault("MOTO_ENABLE_KEYPAIR_VALIDATION", "true")
os.environ.setdefault("MOTO_ACM_VALIDATION_WAIT", "1")
# A web page that the user happens to visit must not be able to read the sandbox.
os.environ.setdefault("MOTO_DISABLE_GLOBAL_CORS", "true")

from werkzeug.serving import ThreadedWSGIServer  # noqa: E402

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app  # noqa: E402

import patches  # noqa: E402

IDENTITY_PATH = "/_reconcile/identity"
COPY_PATH = "/_reconcile/copy"


class KeepAliveRequestHandler(MotoRequestHandler):
    """Answers many requests on one connection. Werkzeug's own handler closes it after each, because it cannot tell whether an
    application left part of the body unread; here the body is read before the application runs, so nothing can be left."""

    protocol_version = "HTTP/1.1"
    # Headers and body leave in one packet, at once: otherwise Nagle's algorithm and the client's delayed ACK add 40 ms a call.
    wbufsize = -1
    disable_nagle_algorithm = True

    def run_wsgi(self):
        if self.path == COPY_PATH:
            return self.copy()
        self.wfile.flush()  # the "100 Continue" that http.server may have written
        environ = self.make_environ()
        if environ.get("wsgi.input_terminated"):
            body = environ["wsgi.input"].read()
        else:
            body = self.rfile.read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)

        answer = {}

        def start_response(status, headers, exc_info=None):
            answer.update(status=status, headers=headers)
            return lambda data: None

        try:
            chunks = self.server.app(environ, start_response)
            payload = b"".join(chunks)
            if hasattr(chunks, "close"):
                chunks.close()
        except NotImplementedError as error:
            # 501, because a client sends the same again after a 500.
            answer.update(status="501 Not Implemented", headers=[("Content-Type", "text/html")])
            payload = page(f"The sandbox does not implement this: {error}")
        except Exception:
            logging.exception("%s %s", self.command, environ.get("PATH_INFO"))
            answer.update(status="500 Internal Server Error", headers=[("Content-Type", "text/html")])
            payload = page("The sandbox failed at this; its log says where.")

        code, _, reason = answer["status"].partition(" ")
        names = {name.lower() for name, _ in answer["headers"]}
        without_body = self.command == "HEAD" or code in ("204", "304")
        self.send_response(int(code), reason)
        for name, value in answer["headers"]:
            self.send_header(name, value)
        if "content-length" not in names and not without_body:
            self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        if not without_body:
            self.wfile.write(payload)
        self.wfile.flush()

    def copy(self):
        """A process with everything that is here at this moment, and a port of its own. It ends when the connection does on which it was asked for."""
        self.close_connection = True
        application = self.server.app
        if not hasattr(os, "fork") or self.headers.get("X-Reconcile-Token") != application.identity["token"]:
            return self.send_error(403 if hasattr(os, "fork") else 501)
        # One copy after the other: each takes over what is open at the moment, and what the system's libraries are in the middle of.
        with application.at_rest(), self.server.accepting:
            server = Server("127.0.0.1", 0, application, KeepAliveRequestHandler)
            gc.freeze()  # what is there by now stays: looking for garbage in it would make each copy copy its memory
            process = os.fork()
            if process:
                server.server_close()
                os.close(self.connection.detach())
        if process:
            os.waitpid(process, 0)
            return
        try:
            live_as_copy(server, self.server, self.connection)
        finally:
            os._exit(1)

    def log_request(self, *_):
        pass  # one line for every request would bury the errors


def page(text):
    return f"<!doctype html><html><body><p>{html.escape(text)}</p></body></html>".encode()


class Application:
    """moto, and the path on which a starter asks whether this process is the one it knows."""

    def __init__(self, identity):
        self.identity = identity
        self.moto = DomainDispatcherApplication(create_patched_app)

    def __call__(self, environ, start_response):
        if environ.get("PATH_INFO") != IDENTITY_PATH:
            return self.moto(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(self.identity).encode()]

    @contextlib.contextmanager
    def at_rest(self):
        """No request is between two steps of what it does."""
        with _turn, self.moto.lock:
            yield


def create_patched_app(service):
    # A service's modules are loaded at its first request: patching them then keeps the start quick.
    patches.apply(service)
    app = create_backend_app(service)
    return one_at_a_time(app) if service in patches.NEEDS else app


_turn = threading.Lock()


def one_at_a_time(app):
    """moto's handlers walk dictionaries that another request may be changing, and check before they change: with parallel clients that
    gives errors 500 and duplicates, which AWS never does. (Services that call the sandbox themselves must not wait here.)"""

    def run(environ, start_response):
        with _turn:
            return app(environ, start_response)

    return run


class Server(ThreadedWSGIServer):
    daemon_threads = True
    request_queue_size = 128
    # On Windows the option means that a second process may take the port over; there, leave it off.
    allow_reuse_address = os.name != "nt"

    def __init__(self, *args):
        self.connections = set()
        self.accepting = threading.Lock()
        super().__init__(*args)

    def server_bind(self):
        # Not HTTPServer's, which asks for the name of the address: a process that is copied meanwhile could never ask for one again.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

    def get_request(self):
        with self.accepting:
            accepted = super().get_request()
            self.connections.add(accepted[0])
        return accepted

    def shutdown_request(self, request):
        super().shutdown_request(request)
        self.connections.discard(request)


def live_as_copy(server, original, connection):
    """In the new process, whose only thread this is: others' connections are let go, and this one says when to end."""
    for each in {original.socket, *original.connections} - {connection}:
        with contextlib.suppress(OSError):
            os.close(each.detach())
    server.connections.add(connection)  # for a copy of this one
    if hasattr(take_lock, "file"):
        take_lock.file.close()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGINT, lambda *_: os._exit(0))
    identity = server.app.identity
    identity.update(pid=os.getpid(), port=server.port, token=str(uuid.uuid4()))
    os.environ["MOTO_PORT"] = str(server.port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    answer = ["HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: sandbox", f"X-Reconcile-Identity: {json.dumps(identity)}"]
    connection.sendall("\r\n".join([*answer, "", ""]).encode())
    with contextlib.suppress(OSError):
        while connection.recv(1024):
            pass
    os._exit(0)


def take_lock(path):
    """True if this process now holds the lock. The system releases it when the process ends, however it ends: it is never stale."""
    file = open(path, "a+")
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    take_lock.file = file  # kept open for as long as the process lives
    return True


def write_state(path, identity):
    temporary = f"{path}.{os.getpid()}"
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(identity, file)
    os.replace(temporary, path)


def remove(*paths):
    for path in paths:
        with contextlib.suppress(OSError):  # gone already, or (Windows) still open
            os.unlink(path)


def announce(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()
    os.dup2(2, 1)  # the starter stops listening now: anything printed later belongs in the log


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", required=True)
    parser.add_argument("--state-folder", help="shared: hold lock there, and write state.json")
    parser.add_argument("--log-file", required=True, help="where the starter has pointed stderr; removed at the end")
    parser.add_argument("--until-stdin-ends", action="store_true", help="private: end when the starter does")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")

    state_file = options.state_folder and os.path.join(options.state_folder, "state.json")
    if options.state_folder and not take_lock(os.path.join(options.state_folder, "lock")):
        remove(options.log_file)
        announce({"busy": True})
        return

    def end(*_):
        remove(options.log_file, *([state_file] if state_file else []))
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN if state_file else end)

    started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    identity = {"pid": os.getpid(), "token": options.token, "startedAt": started, "logFile": options.log_file}
    server = Server("127.0.0.1", options.port, Application(identity), KeepAliveRequestHandler)
    identity["port"] = server.port
    os.environ["MOTO_PORT"] = str(server.port)

    if options.until_stdin_ends:
        # The system closes the other end when the starter dies, even by SIGKILL: nothing has to be polled.
        threading.Thread(target=lambda: (sys.stdin.buffer.read(), end()), daemon=True).start()
    if state_file:
        write_state(state_file, identity)
    announce(identity)
    server.serve_forever()


if __name__ == "__main__":
    main()
