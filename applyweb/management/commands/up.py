"""`manage.py up`: everything a person needs to start, in one command. Must not know: what the site does."""

from __future__ import annotations

import errno
import os
import socket
import sys
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from applyweb.management import address
from applyweb.management.database import prepare_database


class Command(BaseCommand):
    help = "Prepare the data folder, start the site and print a sign-in link."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (%(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="the port, 0 for any free one (%(default)s)")
        parser.add_argument("--sglang-url", default="", help="an SGLang server, such as http://127.0.0.1:30000")
        parser.add_argument(
            "--openai-url", default="", help="an OpenAI-compatible server, such as http://127.0.0.1:8080/v1"
        )

    def handle(self, *args: Any, host: str, port: int, sglang_url: str, openai_url: str, **options: Any) -> None:
        for option, url in (("sglang", sglang_url), ("openai", openai_url)):
            if url:
                _check_address(f"--{option}-url", url)
                os.environ[f"APPLYWEB_{option.upper()}_URL"] = url
        port = _free_port(host, port)
        if host not in settings.ALLOWED_HOSTS and host not in ("0.0.0.0", "::"):
            settings.ALLOWED_HOSTS.append(host)
        prepare_database()
        self._serve(host, port, f"http://{_in_url(host)}:{port}")

    def _serve(self, host: str, port: int, base: str) -> None:
        from applyweb.jobs.worker import DataFolderInUse, worker

        try:
            worker.start()
        except DataFolderInUse as error:
            raise CommandError(str(error)) from error
        from channels.routing import get_default_application
        from daphne.server import Server

        from applyweb.actions.accounts import ensure_owner, make_sign_in_path
        from applyweb.jobs.samples import ensure_samples

        owner = ensure_owner()
        ensure_samples(owner)
        import_module(settings.ROOT_URLCONF)  # now rather than in the first request

        def ready() -> None:
            # One second as it is by default cuts a slow reader off with the last events still under way.
            server.ws_factory.setProtocolOptions(closeHandshakeTimeout=30)
            address.remember(base)
            self.stdout.write(f"applyweb is on {base}   (data in {settings.DATA_DIR}; Ctrl-C stops it)")
            self.stdout.write(f"Sign in: {base}{make_sign_in_path(owner)}")
            self.stdout.flush()

        endpoint = f"tcp:port={port}:interface={host.replace(':', chr(92) + ':')}"
        application = get_default_application()
        server = Server(application, [endpoint], ready_callable=ready, server_name="applyweb", verbosity=1)
        server.run()
        sys.exit(0)


def _check_address(option: str, url: str) -> None:
    """Errors: CommandError for what is neither http(s)://host nor host:port."""
    whole = url if "://" in url else f"http://{url}"
    try:
        parts = urlsplit(whole)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, url))
        good = good and (parts.port is not None or whole == url)
    except ValueError:
        good = False
    if not good:
        raise CommandError(f"{option} must be an address such as http://127.0.0.1:30000, not {url!r}.")


def _free_port(host: str, port: int) -> int:
    """The port to listen on, tried before anything else is done, so that a port in use is one clear line."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
            return int(trial.getsockname()[1])
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = f"--port {port + 1}" if port < 65535 else "--port 0"
            raise CommandError(
                f"Port {port} on {host} is in use. Stop what uses it, or choose another: {other}."
            ) from error
        raise CommandError(f"Cannot listen on {host}:{port}: {error.strerror or error}.") from error
    except OverflowError as error:
        raise CommandError(f"{port} is no port; choose one from 0 to 65535.") from error


def _in_url(host: str) -> str:
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1" if host == "0.0.0.0" else "[::1]"
    return f"[{host}]" if ":" in host else host
