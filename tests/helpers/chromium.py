"""A headless Chromium, driven over its debugging pipe by the standard library alone."""

import base64
import itertools
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

PROGRAM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
WEBGL = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
NO_WEBGL = ["--disable-gpu", "--disable-3d-apis"]
ALWAYS = [
    "--headless=new",
    "--no-sandbox",  # of its own; in a container there may be no other way
    "--remote-debugging-pipe",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
]
PATIENCE_SECONDS = 30.0
KEYS = {
    "Enter": 13, "Tab": 9, "Escape": 27, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39,
    "ArrowDown": 40, "Home": 36, "End": 35, "Backspace": 8,
}  # fmt: skip


class BrowserError(Exception):
    pass


class Tab:
    """One page: its commands, and all that it asked for and complained of since it was opened."""

    def __init__(self, commands: int, answers: int) -> None:
        self.commands, self.answers = commands, answers
        self.numbers = itertools.count(1)
        self.received = b""
        self.session: str | None = None
        self.target: str | None = None
        self.requests: list[str] = []
        self.faults: list[str] = []

    def send(self, method: str, **parameters: Any) -> Any:
        number = next(self.numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self.receive(deadline, method)
            if answer.get("id") == number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def receive(self, deadline: float, waiting_for: str) -> dict[str, Any]:
        while b"\0" not in self.received:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.answers], [], [], left)[0]:
                raise BrowserError(f"no answer to {waiting_for} in {PATIENCE_SECONDS:.0f} s")
            chunk = os.read(self.answers, 1 << 20)
            if not chunk:
                raise BrowserError(f"the browser ended, waiting for {waiting_for}")
            self.received += chunk
        text, _, self.received = self.received.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        self.note(message.get("method"), message.get("params", {}))
        return message

    def note(self, method: str | None, told: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            details = told["exceptionDetails"]
            self.faults.append(
                str(details.get("exception", {}).get("description", details["text"]))
            )
        elif method == "Runtime.consoleAPICalled" and told["type"] in ("error", "assert"):
            self.faults.append(str(told["args"]))
        elif method == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.faults.append(told["entry"]["text"])

    def renew(self) -> None:
        """Leaves the page for a new one, with a history, requests and faults of its own."""
        self.session = None
        made = self.send("Target.createTarget", url="about:blank")
        if self.target:
            self.send("Target.closeTarget", targetId=self.target)
        self.target = made["targetId"]
        attached = self.send("Target.attachToTarget", targetId=self.target, flatten=True)
        self.session = attached["sessionId"]
        self.requests, self.faults = [], []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")
        self.size(1280, 800)

    def open(self, url: str) -> None:
        self.send("Page.navigate", url=url)
        self.wait("document.readyState === 'complete' && window.Explorer?.app?.map.paints > 0")

    def run(self, expression: str) -> Any:
        told = self.send(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in told:
            raise BrowserError(told["exceptionDetails"]["exception"]["description"])
        return told["result"].get("value")

    def wait(self, expression: str, seconds: float = 15.0) -> Any:
        deadline = time.monotonic() + seconds
        while True:
            value = self.run(expression)
            if value:
                return value
            if time.monotonic() > deadline:
                raise BrowserError(f"not so within {seconds:.0f} s: {expression}")
            time.sleep(0.05)

    def text(self, selector: str) -> str:
        return str(self.run(f"document.querySelector({json.dumps(selector)}).textContent"))

    def key(self, key: str, *, shift: bool = False) -> None:
        code = KEYS.get(key, ord(key[0].upper()))
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        told = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
        self.send("Input.dispatchKeyEvent", type="keyDown", text=text, **told)
        self.send("Input.dispatchKeyEvent", type="keyUp", **told)

    def type(self, text: str) -> None:
        self.send("Input.insertText", text=text)

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def click(self, x: float, y: float) -> None:
        self.mouse("mouseMoved", x, y)
        self.mouse("mousePressed", x, y, button="left", clickCount=1)
        self.mouse("mouseReleased", x, y, button="left", clickCount=1)

    def click_on(self, selector: str) -> None:
        x, y = self.run(
            "(e => { e.scrollIntoView({block: 'nearest'}); const b = e.getBoundingClientRect();"
            " return [b.x + b.width / 2, b.y + b.height / 2]; })"
            f"(document.querySelector({json.dumps(selector)}))"
        )
        self.click(x, y)

    def size(self, width: int, height: int, *, is_phone: bool = False) -> None:
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=2 if is_phone else 1, mobile=is_phone,
        )  # fmt: skip

    def prefer(self, **features: str) -> None:
        wanted = [
            {"name": name.replace("_", "-"), "value": value} for name, value in features.items()
        ]
        self.send("Emulation.setEmulatedMedia", features=wanted)

    def screenshot(self, file: Path) -> None:
        file.write_bytes(base64.b64decode(self.send("Page.captureScreenshot")["data"]))


@contextmanager
def opened_tab(*flags: str) -> Iterator[Tab]:
    """A tab of a new browser with a profile of its own; both end with the block."""
    assert PROGRAM, "no Chromium here: a test that needs it is skipped"
    to_browser, from_browser = os.pipe(), os.pipe()
    ours = [to_browser[1], from_browser[0]]
    theirs = [to_browser[0], from_browser[1]]
    # The browser reads from descriptor 3 and writes to 4, whatever numbers the pipes have here.
    line = 'exec 3<&0 4>&1 1>/dev/null 0</dev/null; exec "$0" "$@"'
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = subprocess.Popen(
            [
                "sh",
                "-c",
                line,
                PROGRAM,
                *ALWAYS,
                f"--user-data-dir={profile}",
                *flags,
                "about:blank",
            ],
            stdin=theirs[0],
            stdout=theirs[1],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for end in theirs:
            os.close(end)
        try:
            tab = Tab(*ours)
            tab.renew()
            yield tab
        finally:
            with suppress(ProcessLookupError):
                os.killpg(browser.pid, signal.SIGKILL)
            browser.wait()
            for end in ours:
                os.close(end)
