"""The HTTP routes. Must not know: what the views do."""

from django.conf import settings
from django.urls import include, path

from applyweb.web.api.site import api
from applyweb.web.sign_in import SignInLink, sign_out
from applyweb.web.styles import bundle

urlpatterns = [
    path("api/", api.urls),
    path("sign-in/<int:user_id>/<str:token>/", SignInLink.as_view(), name="sign_in_link"),
    path("sign-out/", sign_out, name="sign_out"),
    path(f"{settings.STATIC_URL.lstrip('/')}bundles/<slug:name>.css", bundle, name="styles"),
    path("", include("applyweb.web.pages.urls")),
]
handler400 = "applyweb.web.faults.bad_request"
handler403 = "applyweb.web.faults.forbidden"
handler404 = "applyweb.web.faults.not_found"
handler500 = "applyweb.web.faults.server_error"
