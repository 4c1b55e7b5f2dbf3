"""What a page complains about: a test of pages fails on any of it."""

from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Error, Page


@dataclass
class Console:
    """Collects errors, warnings about the content policy and uncaught exceptions."""

    complaints: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Hear what a page says from now on."""
        page.on("console", self._on_message)
        page.on("pageerror", self._on_exception)

    def forgive(self, text: str) -> None:
        """Expect complaints that contain a text, as where a test asks for a refusal."""
        self.forgiven.append(text)

    @property
    def unforgiven(self) -> list[str]:
        """What was complained about and not expected."""
        return [c for c in self.complaints if not any(text in c for text in self.forgiven)]

    def _on_message(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            place = message.location.get("url", "")
            self.complaints.append(f"{message.type}: {message.text} ({place})")

    def _on_exception(self, error: Error) -> None:
        self.complaints.append(f"exception: {error.message}")
