"""The pages through Django's client: what each shows in each state, and to whom."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applyweb.actions import reviews
from applyweb.engines.base import Note
from applyweb.jobs.colours import Side, highlight_for
from applyweb.models import Apply, User
from applyweb.web.pages.apply_rows import ago
from applyweb.web.pages.facts import duration
from tests.factories import CHAT, ORIGINAL, make_person
from tests.web.applies import begun, failed, finished, stopped
from tests.web.reading import data, page, words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/applies/", "/engines/", "/engines/states", "/applies/abcdefgh2345/"])
def test_strangers_are_sent_to_the_sign_in_page(address: str) -> None:
    answer = Client().get(address)

    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={address}")


def test_sign_in_page_tells_where_the_link_is() -> None:
    assert "terminal" in words(page(Client(), "/sign-in/"))


def test_every_page_keeps_to_the_strict_policy(client: Client, person: User) -> None:
    apply = finished(
        person, original="a\n</script><img onerror=x>\n", merged="b\n{{ x }}<script>1</script>\n", path="x.html"
    )
    for address in ("/", f"/?from={apply.id}", "/applies/", "/engines/", "/sign-in/", f"/applies/{apply.id}/"):
        html = page(client, address)
        assert not re.search(r"<[a-z][^>]*\son\w+=", html)
        assert not re.search(r"<[a-z][^>]*\sstyle=", html)
        assert "<style" not in html
        for script in re.findall(r"<script[^>]*>", html):
            assert "src=" in script or 'type="application/json"' in script


def test_new_page_offers_every_engine_and_language(client: Client) -> None:
    html = page(client, "/")

    assert re.findall(r'name="engine" value="(\w+)"', html)[:4] == ["embedded", "sglang", "openai", "auto"]
    assert re.search(r'value="auto" checked', html)
    known = data(html, "languages")
    assert (known["suffixes"][".py"], known["names"]["makefile"]) == ("python", "makefile")


def test_apply_again_fills_the_page_in_exactly(client: Client, person: User) -> None:
    original = "\ufeffa\r\nb\r</script>\u2028{{ x }}"
    apply = begun(person, original=original, path="odd/<b>.py")

    html = page(client, f"/?from={apply.id}")

    texts = data(html, "again")
    assert texts == {"original": original, "chat": CHAT}
    assert 'value="odd/&lt;b&gt;.py"' in html
    assert re.search(r'value="embedded" checked', html)


def test_apply_again_from_somebody_elses_apply_is_not_there(client: Client) -> None:
    apply = begun(User.objects.create_user("other"))

    assert client.get(f"/?from={apply.id}").status_code == 404


def test_review_page_shows_hunks_decisions_and_who_asked(client: Client, person: User) -> None:
    apply = finished(person)
    first, second = apply.hunks.all()
    reviews.decide_hunk(apply, person, second.key, "rejected")

    html = page(client, f"/applies/{apply.id}/")

    assert re.findall(r'<section class="hunk" id="h-(\S+)" .*?data-decision="(\w+)"', html) == [
        (first.key, "pending"),
        (second.key, "rejected"),
    ]
    assert re.findall(r'<h3 id="t-[^"]*"><span class="vh">Hunk \d, </span>([^<]*)</h3>', html) == ["gross", "label"]
    asked = re.findall(r'data-asked="([\d ]*)"', html)
    for numbers, added in zip(asked, ("round(price", "EUR"), strict=True):
        lines = [CHAT.splitlines()[int(number) - 1] for number in numbers.split()]
        assert any(added in line for line in lines)
    state = data(html, "review-state")
    assert (state["decisions"], state["can_undo"]) == ({second.key: "rejected"}, True)
    assert "Certain" in words(html)


def test_the_same_apply_shows_the_newest_decisions_each_time(client: Client, person: User) -> None:
    apply = finished(person)
    address = f"/applies/{apply.id}/diff"

    assert page(client, address).count('data-decision="pending"') == 2
    reviews.decide_all(apply, person, "accepted")
    assert page(client, address).count('data-decision="accepted"') == 2


def test_an_unsure_result_says_why_above_the_changes(client: Client, person: User) -> None:
    note = Note("ambiguous", "Two places fit <equally>.", chat_line=3)
    html = page(client, f"/applies/{finished(person, confidence='unsure', notes=(note,)).id}/")

    banner = html[html.index("banner unsure") : html.index('id="diff"')]
    assert "Two places fit <equally>. Chat line 3" in words(banner)
    assert 'href="#c3"' in banner


def test_what_is_only_good_to_know_stands_beside_and_is_no_banner(client: Client, person: User) -> None:
    note = Note("not_for_file", "These are commands.", "info", chat_line=3)
    html = page(client, f"/applies/{finished(person, notes=(note,)).id}/")

    assert "banner" not in html[html.index('id="diff"') - 2000 : html.index('id="diff"')]
    assert "These are commands. Chat line 3" in words(html[html.index('id="rail"') :])


def test_a_failed_check_is_a_reason_and_is_listed(client: Client, person: User) -> None:
    broken = ORIGINAL.replace("return price\n", "return (price\n")
    html = page(client, f"/applies/{finished(person, merged=broken).id}/")

    assert "banner unsure" in html
    assert 'aria-label="failed"' in html


def test_an_extra_change_is_flagged(client: Client, person: User) -> None:
    merged = ORIGINAL.replace("TAX = 0.2", "TAX = 0.9")
    html = page(client, f"/applies/{finished(person, merged=merged).id}/")

    assert '<section class="hunk is-extra"' in html
    assert "Extra" in words(html[html.index('class="hbar"') :])


def test_a_hunk_tells_what_speaks_against_it(client: Client, person: User) -> None:
    merged = ORIGINAL.replace("\n", "\nold = 1\n", 1)
    chat = f"```python\n{merged.split(chr(10))[0]}\nold = 1\n```\n"
    note = Note("edge_unsure", "They may <replace> lines.", chat_line=3)
    apply = finished(person, ORIGINAL, merged, chat, confidence="unsure", notes=(note,))
    html = page(client, f"/applies/{apply.id}/")

    assert '<section class="hunk is-doubted"' in html
    assert "Look" in words(html[html.index('class="hbar"') :])
    assert "<li>They may &lt;replace&gt; lines.</li>" in html


def test_a_result_without_changes_says_so(client: Client, person: User) -> None:
    html = page(client, f"/applies/{finished(person, merged=ORIGINAL).id}/")

    assert "Nothing changed" in words(html)


def test_an_open_apply_shows_the_live_view_and_a_stop_button(client: Client, person: User) -> None:
    apply = begun(person)
    html = page(client, f"/applies/{apply.id}/")

    assert f'data-events="/ws/applies/{apply.id}/events"' in html
    assert 'data-act="stop"' in html
    assert 'data-act="copy"' not in html
    answer = client.get(f"/applies/{apply.id}/original")
    assert (answer.content.decode(), answer["Content-Type"]) == (ORIGINAL, "text/plain; charset=utf-8")


def test_a_failed_apply_says_what_happened_and_offers_no_result(client: Client, person: User) -> None:
    html = page(client, f"/applies/{failed(person).id}/")

    assert "The model server broke the connection." in words(html)
    assert "half a file" in html
    assert "not a result" in words(html)
    assert '/result"' not in html
    assert "?from=" in html


def test_a_stopped_apply_says_what_to_do(client: Client, person: User) -> None:
    html = page(client, f"/applies/{stopped(person).id}/")

    assert "This apply was stopped" in words(html)
    assert '/result"' not in html


def test_applies_of_others_are_not_there(client: Client) -> None:
    apply = finished(User.objects.create_user("other"))

    for part in ("", "diff", "rows?start=0&end=1", "original"):
        assert client.get(f"/applies/{apply.id}/{part}").status_code == 404


def test_rows_gives_the_lines_under_a_fold_and_refuses_others(client: Client, person: User) -> None:
    original = "".join(f"line {n}\n" for n in range(1, 61))
    apply = finished(person, original=original, merged=original.replace("line 30\n", "x\ny\n"), path="a.txt")
    address = f"/applies/{apply.id}/rows"

    html = page(client, f"{address}?start=40&end=42")
    assert re.findall(r'class="l (\w)" data-n="(\d+)"', html) == [("o", "41"), ("n", "42"), ("o", "42"), ("n", "43")]
    for query in ("", "?start=0", "?start=x&end=2", "?start=28&end=31", "?start=50&end=99", "?start=-1&end=2"):
        assert client.get(address + query).status_code == 400


def test_rows_of_an_open_apply_are_not_there(client: Client, person: User) -> None:
    assert client.get(f"/applies/{begun(person).id}/rows?start=0&end=1").status_code == 404


def test_hidden_and_deceptive_characters_are_drawn(client: Client, person: User) -> None:
    apply = finished(person, original="a = 1\n", merged="a = '\u202ex\u2066'\n", path="a.py")

    assert 'data-c="RLO"' in page(client, f"/applies/{apply.id}/")


def test_list_shows_states_in_words_and_searches(client: Client, person: User) -> None:
    finished(person, path="shop/one.py")
    failed(person)
    begun(person, path="shop/two.py")

    html = page(client, "/applies/")
    assert [words(flag).strip() for flag in re.findall(r'class="flag[^"]*">(.*?)</span>', html)] == [
        "Writing",
        "Failed",
    ]
    assert "0 of 2" in words(html)
    assert re.findall(r'<a class="mono"[^>]* title="([^"]*)">.*?one.py', page(client, "/applies/?q=one")) == [
        "shop/one.py"
    ]
    assert "No apply matches “zzz”" in words(page(client, "/applies/?q=zzz"))


def test_list_tells_what_was_rejected_from_what_was_taken(client: Client, person: User) -> None:
    reviews.decide_all(finished(person, path="taken.py"), person, "accepted")
    reviews.decide_all(finished(person, path="left.py"), person, "rejected")

    html = page(client, "/applies/")
    assert re.findall(r'<svg class="st (\w+)" role="img" aria-label="([^"]*)"', html) == [
        ("rejected", "all rejected"),
        ("accepted", "reviewed"),
    ]


def test_list_says_whose_a_shared_apply_is(client: Client, person: User) -> None:
    apply = finished(make_person("noor"), path="theirs.py")
    Apply.objects.filter(pk=apply.pk).update(shared=True)
    reviews.decide_all(apply, person, "accepted")
    finished(person, path="own.py")

    names = [
        words(each).split()
        for each in re.findall(r'<th scope="row" class="name">(.*?)<span class="q2 more">', page(client, "/applies/"))
    ]
    assert names == [["own.py"], ["theirs.py", "of", "noor"]]


def test_list_without_any_apply_says_what_to_do(client: Client) -> None:
    assert "There is no apply yet" in words(page(client, "/applies/"))


def test_list_turns_pages_and_keeps_the_search(client: Client, person: User) -> None:
    template = begun(person, path="many.py")
    Apply.objects.bulk_create(
        Apply(
            owner=person,
            path="many.py",
            language="python",
            engine="embedded",
            original=template.original,
            chat=template.chat,
        )
        for _ in range(60)
    )

    html = page(client, "/applies/?q=many")
    assert "Page 1 of 2, 61 applies" in words(html)
    assert 'href="?q=many&amp;page=2"' in html
    assert "Page 2 of 2" in words(page(client, "/applies/?q=many&page=99"))


def test_list_needs_as_many_queries_for_many_applies_as_for_one(client: Client, person: User) -> None:
    counts = []
    for _ in range(2):
        finished(person)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, "/applies/")
        counts.append(len(queries))
        for _ in range(5):
            finished(person)

    assert counts[0] == counts[1]


def test_engines_page_and_states_agree(client: Client) -> None:
    html = page(client, "/engines/")
    states = client.get("/engines/states").json()["engines"]

    assert [state["name"] for state in states] == re.findall(r'id="engine-(\w+)"', html)
    embedded = next(state for state in states if state["name"] == "embedded")
    assert (embedded["state"], embedded["words"]) == ("ready", "ready")


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=2), "2 min ago"),
        (timedelta(hours=3, minutes=59), "3 h ago"),
        (timedelta(days=1, hours=2), "yesterday"),
        (timedelta(days=6), "6 days ago"),
        (timedelta(days=8), "2026-01-02"),
    ],
)
def test_ago_is_short(passed: timedelta, expected: str) -> None:
    now = datetime(2026, 1, 10, 12, tzinfo=UTC)

    assert ago(now - passed, now) == expected


def test_duration_takes_the_unit_that_reads_best() -> None:
    assert [duration(1.25), duration(340.4), duration(1900)] == ["1.2 ms", "340 ms", "1.9 s"]


def test_a_large_file_is_shown_before_its_colours_are_there(client: Client, person: User) -> None:
    original = "".join(f"value_{n} = 'text'  # note\n" for n in range(2000))
    apply = finished(person, original=original, merged=original.replace("value_7 ", "value_seven "), path="values.py")
    address = f"/applies/{apply.id}/"

    early = page(client, address)
    assert 'data-coloured="no"' in early
    assert '<span class="s">' not in early[early.index('id="diff"') : early.index('id="chat"')]
    sides: tuple[Side, ...] = ("original", "merged")
    for side in sides:
        highlight_for(apply, side)
    late = page(client, address)
    assert 'data-coloured="yes"' in late
    assert '<span class="s">&#x27;text&#x27;' in late[late.index('id="diff"') : late.index('id="chat"')]
