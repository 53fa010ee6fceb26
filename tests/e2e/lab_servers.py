#!/usr/bin/env python3
"""What a lab's network offers, on one port of the loopback, for tests.

    lab_servers.py PORT FOLDER [CERTIFICATE]

The folder is served as it is, by TLS where CERTIFICATE (PEM, with its key) is named; what is below
/closed/ in it wants the user `lab` with the password `s3cret`. As a proxy it answers every request
with its first line and who asks. Each path that was asked for is a line of FOLDER/asked.
"""

import base64
import functools
import http.server
import ssl
import sys

USER = "Basic " + base64.b64encode(b"lab:s3cret").decode()


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, text, *header):
        body = text.encode()
        self.send_response(status)
        if header:
            self.send_header(*header)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        with open(self.directory + "/asked", "a", encoding="utf-8") as asked:
            asked.write(self.path + "\n")
        if "://" in self.path:
            self.answer(200, f"{self.requestline} for {self.headers['Proxy-Authorization']}")
        elif self.path.startswith("/closed/") and self.headers["Authorization"] != USER:
            self.answer(401, "who?", "WWW-Authenticate", 'Basic realm="lab"')
        else:
            super().do_GET()


port, folder, *certificate = sys.argv[1:]
server = http.server.ThreadingHTTPServer(
    ("127.0.0.1", int(port)), functools.partial(Handler, directory=folder)
)
if certificate:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[0])
    server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
