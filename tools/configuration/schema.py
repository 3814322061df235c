# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The JSON Schema of wg.json, and the reference that is made from it: docs/wg-json.md.

The schema is written by hand and says what a person or an editor wants to know. What is valid is
the device's to say (lib/wireguard/config.py); the tests keep the two of one mind.
"""

import json
from pathlib import Path

PATH = Path(__file__).resolve().parents[1] / "wg.schema.json"
_INTRODUCTION = """\
# wg.json

The configuration of a board, in wg-quick's vocabulary. Where a key takes several values, one or a
list will do. A key that is not here is an error; a key that is `null` counts as left out. A fault
is answered with one line that names the key and the way out, and the board starts all the same:

    peers[0].allowed_ips[1]: '10.0.0.0/33' is not a network: prefix length over 32

`wgpy check wg.json` says the same on a computer, by the same code, and more: see
[its help](#checking). Made by `wgpy schema --markdown` from the schema; do not edit it.

```json
{
  "interface": {"address": ["10.0.0.2/24", "fd00::2/64"]},
  "peers": [
    {
      "public_key": "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=",
      "endpoint": "vpn.example.org:51820",
      "allowed_ips": ["10.0.0.0/24", "fd00::/64"],
      "persistent_keepalive": 25
    }
  ],
  "wifi": {"ssid": "Network", "password": "its password"}
}
```
"""
_END = """\

## Where the private key is

| in wg.json | it is |
|---|---|
| `"private_key": "..."` | in wg.json, which then is a secret |
| `"private_key_file": "my.key"` | in that file of the board |
| `"private_key_nvs": "key"` | in the ESP32's NVS, which survives a new file system |
| none of them | in the file `private.key` |

A file or entry that is not there is made on first boot, by the board's own random generator, and
the public key is printed:

    WireGuard: new private key in file 'private.key'
    WireGuard: the server needs its public key: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=

The key has then never been anywhere else. A file that is there and is no key is an error: it is
never replaced.

## Hooks

`"post_up": "lamp.on"` calls `on(tunnel)` of `lamp.py` on the board; a list calls several in turn.
All of them are looked up before the tunnel opens, so that a wrong name is an error of `up()`.

```python
# lamp.py
from machine import Pin

led = Pin(8, Pin.OUT)


def on(tunnel):
    led.on()
```

## Checking

```sh
wgpy check wg.json
```

```sh board
wgpy check wg.json --online
```

The first reads it as the board does, explains the routes and warns of what is valid and yet
bites; the second also greets the server as the board would. Editors complete and check by the
schema if the file names it: `wgpy schema > wg.schema.json`, then `"$schema": "wg.schema.json"` in
wg.json. The board does not look at that key.
"""


def load() -> dict:
    return json.loads(PATH.read_text(encoding="utf-8"))


def markdown() -> str:
    """The reference, docs/wg-json.md."""
    schema = load()
    definitions = schema["$defs"]
    lines = [_INTRODUCTION]
    for name, path in (
        ("interface", "interface"),
        ("peer", "peers[]"),
        ("wifi", "wifi"),
        ("lan", "lan"),
        ("ping", "ping"),
    ):
        section = definitions[name]
        lines += [f"## {path}", "", section["description"], "", "| key | | |", "|---|---|---|"]
        required = section.get("required", [])
        for key, value in section["properties"].items():
            lines.append(f"| `{key}` | {_kind(key, value, required)} | {_description(value)} |")
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n" + _END


def _kind(key, value, required) -> str:
    words = ["**required**"] if key in required else []
    if "default" in value:
        words.append(f"default `{value['default']}`")
    if "minimum" in value and "maximum" in value:
        words.append(f"{value['minimum']} to {value['maximum']}")
    if any(option.get("type") == "array" for option in value.get("anyOf", [])):
        words.append("one or a list")
    return ", ".join(words)


def _description(value) -> str:
    text = value["description"].replace("|", "\\|")
    examples = ", ".join(f"`{json.dumps(example)}`" for example in value.get("examples", []))
    return f"{text} Example: {examples}" if examples else text
