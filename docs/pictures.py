"""`make pictures`: pictures of the main pages of the demo company, into docs/images.

    python -m docs.pictures            with an installation made for this
    python -m docs.pictures ADDRESS    of a demo that is running; its data folder is known

Signs in through the sign-in page as a person would, in light and dark, wide and on a
phone, in three languages. A console error ends it.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.installation import Installation, installation
from tests.browser.executable import find

IMAGES = Path(__file__).parent / "images"
PORT = 8765
WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
# page -> (who looks at it, address)
PAGES = {
    "work": ("sales", "/"),
    "customers": ("credit_manager", "/customers/"),
    "customer": ("credit_manager", "first"),
    "invoices": ("credit_manager", "/invoices/"),
    "payments": ("credit_manager", "/payments/"),
    "abc": ("credit_manager", "/analyses/abc"),
    "rfm": ("analyst", "/analyses/rfm"),
    "cohorts": ("analyst", "/analyses/cohorts"),
    "sales": ("analyst", "/analyses/sales"),
    "ageing": ("credit_manager", "/analyses/ageing"),
    "imports": ("data_steward", "/imports/"),
    "users": ("administrator", "/admin/users"),
}
LOOKS = {  # name -> (language, dark, size)
    "light": ("en", False, WIDE),
    "dark": ("en", True, WIDE),
    "phone": ("en", False, PHONE),
    "zh": ("zh-hans", False, WIDE),
    "es": ("es", False, WIDE),
}


def take(address: str, sign_ins: dict[str, tuple[str, str]]) -> None:
    """Take every picture of a running demo."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(find()), args=["--no-sandbox"])
        for role in {who for who, _ in PAGES.values()}:
            for look in LOOKS:
                _look(browser, address, role, sign_ins[role], look)
        browser.close()


def _look(browser: Browser, address: str, role: str, sign_in: tuple[str, str], look: str) -> None:
    language, dark, size = LOOKS[look]
    context = browser.new_context(
        viewport=size,
        color_scheme="dark" if dark else "light",
        locale=language,  # type: ignore[arg-type]
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    _sign_in(page, address, *sign_in)
    _speak(page, language)
    for name, (who, path) in PAGES.items():
        if who == role:
            _open(page, address, path)
            page.screenshot(path=IMAGES / f"{name}-{look}.png")
    context.close()
    if errors:
        raise SystemExit(f"{role}, {look}: {errors}")


def _sign_in(page: Page, address: str, name: str, password: str) -> None:
    page.goto(f"{address}/account/sign-in")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def _speak(page: Page, language: str) -> None:
    """Choose the language as the user menu does."""
    token = page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    form = {"language": language, "csrfmiddlewaretoken": token or ""}
    headers = {"Referer": page.url}
    page.request.post(f"{page.url.split('/', 3)[0]}//{page.url.split('/')[2]}/preferences",
                      form=form, headers=headers)  # fmt: skip


def _open(page: Page, address: str, path: str) -> None:
    if path == "first":
        page.goto(f"{address}/customers/?order=-sales")
        link = page.locator("#rows tbody a").first.get_attribute("href")
        page.goto(f"{address}{link}")
    else:
        page.goto(f"{address}{path}")
    page.wait_for_load_state("networkidle")


def _sign_ins(product: Installation) -> dict[str, tuple[str, str]]:
    kept = Path(product.environment["CLIENTELA_DATA_DIR"]) / "demo-sign-ins.json"
    rows = json.loads(kept.read_text(encoding="utf-8"))
    found = rows["sign_ins"] if isinstance(rows, dict) else rows
    return {one["role"]: (one["username"], one["password"]) for one in found}


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def main() -> int:
    """Make a demo, serve it, take the pictures."""
    address = f"http://127.0.0.1:{PORT}"
    if len(sys.argv) > 1:
        running = Installation(Path("."))
        running.environment["CLIENTELA_DATA_DIR"] = os.environ["CLIENTELA_DATA_DIR"]
        take(sys.argv[1].rstrip("/"), _sign_ins(running))
        return 0
    with installation() as product:
        product.run("demo", "--customers", "2000")
        product.run("refresh")
        command = [sys.executable, "-m", "clientela.cli.main", "up", "--port", str(PORT)]
        server = subprocess.Popen(command, env=product.environment, stdout=subprocess.DEVNULL)
        try:
            while not _answers(address):
                time.sleep(0.5)
            take(address, _sign_ins(product))
        finally:
            server.terminate()
            server.wait(timeout=30)
    return 0


if __name__ == "__main__":
    sys.exit(main())
