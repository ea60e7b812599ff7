"""JSON over HTTP with a service account's token, and patience with a server that is away for a moment."""

import json
import ssl
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any, Callable

from .errors import StepFailed

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
PATIENCE_SECONDS = 180
_AWAY = {429, 500, 502, 503, 504}


class HttpError(Exception):
    """An answer that is a refusal."""

    def __init__(self, status: int, body: str, what: str) -> None:
        super().__init__(f"{what}: {status} {body[:500]}")
        self.status = status
        self.body = body


def token() -> str:
    """Read anew for each request: the kubelet renews it."""
    return (ACCOUNT / "token").read_text(encoding="utf-8").strip()


class Server:
    """One server and how it is asked."""

    def __init__(
        self,
        name: str,
        url: str,
        headers: Callable[[], dict[str, str]],
        context: ssl.SSLContext | None = None,
        patience: float = PATIENCE_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        self.url = url.rstrip("/")
        self._headers = headers
        self._context = context
        self._patience = patience
        self._sleep = sleep

    def ask(self, method: str, path: str, body: Any = None, patient: bool = True) -> Any:
        """
        The answer's JSON. A server that is away is asked again for a while; `patient=False` leaves that to a caller
        whose request may have been carried out although its answer was lost.
        """
        end = time.monotonic() + self._patience
        pause = 1.0
        while True:
            try:
                with self._open(method, path, body, timeout=30) as answer:
                    text = answer.read().decode("utf-8")
                    return json.loads(text) if text else None
            except HttpError as error:
                if error.status not in _AWAY or not patient or time.monotonic() > end:
                    raise
                reason = f"{error.status}"
            except (urllib.error.URLError, HTTPException, OSError) as error:
                if not patient:
                    raise
                if time.monotonic() > end:
                    raise StepFailed(f"{self.name} at {self.url} has not answered for {self._patience:.0f} s: {error}")
                reason = str(error)
            print(f"{self.name} does not answer ({reason}); trying again", flush=True)
            self._sleep(pause)
            pause = min(pause * 2, 10)

    def lines(self, path: str) -> Any:
        """The answer's lines as they come; the caller closes it."""
        return self._open("GET", path, None, timeout=None)

    def _open(self, method: str, path: str, body: Any, timeout: float | None) -> Any:
        data = None if body is None else json.dumps(body).encode("utf-8")
        request = urllib.request.Request(f"{self.url}{path}", data=data, method=method, headers=self._headers())
        if data is not None:
            request.add_header("Content-Type", "application/json")
        try:
            return urllib.request.urlopen(request, timeout=timeout, context=self._context)
        except urllib.error.HTTPError as error:
            with error:
                text = error.read().decode("utf-8", "replace")
            raise HttpError(error.code, text, f"{self.name} {method} {path}") from None
