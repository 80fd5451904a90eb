"""Sentences that name definitions of a file and ask nothing of them. `{a}` and `{b}` are definitions that stay as they
are; `{owner}` and `{member}` are one and what it belongs to.

Must not know: changes, code.
"""

from __future__ import annotations

DENIED = (
    "I did not touch `{a}`.",
    "I did not remove `{a}`.",
    "Don't remove `{a}`; `{b}` still needs it.",
    "`{a}` is not removed.",
    "Please do not delete `{a}`.",
    "There is no need to replace `{a}` with anything.",
    "I left `{a}` where it is.",
    "`{a}` has not been removed, and `{b}` has not been renamed.",
    "I was tempted to drop `{a}`, but it is still used.",
    "Nothing is deleted: `{a}` and `{b}` stay.",
    "I decided against replacing `{a}` with something else.",
    "`{a}` was not renamed, so its callers go on working.",
    "Never remove `{a}` without telling its users.",
    "We cannot get rid of `{a}` yet.",
    "This neither changes `{a}` nor drops `{b}`.",
    "Removing `{a}` is not needed for this.",
    "`{a}` should not be deleted.",
    "I would rather not eliminate `{a}`.",
    "Without removing `{a}`, this is the least that has to change.",
    "Instead of removing `{a}` I kept it as it is.",
    "You must not strip `{a}` from this file.",
    "No, `{a}` doesn't go away.",
)
LATER = (
    "You can remove `{a}` later.",
    "If `{a}` is removed one day, this becomes simpler.",
    "Once nothing calls `{a}` any more, it could be deleted.",
    "At some point we should replace `{a}` with something faster.",
    "Dropping `{a}` would be a good follow-up.",
    "If you ever delete `{a}`, delete its tests too.",
    "In a later step, `{a}` might be renamed.",
    "`{a}` will be removed in the next major release, not now.",
    "One could get rid of `{a}` after that, but that is another change.",
    "When `{a}` is gone some day, `{b}` can go too.",
    "I would remove `{a}` in a separate commit.",
    "If you want, I can drop `{a}` next.",
    "Should `{a}` be dropped in the future, nothing here has to change.",
    "Later on `{a}` may be replaced with a shorter version.",
    "Unless you remove `{a}`, this stays compatible.",
    "It would be possible to delete `{a}`, but let us keep that for another time.",
)
ELSEWHERE = (
    "`{a}` was removed upstream, but this file keeps it.",
    "In the other repository `{a}` has been deleted already; here it stays.",
    "A caller dropped its own copy of `{a}` last week.",
    "`{a}` used to be replaced with a stub in the tests.",
    "The older `{a}` of version 1 was removed long ago.",
    "An earlier commit removed a bug from `{a}`.",
    "Before, I had removed `{a}`; that was a mistake, and it is back in the file you gave me.",
    "I first replaced `{a}` with a shorter version and then took that back.",
    "The documentation says that `{a}` was deleted, which is wrong.",
    "Some forks have dropped `{a}`.",
)
OWNER = (
    "The `{member}` method of `{owner}` is called often, so this matters.",
    "This touches the `{member}` method of `{owner}` only indirectly.",
    "`{owner}`'s `{member}` removes what it no longer needs.",
    "`{a}` deletes what is stale, so nothing more is needed there.",
    "`{a}` drops its cache by itself.",
    "It removes the need to call `{member}` of `{owner}` by hand.",
    "The way `{owner}` handles `{member}` is a good model for this.",
    "`{member}` in `{owner}` strips the white space already.",
    "What `{a}` returns is removed from the list by its caller.",
    "This removes `{a}`'s last reason to be slow.",
    "As a part of `{owner}`, `{member}` replaces nothing.",
    "The values that `{a}` gets rid of are not used here.",
)
WITH = (
    "It works with `{a}` as before.",
    "Call it with `{a}` where you need both.",
    "Together with `{a}` this covers all cases.",
    "I tested this with `{a}`.",
    "Use it with `{a}` or on its own.",
    "Nothing changes for code that combines it with `{a}` and `{b}`.",
    "To stay in line with `{a}`, the style is the same.",
    "It can be used instead of calling `{a}` twice.",
    "This is consistent with `{a}`, which I used as a model.",
    "Start with `{a}` if you want to read the code.",
    "`{a}` with its defaults behaves the same.",
    "Compare it with `{a}`.",
    "To use `{a}` with retries you need this.",
    "That way `{a}` need not be swapped for anything.",
)
QUESTION = (
    "Should I remove `{a}` too?",
    "Do you want me to delete `{a}` as well?",
    "Is `{a}` still used? If not, I can drop it.",
    "Would you like `{a}` replaced with something similar?",
    "Shall `{a}` go as well?",
    "Why was `{a}` not removed when `{b}` came?",
    "Can `{a}` be deleted, or does something else import it?",
    "Did you mean to drop `{a}`? I kept it.",
    "Do we still need `{a}`, or was it replaced?",
    "Could we get rid of `{a}`? Tell me, and I will do it.",
)
