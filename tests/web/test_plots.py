"""The plots of the Engines page: what is drawn, what is said, where the line is broken."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator

import pytest
from django.test import Client

from applyweb.jobs.engine_history import History, Sample
from applyweb.web.pages import engines
from applyweb.web.pages.plots import plots

pytestmark = pytest.mark.django_db


def test_a_line_runs_from_left_to_now_at_the_right() -> None:
    (plot,) = plots([Sample(0.0, {"running": 0}), Sample(10.0, {"running": 2}), Sample(20.0, {"running": 4})])
    assert plot.path == "M160 40L200 20L240 0"  # a minute is the least that is shown
    assert (plot.label, plot.now, plot.most, plot.dot) == ("Running", "4", "4", (240.0, 0.0))
    assert plot.said == "Running over the last minute: now 4, at most 4"


def test_the_line_is_broken_where_the_server_was_down_or_nobody_looked() -> None:
    down = plots([Sample(0.0, {"queued": 1}), Sample(5.0, None), Sample(10.0, {"queued": 1})])
    assert down[0].path.count("M") == 2
    away = plots([Sample(0.0, {"queued": 1}), Sample(300.0, {"queued": 1})])
    assert (away[0].path.count("M"), away[0].path.count("L")) == (2, 0)
    assert away[0].said.startswith("Queued over the last 5 minutes")


def test_a_server_that_is_down_now_has_no_dot_and_says_so() -> None:
    (plot,) = plots([Sample(0.0, {"tokens_per_second": 1204.4}), Sample(2.0, None)])
    assert (plot.now, plot.most, plot.dot) == ("no answer", "1,204", None)


def test_only_figures_that_were_told_are_drawn_and_nothing_but_zero_lies_on_the_ground() -> None:
    assert plots([Sample(0.0, None), Sample(2.0, {"unknown": 1.0})]) == []
    (plot,) = plots([Sample(0.0, {"running": 0.0})])
    assert plot.path == "M240 40"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A model server that tells of its work what SGLang tells, set as the site's."""
    answers = {
        "/ready": b"",
        "/model_info": b'{"model_path": "/models/coder"}',
        "/server_info": b'{"speculative_algorithm": "APPLY"}',
        "/metrics": b'sglang:gen_throughput{rank="0"} 812.0\nsglang:spec_accept_length{rank="0"} 41.5\n'
        b'sglang:spec_accept_length{rank="1"} 51.5\n',
    }

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answers[self.path])

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    monkeypatch.setattr(engines, "history", History())
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        monkeypatch.setenv("APPLYWEB_SGLANG_URL", f"http://127.0.0.1:{listening.server_address[1]}")
        yield
        listening.shutdown()
        thread.join()


def test_the_page_draws_what_the_server_tells(server: None, admin_client: Client) -> None:
    html = admin_client.get("/engines/").content.decode()
    assert re.findall(r'role="img" aria-label="([^"]*)"', html) == [
        "Tokens per second over the last minute: now 812, at most 812",
        "Acceptance length over the last minute: now 46.5, at most 46.5",
    ]
    assert "<style" not in html
    assert "style=" not in html
