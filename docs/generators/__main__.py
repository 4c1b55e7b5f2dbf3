"""`make docs`: write every page of the reference. `python -m docs.generators`."""

import sys

import django


def main() -> int:
    """Write the pages, and name those that changed."""
    django.setup()
    from docs.generators.pages import REFERENCE, pages

    for name, text in pages().items():
        path = REFERENCE / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
