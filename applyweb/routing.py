"""The WebSocket routes. Must not know: what the consumers do."""

from typing import Any

from channels.security.websocket import WebsocketDenier
from django.urls import re_path

from applyweb.web.sockets.changeset import ChangesetSocket
from applyweb.web.sockets.events import EventsSocket
from applyweb.web.sockets.proposal import ProposalSocket
from applyweb.web.sockets.review import ReviewSocket

# Django's re_path is typed for HTTP views; Channels takes ASGI applications in the same place.
_events: Any = EventsSocket.as_asgi()
_review: Any = ReviewSocket.as_asgi()
_proposal: Any = ProposalSocket.as_asgi()
_changeset: Any = ChangesetSocket.as_asgi()
_denied: Any = WebsocketDenier.as_asgi()

websocket_urlpatterns: list[Any] = [
    re_path(r"^ws/applies/(?P<apply_id>[0-9a-z]+)/events$", _events),
    re_path(r"^ws/applies/(?P<apply_id>[0-9a-z]+)/review$", _review),
    re_path(r"^ws/applies/(?P<apply_id>[0-9a-z]+)/proposals/(?P<proposal_id>[0-9]{1,18})/events$", _proposal),
    re_path(r"^ws/changesets/(?P<changeset_id>[0-9a-z]+)$", _changeset),
    re_path(r"", _denied),
]
