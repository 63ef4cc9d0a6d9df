# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Okta's published API description (OpenAPI): does a request, or a response, agree with it?

The description is not part of this repository. It is searched for beside the checkout, or at OKTA_OPENAPI.
"""

from __future__ import annotations

import functools
import os
import pathlib
import re
import typing

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILE = "okta-openapi/okta-management-2026.06.3-subset.yaml"


def find_description() -> pathlib.Path | None:
    """The file of the description, or None."""
    candidates = [os.environ.get("OKTA_OPENAPI"), ROOT.parent / "shared" / FILE]
    return next((path for path in map(pathlib.Path, filter(None, candidates)) if path.is_file()), None)


class OpenApi:
    def __init__(self, description: pathlib.Path) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.document = yaml.load(description.read_text(encoding="utf-8"), loader)
        self.paths = [(self._path_pattern(path), path) for path in self.document["paths"]]
        # The most exact path first: /apps/{id}/users before /apps/{id}/{anything}.
        self.paths.sort(key=lambda pair: pair[1].count("{"))

    @staticmethod
    def _path_pattern(path: str) -> re.Pattern[str]:
        return re.compile("/".join("[^/]+" if part.startswith("{") else re.escape(part) for part in path.split("/")))

    def path_item(self, method: str, path: str) -> dict | None:
        for pattern, template in self.paths:
            if pattern.fullmatch(path) and method.lower() in self.document["paths"][template]:
                return self.document["paths"][template]
        return None

    def request_problems(self, method: str, path: str, query: dict, body: typing.Any) -> list[str]:
        """What the description does not allow in a request, or what is missing."""
        item = self.path_item(method, path)
        if item is None:
            return [f"{method} {path} is not described"]
        operation = item[method.lower()]
        parameters = [self._resolve(entry) for entry in item.get("parameters", []) + operation.get("parameters", [])]
        known = {entry["name"]: entry for entry in parameters if entry["in"] == "query"}
        problems = [f"{method} {path}: no parameter {name}" for name in query if name not in known]
        problems += [
            f"{method} {path}: {name}={query[name]} is over {entry['schema']['maximum']}"
            for name, entry in known.items()
            if name in query and "maximum" in entry["schema"] and int(query[name]) > entry["schema"]["maximum"]
        ]
        schema = self._json_schema(self._resolve(operation.get("requestBody", {})))
        if body is None:
            return problems
        if schema is None:
            return [*problems, f"{method} {path} takes no body"]
        return problems + [f"{method} {path}: {problem}" for problem in self._problems(schema, body, "request")]

    def response_problems(self, method: str, path: str, status: int, body: typing.Any) -> list[str]:
        item = self.path_item(method, path)
        if item is None:
            return [f"{method} {path} is not described"]
        responses = item[method.lower()]["responses"]
        if str(status) not in responses:
            return [f"{method} {path}: status {status} is not described, only {sorted(responses)}"]
        schema = self._json_schema(self._resolve(responses[str(status)]))
        if schema is None or body is None:
            return []
        return [f"{method} {path} {status}: {problem}" for problem in self._problems(schema, body, "response")]

    def _resolve(self, entry: dict) -> dict:
        while "$ref" in entry:
            entry = functools.reduce(lambda node, key: node[key], entry["$ref"][2:].split("/"), self.document)
        return entry

    @staticmethod
    def _json_schema(entry: dict) -> dict | None:
        return entry.get("content", {}).get("application/json", {}).get("schema")

    def _problems(self, schema: dict, body: typing.Any, direction: str) -> list[str]:
        strict = self._strict_schema(schema, body, direction)
        validator = jsonschema.Draft202012Validator(strict)
        return [
            f"{'.'.join(map(str, error.absolute_path)) or 'body'}: {error.message[:300]}"
            for error in validator.iter_errors(body)
        ]

    def _strict_schema(self, schema: dict, body: typing.Any, direction: str, depth: int = 0) -> dict:
        """The schema that applies to this body, as plain JSON Schema, with unknown keys refused.

        allOf is merged into one object, a discriminator chooses one of oneOf, and null stands for "not set" everywhere:
        Okta sends and accepts it where the description does not say nullable (seen in recorded answers).
        """
        if depth > 40:
            return {}
        schema = self._merge_schema(self._resolve(schema), body)
        kind = schema.get("type") or ("object" if "properties" in schema else None)
        if isinstance(body, dict) and kind in ("object", None) and "properties" in schema:
            return self._strict_object(schema, body, direction, depth)
        if isinstance(body, list) and kind == "array":
            items = [self._strict_schema(schema.get("items", {}), item, direction, depth + 1) for item in body]
            return {"type": "array", "prefixItems": items}
        if body is None:
            return {}
        return {key: schema[key] for key in ("type", "enum", "pattern", "minimum", "maximum") if key in schema}

    def _strict_object(self, schema: dict, body: dict, direction: str, depth: int) -> dict:
        properties = {
            name: self._strict_schema(entry, body[name], direction, depth + 1)
            for name, entry in schema["properties"].items()
            if name in body
        }
        if direction == "request":
            sent_back = [name for name in properties if self._resolve(schema["properties"][name]).get("readOnly")]
            properties.update(dict.fromkeys(sent_back, False))
        strict = {"type": "object", "properties": properties}
        if not schema.get("additionalProperties") and not schema.get("open"):
            strict["additionalProperties"] = False
        if direction == "request" and "required" in schema:
            strict["required"] = schema["required"]
        return strict

    def _merge_schema(self, schema: dict, body: typing.Any) -> dict:
        schema = self._resolve(schema)
        discriminator = schema.get("discriminator")
        if discriminator and isinstance(body, dict) and not schema.get("chosen"):
            chosen = discriminator.get("mapping", {}).get(body.get(discriminator["propertyName"]))
            if chosen:
                return self._merge_all_of({"$ref": chosen}, body)
        for choice in ("oneOf", "anyOf"):
            if choice in schema:
                return self._best_match([self._merge_all_of(option, body) for option in schema[choice]], body)
        return self._merge_all_of(schema, body)

    def _merge_all_of(self, schema: dict, body: typing.Any) -> dict:
        """One object out of a schema and everything that it is composed of."""
        schema = self._resolve(schema)
        merged: dict = {key: value for key, value in schema.items() if key not in ("allOf", "discriminator")}
        for part in schema.get("allOf", []):
            inner = self._merge_all_of(part, body)
            merged = {
                **inner,
                **merged,
                "properties": {**inner.get("properties", {}), **merged.get("properties", {})},
                "required": sorted({*inner.get("required", []), *merged.get("required", [])}),
            }
        return merged

    def _best_match(self, options: list[dict], body: typing.Any) -> dict:
        """Of several alternatives the one that knows the most keys of this body."""
        if not isinstance(body, dict):
            return options[0]
        return max(options, key=lambda option: len(set(option.get("properties", {})) & set(body)))
