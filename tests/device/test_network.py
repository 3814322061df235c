# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""network.WLAN, addresses, captures, and lwIP's own guards."""

import pytest
from support import tshark


def test_wlan_goes_up_and_down_as_on_the_esp32(run):
    lines = run("""
        print(wlan.active(), wlan.isconnected(), wlan.status() == network.STAT_GOT_IP)
        print(wlan.ifconfig(), wlan.ipconfig("addr4"), wlan.ipconfig("gw4"))
        wlan.disconnect()
        print(wlan.isconnected(), wlan.status() == network.STAT_IDLE, wlan.ifconfig()[0])
        wlan.connect()
        while not wlan.isconnected():
            time.sleep_ms(10)
        print(wlan.config("ssid"), wlan.ifconfig()[0])
        wlan.active(False)
        try:
            wlan.connect()
        except OSError as error:
            print(error)
        print(network.WLAN() is wlan, len(wlan.config("mac")))
    """)
    assert lines == [
        "True True True",
        "('10.0.2.15', '255.255.255.0', '10.0.2.2', '10.0.2.3') "
        "('10.0.2.15', '255.255.255.0') 10.0.2.2",
        "False True 0.0.0.0",
        "any 10.0.2.15",
        "Wifi Not Started",
        "True 6",
    ]


def test_fixed_address(run, echo_port):
    lines = run(f"""
        wlan.ifconfig(("10.0.2.77", 24, "10.0.2.2", "10.0.2.3"))
        s = socket.socket()
        s.connect((HOST, {echo_port}))
        s.sendall(b"fixed")
        print(s.read(5), wlan.ifconfig()[0], wlan.ipconfig("dhcp4"))
        wlan.ifconfig("dhcp")
        while not wlan.isconnected():
            time.sleep_ms(10)
        print(wlan.ifconfig()[0])
    """)
    assert lines == ["b'fixed' 10.0.2.77 False", "10.0.2.15"]


def test_out_of_range_and_back(run, echo_port):
    lines = run(f"""
        for turn in range(3):
            _host.in_range(False)
            print(wlan.isconnected(), wlan.status() == network.STAT_CONNECTING)
            _host.in_range(True)
            while not wlan.isconnected():
                time.sleep_ms(10)
            s = socket.socket()
            s.connect((HOST, {echo_port}))
            s.sendall(b"back")
            print(s.read(4))
            s.close()
    """)
    assert lines == ["False True", "b'back'"] * 3


def test_the_lease_is_renewed(run, tmp_path):
    path = tmp_path / "uplink.pcap"
    lines = run(
        """
        network.hostname("sensor")
        _host.renew()
        time.sleep_ms(300)
        print(wlan.isconnected(), wlan.ifconfig()[0])
        """,
        WG_HOST_PCAP_UPLINK=str(path),
    )
    assert lines == ["True 10.0.2.15"]
    if tshark.PROGRAM:
        requests = tshark.fields(path, "dhcp.option.dhcp == 3", "ip.src", "dhcp.option.hostname")
        assert requests == [["0.0.0.0", "mpy-host"], ["10.0.2.15", "sensor"]]


def test_ipv6_configures_itself(run):
    lines = run("""
        began = time.ticks_ms()
        while len(wlan.ipconfig("addr6")) < 2 and ms(began) < 10000:
            time.sleep_ms(50)
        print(wlan.ipconfig("addr6"))
    """)
    assert lines == ["['FE80::57:47FF:FE00:20F', 'FEC0::57:47FF:FE00:20F']"]


def test_pools_stay_flat(run, echo_port, udp_echo_port):
    lines = run(f"""
        def turn():
            s = socket.socket()
            s.connect((HOST, {echo_port}))
            s.sendall(b"x" * 3000)
            s.read(3000)
            s.close()
            u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            u.sendto(b"x", (HOST, {udp_echo_port}))
            u.recv(1)
            u.close()

        def used():
            return {{name: pool[0] for name, pool in _host.memp().items()}}

        time.sleep(4)  # IPv6 settles
        turn()
        time.sleep_ms(200)
        before, tcp = used(), 0
        for i in range(50):
            turn()
        time.sleep_ms(200)
        after = used()
        # Closed connections wait for two maximum segment lifetimes, as TCP has it.
        before.pop("TCP_PCB"), after.pop("TCP_PCB")
        print(before == after or (before, after), [e for _, _, e in _host.memp().values() if e])
    """)
    assert lines == ["True []"]


def test_capture_of_the_uplink(run, tmp_path, udp_echo_port):
    if not tshark.PROGRAM:
        pytest.skip("needs the program tshark")
    path = tmp_path / "uplink.pcap"
    run(
        f"""
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.sendto(b"captured", (HOST, {udp_echo_port}))
        s.recv(100)
        """,
        WG_HOST_PCAP_UPLINK=str(path),
    )
    wanted = f"udp.port == {udp_echo_port}"
    packets = tshark.fields(path, wanted, "ip.src", "ip.dst", "udp.payload", "udp.checksum.status")
    text = b"captured".hex()
    assert [p[:3] for p in packets] == [
        ["10.0.2.15", "10.0.2.2", text],
        ["10.0.2.2", "10.0.2.15", text],
    ]
    assert tshark.fields(path, "dhcp.type == 2", "dhcp.ip.your")[-1] == ["10.0.2.15"]


def test_calling_lwip_from_the_wrong_thread_ends_the_device(tmp_path, start):
    script = start("_host.lwip_violation()")
    output, _ = script.process.communicate(timeout=30)
    assert script.process.returncode != 0
    assert "lwIP called from outside its thread" in output


def test_a_port_that_cannot_be_forwarded_is_said(start):
    script = start("", WG_HOST_FORWARD="tcp:1:zero")
    output, _ = script.process.communicate(timeout=30)
    assert script.process.returncode == 1
    assert "WG_HOST_FORWARD" in output
