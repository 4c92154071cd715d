"""A SCIM service provider on django-scim2 with everything in memory, for the interoperability test.

Of its own the project has a user model and a group model with django-scim2's mixins, and a middleware that takes one
bearer token. `username` is unique as Django's own user model has it, with regard to case; a group's name is not.
Everything else that a client sees is what django-scim2 does.

PEER_TOKEN is the bearer token it wants, PORT the port it listens on (127.0.0.1 only).
"""

import hmac
import os
import sys
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings

TOKEN = os.environ.get("PEER_TOKEN")
PORT = os.environ.get("PORT")
if not TOKEN or not PORT:
    sys.exit("PEER_TOKEN and PORT must be set")

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    APPEND_SLASH=False,
    AUTH_USER_MODEL="directory.User",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "file:peer?mode=memory&cache=shared"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "directory", "django_scim"],
    LOGGING_CONFIG=None,
    MIDDLEWARE=[f"{__name__}.BearerToken"],
    # Passwords are nobody's here, and a slow hash would make the test slow.
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ROOT_URLCONF=__name__,
    SECRET_KEY=TOKEN,
    USE_TZ=True,
    SCIM_SERVICE_PROVIDER={
        "NETLOC": f"127.0.0.1:{PORT}",
        "SCHEME": "http",
        "GROUP_MODEL": "directory.models.Group",
        "WWW_AUTHENTICATE_HEADER": 'Bearer realm="django-scim2"',
        "AUTHENTICATION_SCHEMES": [
            {
                "type": "oauthbearertoken",
                "name": "OAuth Bearer Token",
                "description": "Authentication by a bearer token",
                "primary": True,
            }
        ],
    },
)
django.setup()

from django.contrib.auth.models import AnonymousUser  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402

urlpatterns = [path("scim/v2/", include("django_scim.urls", namespace="scim"))]


class Provider:
    is_authenticated = True


class BearerToken:
    """Whoever brings the token is the provider; django-scim2's own middleware refuses anybody else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        known = scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), TOKEN.encode())
        request.user = Provider() if known else AnonymousUser()
        return self.get_response(request)


class Threads(ThreadingMixIn, WSGIServer):
    """A connection on which nothing is sent must not keep the others waiting."""

    daemon_threads = True


class OneAtATime:
    """SQLite's shared memory knows no waiting for a lock."""

    def __init__(self, application):
        self.application = application
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        with self.lock:
            response = self.application(environ, start_response)
            try:
                return [b"".join(response)]
            finally:
                response.close()


class Quiet(WSGIRequestHandler):
    def log_message(self, format, *args):
        pass


if __name__ == "__main__":
    call_command("migrate", run_syncdb=True, verbosity=0)
    application = OneAtATime(get_wsgi_application())
    with make_server("127.0.0.1", int(PORT), application, server_class=Threads, handler_class=Quiet) as server:
        server.serve_forever()
