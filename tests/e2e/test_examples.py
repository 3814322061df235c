# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""docs/examples, each as a board's main.py, with what it talks to behind the gateway."""

import asyncio
import contextlib
import datetime
import re
import ssl
import subprocess
import time
import urllib.error
import urllib.request

import pytest
import websockets
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from support.device import ROOT
from support.gateways import ADDRESS, DEVICE
from support.namespace import LoopThread, udp_socket
from wgpy import keys
from wgpy.bench import sources

EXAMPLES = ROOT / "docs" / "examples"
UMQTT = sources.Archive(
    path="micropython-umqtt.simple-1.3.4.tar.gz",
    sha256="b6a2520239e3992c63a7de9370ee9b3d9d27819a90359c521f1c0f7ccab8d12f",
)
NAME = "gateway.internal"


def example(name: str, **changes) -> dict:
    """The files of a board that runs an example, its constants changed for the test."""
    source = (EXAMPLES / name).read_text()
    for constant, value in changes.items():
        source, count = re.subn(rf"(?m)^{constant} = \S+", f"{constant} = {value!r}", source)
        assert count == 1, constant
    return {"main.py": source}


def eventually(function, *exceptions, seconds=30):
    """function(), again while it raises one of these: not all is up at once."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return function()
        except exceptions:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_all_have_a_test():
    named = set(
        re.findall(r'example\("(\w+\.py)"', (ROOT / "tests/e2e/test_examples.py").read_text())
    )
    assert named == {path.name for path in EXAMPLES.glob("*.py")}


# ---- MQTT


@pytest.fixture
def broker(wireguard_go, tmp_path):
    """mosquitto, reachable inside the tunnel only."""
    settings = tmp_path / "mosquitto.conf"
    settings.write_text(f"listener 1883 {ADDRESS}\nallow_anonymous true\nuser root\n")
    process = subprocess.Popen(
        [*wireguard_go.namespace.prefix, "mosquitto", "-c", settings],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield wireguard_go
    process.terminate()
    process.wait(10)


def test_mqtt(device, broker):
    tree = sources.unpack(UMQTT, sources.ROOT / "build" / "micropython-lib" / "umqtt.simple")
    files = example("mqtt.py", SECONDS=0.2)
    files["lib/umqtt/simple.py"] = (tree / "umqtt" / "simple.py").read_bytes()
    run = device.start(None, broker.config(), files=files, namespace=broker.namespace)
    listen = ["mosquitto_sub", "-h", ADDRESS, "-t", "board/free", "-C", "3", "-W", "60"]
    lines = eventually(lambda: broker.namespace.run(*listen), subprocess.CalledProcessError)
    assert len([int(line) for line in lines.split()]) == 3
    tell = ["mosquitto_pub", "-h", ADDRESS, "-t", "board/pause", "-m", "0.1"]
    broker.namespace.run(*tell)
    run.wait_for(r"^told: b'board/pause' b'0\.1'")


# ---- HTTPS


def certificates(path) -> bytes:
    """Write a server's certificate and key to `path`; the certificate of its authority, DER."""
    now = datetime.datetime.now(datetime.timezone.utc)

    def sign(name, key, issuer, issuer_key, *extensions):
        builder = x509.CertificateBuilder()
        builder = builder.subject_name(name).issuer_name(issuer).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - datetime.timedelta(days=1))
        builder = builder.not_valid_after(now + datetime.timedelta(days=1))
        for extension in extensions:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(issuer_key, hashes.SHA256())

    def named(text):
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = named("Test authority")
    is_authority = x509.BasicConstraints(ca=True, path_length=0)
    ca = sign(authority, ca_key, authority, ca_key, is_authority)
    alternative = x509.SubjectAlternativeName([x509.DNSName(NAME)])
    server = sign(named(NAME), key, authority, ca_key, alternative)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(server.public_bytes(pem) + private)
    return ca.public_bytes(serialization.Encoding.DER)


async def page(reader, writer):
    with contextlib.suppress(ConnectionError):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Length: 13\r\n\r\nHello by TLS\n")
        await writer.drain()
        writer.close()


@pytest.fixture
def https(wireguard_go, tmp_path):
    """(gateway, DER of the authority's certificate): a server on port 8443 inside the tunnel."""
    authority = certificates(tmp_path / "server.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    loop = LoopThread(wireguard_go.namespace)
    server = loop.call(asyncio.start_server(page, ADDRESS, 8443, ssl=context))
    yield wireguard_go, authority
    loop.loop.call_soon_threadsafe(server.close)
    loop.close()


def test_https(device, https):
    gateway, authority = https
    files = example("https.py") | {"ca.der": authority}
    run = device.start(None, gateway.config(), files=files, namespace=gateway.namespace)
    run.wait_for(r"^HTTP/1\.0 200 OK\nHello by TLS$")


def test_https_refuses_a_certificate_of_another_authority(device, https, tmp_path):
    gateway, _ = https
    files = example("https.py") | {"ca.der": certificates(tmp_path / "another.pem")}
    run = device.start(None, gateway.config(), files=files, namespace=gateway.namespace)
    run.wait_for(r"^The certificate is not correctly signed by the trusted CA")
    assert "Hello" not in run.output


# ---- A server on the board


def test_web_server(device, wireguard_go):
    space = wireguard_go.namespace
    run = device.start(
        None, wireguard_go.config(), files=example("web_server.py"), namespace=space
    )
    run.wait_for(rf"^http://{DEVICE}/$")

    def get():
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://{DEVICE}/", timeout=5) as answer:
            return answer.read().decode()

    # At first the gateway does not know where the board is.
    page = eventually(lambda: space.call(get), urllib.error.URLError)
    assert re.search(r"\d+ bytes received through the tunnel", page)


# ---- WebREPL


async def talk(address):
    """Log in at the board's WebREPL and have it calculate."""
    async with websockets.connect(f"ws://{address}:8266", proxy=None, open_timeout=5) as console:

        async def until(text):
            seen = ""
            while text not in seen:
                part = await asyncio.wait_for(console.recv(), 20)
                seen += part if isinstance(part, str) else part.decode()

        await until("Password: ")
        await console.send("secret\r")
        await until("WebREPL connected")
        await console.send("print(6 * 7)\r")
        await until("\n42")


def test_web_repl(device, wireguard_go):
    files = example("web_repl.py")
    files["lib/webrepl.py"] = (ROOT / "tests/support/on_device/webrepl.py").read_text()
    space = wireguard_go.namespace
    run = device.start(None, wireguard_go.config(), files=files, namespace=space)
    run.wait_for(rf"^WebREPL: ws://{DEVICE}:8266$")
    eventually(lambda: space.call(lambda: asyncio.run(talk(DEVICE))), OSError)


# ---- Sleep


JOINS_LATE = """
import _host, _thread, network, time

network.WLAN(network.WLAN.IF_STA)  # starts lwIP

def in_a_second():
    time.sleep(1)
    _host.in_range(True)

_host.in_range(False)
_thread.start_new_thread(in_a_second, ())
"""


@pytest.mark.parametrize("late", ["", JOINS_LATE], ids=["", "late"])
def test_sensor(device, wireguard_go, late):
    """Three wake-ups, each with its reading confirmed, also where Wi-Fi takes its time."""
    files = example("sensor.py", SLEEP_MS=200)
    files["boot.py"] = late + (ROOT / "boot.py").read_text()
    space = wireguard_go.namespace
    run = device.start(None, wireguard_go.config(), files=files, namespace=space)
    sent = r"^sent: tunnel up after \d+ ms, session after \d+ ms, sent after \d+ ms$"
    run.wait_until(lambda: len(re.findall(sent, run.output, re.M)) >= 3, 60, "three wake-ups")
    assert "not sent" not in run.output


# ---- Two boards


def test_two_boards(device):
    with udp_socket("127.0.0.1", 0) as s:
        port = s.getsockname()[1]
    ours, theirs, psk = keys.genkey(), keys.genkey(), keys.genpsk()

    def board(key, address, peer, partner, **more):
        interface = {"private_key": key, "address": f"{address}/24"}
        section = {"public_key": keys.pubkey(peer), "preshared_key": psk}
        section |= {"allowed_ips": f"{partner}/32"} | more
        return {"interface": interface, "peers": [section], "wifi": {"ssid": "any"}}

    lamp = board(theirs, "10.9.0.2", ours, "10.9.0.1")
    lamp["interface"]["listen_port"] = 58120
    button = board(ours, "10.9.0.1", theirs, "10.9.0.2", endpoint=f"10.0.2.2:{port}")
    files = example("two_boards.py")
    runs = [
        device.start(
            None, lamp, files=files, forwards=[f"udp:{port}:58120"], inside=["10.9.0.0/24"]
        ),
        device.start(None, button, files=files, inside=["10.9.0.0/24"]),
    ]
    for run in runs:
        run.wait_for(r"^lamp: on$")
