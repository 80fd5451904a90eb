"""The ASGI application: HTTP to Django, WebSockets to the consumers. The worker starts with it.

Must not know: what either does.
"""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "applyweb.settings")
_http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402  (models load first)

from applyweb.jobs.worker import worker  # noqa: E402
from applyweb.routing import websocket_urlpatterns  # noqa: E402
from applyweb.web.sockets.auth import SocketAuth  # noqa: E402

worker.start()
application = ProtocolTypeRouter({"http": _http, "websocket": SocketAuth(URLRouter(websocket_urlpatterns))})
