"""A hub of data sets on this machine: as much of the hub's protocol as an upload needs."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any


class _Hub(BaseHTTPRequestHandler):
    """Takes data sets; their files go to ``folder``, by the name of the data set."""

    folder: Path

    def do_GET(self) -> None:
        self._answer({"sha": "0" * 40, "siblings": [], "id": self.path, "tags": []})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/validate-yaml"):
            self._answer({"errors": [], "warnings": []})
        elif "/preupload/" in self.path:
            files = [
                {"path": file["path"], "uploadMode": "regular", "shouldIgnore": False}
                for file in json.loads(body)["files"]
            ]
            self._answer({"files": files})
        elif "/commit/" in self.path:
            self._take(body)
            commit = f"{self._address}/datasets/varn/varn-news/commit/{'0' * 40}"
            self._answer({"commitUrl": commit, "commitOid": "0" * 40})
        else:
            self._answer({"url": f"{self._address}/datasets/varn/varn-news"})

    @property
    def _address(self) -> str:
        return f"http://{self.headers['Host']}"

    def _take(self, body: bytes) -> None:
        for line in map(json.loads, body.splitlines()):
            if line["key"] == "file":
                place = self.folder / line["value"]["path"]
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(base64.b64decode(line["value"]["content"]))

    def _answer(self, value: dict[str, Any]) -> None:
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@contextmanager
def local_hub(folder: Path) -> Iterator[str]:
    """A hub at the address that is yielded; what is uploaded lies in the folder."""
    kind = type("Hub", (_Hub,), {"folder": folder})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
