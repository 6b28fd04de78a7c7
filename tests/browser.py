"""A real browser for tests and benchmarks: this machine's own Chromium, driven by Playwright."""
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

# Debian, Ubuntu; Google's own, which GitHub's runners have; macOS and Windows.
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
ALONE = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")
OF_THE_BROWSER = ("data", "blob", "about", "chrome-extension")
PATIENCE = 300_000  # milliseconds: however many share the processors, what is to come comes
expect.set_options(timeout=PATIENCE)
DRAWN = """async () => {
    for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame);
    const changing = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.allSettled(changing.map((one) => one.finished));
}"""


def find_chromium() -> str | None:
    """Where Chromium is: $CHROMIUM, or the first of its usual names that exists."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def started(executable: str) -> Iterator[Browser]:
    """A headless browser that asks nobody for updates, gone at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ALONE,
                                             timeout=PATIENCE)
        try:
            yield browser
        finally:
            browser.close()


def context_of(browser: Browser, **how: Any) -> BrowserContext:
    """A context of a browser, in which nothing is late."""
    context = browser.new_context(**how)
    context.set_default_timeout(PATIENCE)
    return context


def settle(page: Page) -> None:
    """Wait until a page shows what was done to it."""
    page.evaluate(DRAWN)


class Watch:
    """What a page complains of in its console, and the hosts that it asks ('' for files)."""

    def __init__(self, page: Page) -> None:
        self.errors: list[str] = []
        self.hosts: set[str] = set()
        page.on("console",
                lambda message: message.type == "error" and self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.note(request.url))
        page.on("websocket", lambda socket: self.note(socket.url))

    def note(self, address: str) -> None:
        """Remember the host of an address, unless the browser itself answers there."""
        parts = urlsplit(address)
        if parts.scheme not in OF_THE_BROWSER:
            self.hosts.add(parts.hostname or "")
