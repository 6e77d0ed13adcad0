"""Keeps every request on this machine, and half of them about things that are there."""

import json
import os
import random

import schemathesis

RECEIVER = os.environ["WEBHOOKS_RECEIVER"]
IDS = json.loads(os.environ["WEBHOOKS_IDS"])


@schemathesis.hook
def map_body(context, body):
    if not isinstance(body, dict):
        return body
    url = body.get("url")
    # What has no colon is no URL.
    if isinstance(url, str) and ":" in url:
        body["url"] = RECEIVER
    if isinstance(body.get("events"), list) and chance():
        body["events"] = ["post.*"]
    if isinstance(body.get("eventType"), str) and chance():
        body["eventType"] = "post.published"
    if isinstance(body.get("ids"), list) and chance():
        body["ids"] = [IDS["deliveryId"]]
    return body


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    if not isinstance(path_parameters, dict) or context.operation.method == "delete":
        return path_parameters
    return {name: IDS[name] if chance() else value for name, value in path_parameters.items()}


def chance():
    return random.random() < 0.5
