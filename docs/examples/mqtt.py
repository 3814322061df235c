# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""MQTT through the tunnel: publish what the board knows, do what it is told.

Copy it to the board as main.py. The broker is reachable through the tunnel only, so it needs
neither TLS nor a port open to the Internet. wg.json: its network in allowed_ips.
"""

import gc
import time

import wireguard
from umqtt.simple import MQTTClient

BROKER = "192.168.4.254"  # inside the tunnel
TOPIC = b"board/"
SECONDS = 5  # between two reports

pause = SECONDS


def on_message(topic, message):
    """board/pause: seconds between two reports."""
    global pause
    print("told:", topic, message)
    if topic == TOPIC + b"pause":
        pause = float(message)


tunnel = wireguard.Tunnel("wg.json").up()
while True:
    try:
        client = MQTTClient(b"board", BROKER, keepalive=60)
        client.set_callback(on_message)
        client.connect()  # the first packet waits for the handshake
        client.subscribe(TOPIC + b"pause")
        while True:
            client.publish(TOPIC + b"free", b"%d" % gc.mem_free())
            until = time.ticks_add(time.ticks_ms(), int(pause * 1000))
            while time.ticks_diff(until, time.ticks_ms()) > 0:
                client.check_msg()
                time.sleep_ms(50)
    except OSError as error:  # the broker or the network is away: the tunnel mends itself
        print("again in a second:", error)
        time.sleep(1)
