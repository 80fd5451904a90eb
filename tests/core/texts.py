"""Texts for properties: source-like lines with every kind of line end, and pairs of texts that share much."""

from hypothesis import strategies as st

_CONTENT = st.one_of(
    st.sampled_from(["", "", "}", "    return x", "def f(x):", "\tkeep", "a", "b", "c", "\ufeffa", "🙂 é", "x\u2028y"]),
    st.text(st.characters(exclude_characters="\r\n\x00", exclude_categories=("Cs",)), max_size=6),
)
_END = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])
lines = st.lists(st.tuples(_CONTENT, _END).map("".join), max_size=14)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Any text: mixed line ends, perhaps a byte-order mark, perhaps no final newline, perhaps empty."""
    return draw(st.sampled_from(["", "\ufeff"])) + "".join(draw(lines)) + draw(_CONTENT)


@st.composite
def text_pairs(draw: st.DrawFn) -> tuple[str, str]:
    """An original and a version of it: pieces kept, dropped, doubled, replaced; or two texts without
    relation."""
    if draw(st.integers(0, 5)) == 0:
        return draw(texts()), draw(texts())
    old = draw(lines)
    new: list[str] = []
    for line in old:
        action = draw(st.sampled_from(["keep", "keep", "keep", "drop", "double", "replace", "insert"]))
        if action in ("keep", "double", "insert"):
            new.append(line)
        if action == "double":
            new.append(line)
        if action in ("replace", "insert"):
            new.extend(draw(st.lists(st.sampled_from(["new\n", "\n", "}\n", "other\r\n"]), min_size=1, max_size=3)))
    tails = draw(st.tuples(_CONTENT, _CONTENT))
    return "".join(old) + tails[0], "".join(new) + draw(st.sampled_from(tails))
