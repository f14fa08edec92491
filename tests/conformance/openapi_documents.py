"""OpenAPI documents of HubSpot, joined into one that Prism can serve, and
amended where they are known to be wrong."""
import glob
import json
import os
import re
import typing

REFERENCE = "#/components/"
TEXT_OR_NULL = {"type": "string", "nullable": True}
TEXT_OR_NUMBER = {"oneOf": [{"type": "string"}, {"type": "integer"}]}
SORT = {"oneOf": [{"type": "string"}, {
    "type": "object", "required": ["propertyName"],
    "additionalProperties": False, "properties": {
        "propertyName": {"type": "string"},
        "direction": {"type": "string", "enum": ["ASCENDING",
                                                 "DESCENDING"]}}}]}


# -- joining ----------------------------------------------------------------

def renamed(value, prefix):
    """`value` with its references into the components prefixed; so are the
    names of the security schemes."""
    if isinstance(value, list):
        return [renamed(v, prefix) for v in value]
    if isinstance(value, dict):
        return {k: [{prefix + name: scopes for name, scopes in one.items()}
                    for one in v] if k == "security" and isinstance(v, list)
                else renamed(v, prefix) for k, v in value.items()}
    if isinstance(value, str) and value.startswith(REFERENCE):
        kind, name = value.removeprefix(REFERENCE).split("/", 1)
        return f"{REFERENCE}{kind}/{prefix}{name}"
    return value


def join(folder, pattern):
    """One document of all in the folder whose names fit: the components of
    each get its name in front of theirs. Of an operation that is in several
    the first one stands."""
    whole = {"openapi": "3.0.1", "info": {"title": pattern, "version": "1"},
             "servers": [], "paths": {}, "components": {}}
    for file in sorted(glob.glob(os.path.join(folder, pattern))):
        with open(file, encoding="utf-8") as text:
            document = json.load(text)
        prefix = os.path.basename(file).removesuffix(".json") + "."
        document = renamed(document, prefix)
        for server in document["servers"]:
            if server not in whole["servers"]:
                whole["servers"].append(server)
        for kind, parts in document["components"].items():
            whole["components"].setdefault(kind, {}).update(
                {prefix + name: part for name, part in parts.items()})
        for path, operations in document["paths"].items():
            there = whole["paths"].setdefault(path, {})
            for method, operation in operations.items():
                # two documents may call theirs the same
                operation.pop("operationId", None)
                there.setdefault(method, operation)
    return whole


# -- amending ---------------------------------------------------------------

class Amendment(typing.NamedTuple):
    """What the documents say otherwise than the service does."""
    where: str   # regular expression: a schema's name, or an operation
    change: typing.Callable  # of that schema or operation, in place
    why: str


def optional(*names):
    """Properties that need not be there."""
    def change(schema):
        schema["required"] = [n for n in schema.get("required", [])
                              if n not in names]
    return change


def typed(**types):
    """Properties of another type."""
    def change(schema):
        schema["properties"].update(types)
    return change


def any_of(schema):
    """Alternatives that overlap."""
    schema["anyOf"] = schema.pop("oneOf")


def partly(operation):
    """A batch of which some failed has the status 207."""
    answers = operation["responses"]
    done = answers.get("201", answers.get("200"))
    answers.setdefault("207", done)


def token(operation):
    """The answer that the version before has."""
    operation["responses"]["200"] = {
        "description": "", "content": {"application/json": {"schema": {
            "type": "object",
            "required": ["access_token", "expires_in", "refresh_token",
                         "token_type"],
            "properties": {
                **{name: {"type": "string"} for name in (
                    "access_token", "refresh_token", "token_type",
                    "token_use")},
                "expires_in": {"type": "integer"},
                "hub_id": {"type": "integer"}}}}}}


AMENDMENTS = (
    Amendment("PublicObjectSearchRequest", optional("after", "sorts"),
              "the first page has no cursor, and the guide's examples no"
              " order"),
    Amendment("PublicObjectSearchRequest", typed(sorts={
        "type": "array", "items": SORT}),
              "the guide gives an order as {propertyName, direction}"),
    Amendment("BatchReadInputSimplePublicObjectId",
              optional("propertiesWithHistory"),
              "the guide's examples are without, unless history is wanted"),
    Amendment("(SimplePublicObject|SimplePublicUpsertObject)", typed(
        properties={"type": "object", "additionalProperties": TEXT_OR_NULL}),
              "a property that is not set is null; some of the documents say"
              " so"),
    Amendment("MultiAssociatedObjectWithLabel",
              typed(toObjectId=TEXT_OR_NUMBER), "live answers have numbers"),
    Amendment("LabelsBetweenObjectPair", typed(
        fromObjectId=TEXT_OR_NUMBER, toObjectId=TEXT_OR_NUMBER),
              "live answers have numbers"),
    Amendment("AssociationSpecWithLabel", typed(label=TEXT_OR_NULL),
              "live answers have null where there is no label"),
    Amendment("StandardError", optional("errors", "links"),
              "live answers leave out what is empty"),
    Amendment("post .*/batch/(read|create|update|upsert)", partly,
              "the guide to errors has 207, the dated documents do not"),
    Amendment("(AccessTokenResponse|ClientCredentialsTokenResponse)",
              optional("token_use"), "v1's guide is without"),
    Amendment("TokenResponseIF", any_of,
              "whatever is one of them is the other one, too"),
    Amendment("post /oauth/20.*/token", token,
              "the dated document has no answer but the error"))


def places(document):
    """(name, schema or operation) of all that can be amended. A schema's name
    is without its document's."""
    for name, schema in document["components"]["schemas"].items():
        yield name.rpartition(".")[2], schema
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield f"{method} {path}", operation


def amend(document):
    """Make all AMENDMENTS; how many places each has changed."""
    changed = dict.fromkeys(AMENDMENTS, 0)
    for amendment in AMENDMENTS:
        for name, place in places(document):
            if re.fullmatch(amendment.where, name):
                before = json.dumps(place)
                amendment.change(place)
                changed[amendment] += json.dumps(place) != before
    return changed
