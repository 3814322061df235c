# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""pair: the device's wg.json and what the server has to know, made together."""

from pathlib import Path

import click

from .. import keys
from ..configuration import conf, qr, wgjson
from ..configuration import pair as work
from ..console import fail, out
from ..device_code import ConfigError, config
from ..files import read_text, write_private
from .options import output_option, wifi_option

_NETWORK = "10.48.0.0/24"
_PORT = 51820
_PATH = click.Path(dir_okay=False, path_type=Path)


@click.command()
@output_option
@click.option("--endpoint", metavar="HOST[:PORT]", help="Where the server is reached.")
@click.option("--server-key", metavar="KEY", help="The server's public key (`wg show`).")
@click.option(
    "--server-conf", type=_PATH, help="The server's .conf: key, port and a free address."
)
@click.option("--append", is_flag=True, help="Add the [Peer] section to --server-conf.")
@click.option("--new-server", is_flag=True, help="Make the whole .conf of a new Linux gateway.")
@click.option("--server-output", type=_PATH, default="wg0.conf", show_default=True)
@click.option("--nat", metavar="IFACE", help="New server: its interface to the world, for NAT.")
@click.option(
    "--network",
    multiple=True,
    metavar="NET",
    help=f"New server or phone: the tunnel's network. Repeatable.  [default: {_NETWORK}]",
)
@click.option("--phone", is_flag=True, help="The other side is a phone that calls the device.")
@click.option("--port", type=click.IntRange(1, 65535), help=f"UDP port.  [default: {_PORT}]")
@click.option("--address", multiple=True, metavar="ADDR/LEN", help="The device's. Repeatable.")
@click.option(
    "--allowed-ips", multiple=True, metavar="NET", help="What is behind the server. Repeatable."
)
@click.option("--all", "everything", is_flag=True, help="Send everything through the tunnel.")
@click.option("--psk", is_flag=True, help="Also make a preshared key.")
@click.option("--key-file", is_flag=True, help="Keep the private key out of wg.json, beside it.")
@click.option("--name", default="", help="Name of the board, a comment in the server's file.")
@wifi_option
@click.option("--force", is_flag=True, help="Replace existing files.")
def pair(output, endpoint, server_key, server_conf, new_server, phone, **options):
    """Make both sides at once: wg.json for the device and what the server has to know.

    No secret is shown, but for the QR code of --phone. Files are readable by you only.

    \b
    A server whose public key and free address you know:
      wgpy pair --server-key KEY --endpoint vpn.my-server.net --address 10.0.0.7/24
    A server whose .conf you have; the section for the device is added to it:
      wgpy pair --server-conf wg0.conf --append --endpoint vpn.my-server.net
    No server yet: a Linux machine becomes one; the device reaches the world through it:
      wgpy pair --new-server --endpoint vpn.my-server.net --nat eth0 --all
    No server at all: a phone calls the board (its QR code is shown):
      wgpy pair --phone --endpoint 192.168.1.77

    Exit status: 0 made, 1 not, 2 wrong usage.
    """
    sides = [bool(server_key), bool(server_conf), new_server, phone]
    if sum(sides) != 1:
        raise click.UsageError(
            "name the other side: one of --server-key, --server-conf, --new-server, --phone"
        )
    if not endpoint:
        raise click.UsageError("--endpoint is missing: the address that is called")
    try:
        if phone:
            _phone(output, endpoint, options)
        elif new_server:
            _new_server(output, endpoint, options)
        else:
            _existing(output, endpoint, server_key, server_conf, options)
    except OSError as e:
        fail(f"{e.filename or 'file'}: {e.strerror}", "Nothing more was done.")
    except (work.PairError, conf.ConfError, ConfigError) as e:
        fail(str(e), "See: wgpy pair --help")


def _existing(output, endpoint, server_key, path, options):
    if path:
        server = work.read_server(read_text(path))
        port = options["port"] or server.port
        if not port:
            raise work.PairError(f"{path} has no ListenPort; add one, devices call a fixed port")
    else:
        try:
            keys.decode(server_key)
        except keys.KeyFormatError as e:
            raise work.PairError(f"--server-key: {e}") from None
        server = work.Server(server_key)
        port = options["port"] or _PORT
        if not options["address"]:
            raise click.UsageError("--address is missing: a free one in the server's network")
    server.endpoint = _with_port(endpoint, port)
    device = _device(output, server, options)
    section = work.peer_section(device)
    _write_device(output, device, server, options)
    if path and options["append"]:
        text = read_text(path)
        write_private(path.resolve(), text.rstrip("\n") + "\n\n" + section)
        out.print(f"{path}: the device is its last [Peer]", soft_wrap=True)
        out.print(f"On the server, with that file:  wg syncconf {path.stem} <(wg-quick strip "
                  f"{path.stem})", soft_wrap=True)  # fmt: skip
        return
    secret = None
    if device.preshared_key:
        secret = output.with_suffix(".psk")
        _write_new(secret, device.preshared_key + "\n", options["force"])
        device.preshared_key = None
        section = work.peer_section(device) + f"# PresharedKey = what is in {secret.name}\n"
    out.print("\nFor the server's .conf:\n", style="bold")
    click.echo(section)
    out.print("Or at once, until it restarts:\n", style="bold")
    interface = path.stem if path else "wg0"
    click.echo(work.wg_set(device, interface, secret.name if secret else None))
    _next(output)


def _new_server(output, endpoint, options):
    port = options["port"] or _PORT
    server = work.new_server(list(options["network"]) or [_NETWORK], port)
    server.endpoint = _with_port(endpoint, port)
    device = _device(output, server, options)
    text = work.server_conf(server, device, options["nat"])
    target = options["server_output"]
    _must_be_new(target, options["force"])
    _write_device(output, device, server, options)
    write_private(target, text)
    host = endpoint.rpartition(":")[0] or endpoint
    out.print(f"{target}: the server, {', '.join(server.addresses)}", soft_wrap=True)
    out.print(
        "\nOn the server, as root (Debian, Ubuntu; wireguard-tools elsewhere):\n", style="bold"
    )
    click.echo(
        f"apt install wireguard{' iptables' if options['nat'] else ''}\n"
        f"install -m 600 {target.name} /etc/wireguard/    # after: scp {target} root@{host}:\n"
        f"systemctl enable --now wg-quick@{target.stem}\n"
        f"# and let UDP port {port} through its firewall, like: ufw allow {port}/udp"
    )
    _next(output)


def _phone(output, endpoint, options):
    port = options["port"] or _PORT
    board = work.new_server(list(options["network"]) or [_NETWORK], port)  # it listens
    addresses = list(options["address"]) or board.addresses
    work.networks_of(addresses)
    device = work.Device(_private_key(output, options), addresses)
    board.addresses = addresses
    phone = work.Device(keys.genkey(), work.free_addresses(board))
    if options["psk"]:
        phone.preshared_key = keys.genpsk()
    data = work.device_config(device, work.Server(phone.public_key), phone.allowed_ips)
    data["interface"]["listen_port"] = port
    if phone.preshared_key:
        data["peers"][0]["preshared_key"] = phone.preshared_key
    text = work.phone_conf(
        phone, device.public_key, _with_port(endpoint, port), work.networks_of(addresses)
    )
    code = qr.draw(text)
    _write(output, data, options)
    out.print("\nIn the phone's WireGuard app: + , scan from QR code. It is kept nowhere else:\n")
    qr.show(code)
    _next(output)


def _with_port(endpoint: str, port: int) -> str:
    """endpoint with a port; validated as the device does."""
    literal6 = endpoint.count(":") > 1 and not endpoint.startswith("[")
    if literal6:
        endpoint = f"[{endpoint}]"
    if endpoint.endswith("]") or ":" not in endpoint:
        endpoint = f"{endpoint}:{port}"
    try:
        config.parse_endpoint(endpoint)
    except ValueError as e:
        raise work.PairError(f"--endpoint {endpoint}: {e}") from None
    return endpoint


def _device(output, server, options) -> work.Device:
    addresses = list(options["address"]) or work.free_addresses(server)
    work.networks_of(addresses)  # before anything is written
    return work.Device(
        _private_key(output, options),
        addresses,
        keys.genpsk() if options["psk"] else None,
        options["name"],
    )


def _key_path(output) -> Path:
    """Where the key of this wg.json is kept: two devices never share one."""
    return output.with_name(config.KEY_FILE if output.name == "wg.json" else output.stem + ".key")


def _private_key(output, options) -> str:
    """A new one, or the one in this device's key file."""
    path = _key_path(output)
    if not options["key_file"]:
        return keys.genkey()
    if not path.exists():
        key = keys.genkey()
        write_private(path, key + "\n")
        return key
    key = read_text(path).strip()
    try:
        keys.decode(key)
    except keys.KeyFormatError as e:
        raise work.PairError(f"{path}: {e}") from None
    return key


def _write_device(output, device, server, options):
    if options["everything"]:
        allowed = ["::/0" if ":" in address else "0.0.0.0/0" for address in device.addresses]
        allowed = list(dict.fromkeys(allowed))
    else:
        allowed = list(options["allowed_ips"]) or work.networks_of(device.addresses)
    _write(output, work.device_config(device, server, allowed), options)


def _write(output, data, options):
    if options["key_file"]:
        del data["interface"]["private_key"]
        data["interface"] = {"private_key_file": _key_path(output).name} | data["interface"]
    wgjson.write(output, data, options["force"], options["wifi"])
    out.print(f"{output}: the device, {', '.join(data['interface']['address'])}", soft_wrap=True)


def _must_be_new(path, force):
    if path.exists() and not force:
        fail(f"{path} exists", "Name another file, or replace it with --force.")


def _write_new(path, text, force):
    _must_be_new(path, force)
    write_private(path, text)


def _next(output):
    out.print(f"\nNext:  wgpy check {output}", soft_wrap=True)
