"""Turn a CustomResourceDefinition (YAML file) into a strict JSON schema for kubeconform.

    python3 crd_schema.py CRD OUT_DIR     writes OUT_DIR/KIND_VERSION.json for each served version
"""

import json
import pathlib
import sys

import yaml


def close(schema):
    """Refuse unknown fields, as the API server does with strict validation. Returns the schema."""
    if schema.get("properties"):
        schema.setdefault("additionalProperties", False)
    for child in [*schema.get("properties", {}).values(), schema.get("items"), schema.get("additionalProperties")]:
        if isinstance(child, dict):
            close(child)
    return schema


if __name__ == "__main__":
    crd = yaml.safe_load(pathlib.Path(sys.argv[1]).read_text())
    for version in crd["spec"]["versions"]:
        schema = version["schema"]["openAPIV3Schema"]
        close(schema)["properties"]["metadata"] = {"type": "object"}
        name = f"{crd['spec']['names']['kind'].lower()}_{version['name']}.json"
        (pathlib.Path(sys.argv[2]) / name).write_text(json.dumps(schema))
