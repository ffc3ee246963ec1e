"""Reads SAM templates as JSON lines, writes what SAM makes of each: logical id -> properties of its APIs and stages."""
import json
import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

KINDS = {"AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"}
session = boto3.session.Session(region_name="us-east-1")
for line in sys.stdin:
    template = json.loads(line)
    parameters = {name: parameter["Default"] for name, parameter in template.get("Parameters", {}).items() if "Default" in parameter}
    result = Translator({}, Parser(), boto_session=session).translate(template, parameter_values=parameters)
    print(json.dumps({key: resource["Properties"] for key, resource in result["Resources"].items() if resource["Type"] in KINDS}))
