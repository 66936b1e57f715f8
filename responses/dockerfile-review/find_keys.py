"""Look for private keys in every layer of a saved image.

    docker save IMAGE -o image.tar && python3 find_keys.py image.tar

A file that a later layer deletes or hides still lies in its own layer, so each layer is read by itself.
The image's configuration is read as well: it holds the environment and the build history.
"""

import re
import sys
import tarfile

KEY = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----\r?\n")
KEY_NAME = re.compile(r"(^|/)id_(rsa|dsa|ecdsa|ed25519)$")


def findings(image):
    """Yield (layers, where) for the image: the count of layers read so far and a place, or None for a clean layer."""
    for blob in image:
        if not blob.isfile():
            continue
        try:
            layer = tarfile.open(fileobj=image.extractfile(blob))
        except tarfile.ReadError:  # not a layer: a manifest or the configuration
            if KEY.search(image.extractfile(blob).read()):
                yield 0, blob.name
            continue
        yield 1, None
        for entry in layer:
            text = layer.extractfile(entry).read() if entry.isfile() else b""
            if KEY_NAME.search(entry.name) or KEY.search(text):
                yield 0, f"{blob.name}: {entry.name}"


def main(path):
    layers, found = 0, []
    with tarfile.open(path) as image:
        for count, where in findings(image):
            layers += count
            if where:
                found.append(where)
    for where in found:
        print(f"key: {where}")
    print(f"{layers} layers read, {len(found)} keys found")
    return 1 if found or layers == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
