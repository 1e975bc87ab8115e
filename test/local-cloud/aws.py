"""Answers AWS calls for the tests, one a line: [service, operation, parameters] in, the response as JSON out."""

import functools
import json
import sys

import botocore.session

client = functools.cache(botocore.session.get_session().create_client)

for line in sys.stdin:
    service, operation, parameters = json.loads(line)
    response = getattr(client(service), operation)(**parameters)
    print(json.dumps(response, default=str), flush=True)
