"""The routes of the pages. Must not know: what the views do."""

from django.urls import path

from applyweb.web.pages import (
    changesets,
    deletions,
    engines,
    find,
    fragments,
    listing,
    new,
    preview,
    proposals,
    review,
    sign_in,
    standpoints,
    threads,
)

urlpatterns = [
    path("", new.new_apply, name="new"),
    path("applies/", listing.list_page, name="applies"),
    path("applies/<str:apply_id>/", review.review_page, name="review"),
    path("applies/<str:apply_id>/diff", review.review_fragment, name="diff"),
    path("applies/<str:apply_id>/rows", fragments.rows, name="rows"),
    path("applies/<str:apply_id>/hunks/<str:hunk_id>", fragments.hunk, name="hunk"),
    path("applies/<str:apply_id>/threads", threads.threads, name="threads"),
    path("applies/<str:apply_id>/hunks/<str:name>/rows", fragments.some_rows, name="hunk_rows"),
    path("applies/<str:apply_id>/hunks/<str:name>/alternatives", proposals.alternatives, name="alternatives"),
    path("applies/<str:apply_id>/standpoints", standpoints.standpoints, name="standpoints"),
    path(
        "applies/<str:apply_id>/hunks/<str:hunk_id>/standpoints/<int:person_id>",
        standpoints.hunk_of_other,
        name="hunk_of_other",
    ),
    path("applies/<str:apply_id>/proposals", proposals.proposal_states, name="proposal_states"),
    path("applies/<str:apply_id>/pieces/<int:number>", fragments.piece, name="piece"),
    path("applies/<str:apply_id>/outline/<int:number>", fragments.outline, name="outline"),
    path("applies/<str:apply_id>/chat", fragments.chat_part, name="chat_part"),
    path("applies/<str:apply_id>/colours", fragments.colours, name="colours"),
    path("applies/<str:apply_id>/find", find.find_in_diff, name="find"),
    path("applies/<str:apply_id>/preview", preview.preview, name="preview"),
    path("applies/<str:apply_id>/original", fragments.original, name="original"),
    path("applies/<str:apply_id>/deletion", deletions.of_apply, name="deletion"),
    path("changesets/<str:changeset_id>/deletion", deletions.of_changeset, name="changeset_deletion"),
    path("changesets/plan", changesets.plan, name="changeset_plan"),
    path("changesets/<str:changeset_id>/", changesets.changeset_page, name="changeset"),
    path("changesets/<str:changeset_id>/files", changesets.files, name="changeset_files"),
    path("engines/", engines.engines_page, name="engines"),
    path("engines/states", engines.states, name="engine_states"),
    path("sign-in/", sign_in.sign_in_page, name="sign_in"),
]
