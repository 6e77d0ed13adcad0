# Serves the guide's code for Python frameworks: see serve.mjs. The argument is the folder of their packages.
import json, os, sys, threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

sys.path.insert(0, sys.argv[1])

import django
import uvicorn
from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.configure(
    SECRET_KEY="secret",
    ROOT_URLCONF="django_app",
    ALLOWED_HOSTS=["127.0.0.1"],
    # Those of a new project that concern a request.
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
)

from fastapi_app import app as fastapi
from flask_app import app as flask


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def serve_wsgi(app):
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def serve_asgi(app):
    config = uvicorn.Config(app, port=0, log_level="warning")
    socket = config.bind_socket()
    port = socket.getsockname()[1]
    threading.Thread(target=uvicorn.Server(config).run, args=([socket],), daemon=True).start()
    return f"http://127.0.0.1:{port}"


urls = {
    "Django": serve_wsgi(get_wsgi_application()) + "/webhooks/",
    "Flask": serve_wsgi(flask) + "/webhooks",
    "FastAPI": serve_asgi(fastapi) + "/webhooks",
}
for line in sys.stdin:
    os.environ.pop("WEBHOOK_SECRET", None)
    if line.strip():
        os.environ["WEBHOOK_SECRET"] = line.strip()
    print(json.dumps(urls), flush=True)
