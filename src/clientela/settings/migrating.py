"""Bring the database of the settings to this version: run by `setup`, in a process of its own.

Each migration makes the models anew, some thousands of classes in all: looking among them for what
is garbage as often as is usual would take a fifth of the time.
"""

import gc

import django
from django.core.management import call_command


def main() -> None:
    """Apply what is not applied yet, and make the table of the cache."""
    gc.set_threshold(200_000, 20, 100)
    django.setup()
    call_command("migrate", interactive=False, skip_checks=True, verbosity=0)
    call_command("createcachetable", verbosity=0)


if __name__ == "__main__":
    main()
