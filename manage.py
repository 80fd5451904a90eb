#!/usr/bin/env python3
"""The command line of the site."""

import sys


def main() -> None:
    if sys.version_info < (3, 11):
        found = ".".join(map(str, sys.version_info[:2]))
        sys.exit(f"applyweb needs Python 3.11 or later; this is {found}. Make the environment with a newer python3.")
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "applyweb.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed in this Python. Run: .venv/bin/pip install -e .")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
