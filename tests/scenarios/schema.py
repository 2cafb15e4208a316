"""A validator for the keywords of JSON Schema that the schemas of mtadoctor use; any other keyword is an error of the schema."""
import json
import re

KNOWN = {"$schema", "$id", "$ref", "$defs", "title", "description", "type", "const", "enum", "required", "properties", "additionalProperties",
         "items", "minItems", "maxItems", "minimum", "maximum", "minLength", "pattern", "anyOf"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def is_type(value, name):
    if name == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def validate(value, schema, root=None, at="$"):
    """A list of sentences, empty where the value is valid."""
    root = root if root is not None else schema
    strange = set(schema) - KNOWN
    if strange:
        raise ValueError(f"the schema uses {sorted(strange)}, which this validator does not know")
    if "$ref" in schema:
        target = root
        for part in schema["$ref"].lstrip("#/").split("/"):
            target = target[part]
        return validate(value, target, root, at)
    if "anyOf" in schema:
        tried = [validate(value, s, root, at) for s in schema["anyOf"]]
        return [] if any(not t for t in tried) else [f"{at}: fits none of the forms ({min(tried, key=len)[0]})"]
    bad = []
    kinds = schema.get("type")
    if kinds is not None and not any(is_type(value, k) for k in ([kinds] if isinstance(kinds, str) else kinds)):
        return [f"{at}: {json.dumps(value)[:60]} is not of type {kinds}"]
    if "const" in schema and value != schema["const"]:
        bad.append(f"{at}: {json.dumps(value)[:60]} is not {schema['const']!r}")
    if "enum" in schema and value not in schema["enum"]:
        bad.append(f"{at}: {json.dumps(value)[:60]} is not one of {schema['enum']}")
    if is_type(value, "number"):
        if value < schema.get("minimum", value):
            bad.append(f"{at}: {value} is below {schema['minimum']}")
        if value > schema.get("maximum", value):
            bad.append(f"{at}: {value} is above {schema['maximum']}")
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0):
            bad.append(f"{at}: is too short")
        if "pattern" in schema and not re.search(schema["pattern"], value):
            bad.append(f"{at}: {value[:60]!r} does not match {schema['pattern']}")
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0) or len(value) > schema.get("maxItems", len(value)):
            bad.append(f"{at}: has {len(value)} items")
        for i, item in enumerate(value):
            bad += validate(item, schema.get("items", {}), root, f"{at}[{i}]")
    if isinstance(value, dict):
        bad += [f"{at}: the key {k} is missing" for k in schema.get("required", []) if k not in value]
        named = schema.get("properties", {})
        for k, v in value.items():
            if k in named:
                bad += validate(v, named[k], root, f"{at}.{k}")
            elif schema.get("additionalProperties") is False:
                bad.append(f"{at}: has the key {k}, which is not foreseen")
            elif isinstance(schema.get("additionalProperties"), dict):
                bad += validate(v, schema["additionalProperties"], root, f"{at}.{k}")
    return bad
