"""Validates the JSON on the standard input against the input of an operation in the AWS API models that botocore carries."""
import json
import sys

import botocore.session
from botocore.validate import ParamValidator

service, operation = sys.argv[1:]
shape = botocore.session.get_session().get_service_model(service).operation_model(operation).input_shape
report = ParamValidator().validate(json.load(sys.stdin), shape)
if report.has_errors():
    sys.exit(report.generate_report())
