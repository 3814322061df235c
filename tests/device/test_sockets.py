# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""MicroPython's sockets on lwIP, against programs on the host."""

import hashlib
import socket
import threading
import time

from support.dns import NameServer

from .conftest import echo, free_port


def test_tcp_client_sends_and_receives_a_megabyte(run, echo_port):
    lines = run(f"""
        import hashlib
        s = socket.socket()
        s.connect((HOST, {echo_port}))
        sent, received, got = hashlib.sha256(), hashlib.sha256(), 0
        for i in range(500):
            block = os.urandom(2000)
            sent.update(block)
            s.sendall(block)
            want = len(block)
            while want:
                data = s.recv(want)
                received.update(data)
                want -= len(data)
                got += len(data)
        s.close()
        print(got, sent.digest() == received.digest())
    """)
    assert lines == ["1000000 True"]


def test_tcp_download_arrives_whole(run, serve):
    data = bytes(i * 7 & 0xFF for i in range(3_000_000))
    port = serve(lambda connection: connection.sendall(data))
    lines = run(f"""
        import hashlib
        s = socket.socket()
        s.connect((HOST, {port}))
        h, buffer = hashlib.sha256(), bytearray(4096)
        while n := s.readinto(buffer):
            h.update(memoryview(buffer)[:n])
        print(h.digest().hex())
    """)
    assert lines == [hashlib.sha256(data).hexdigest()]


def test_tcp_server_is_reached_through_a_forward(start):
    port = free_port()
    script = start(
        """
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("", 8080))
        server.listen(2)
        print("listening")
        for i in range(3):
            connection, address = server.accept()
            connection.sendall(connection.recv(100).upper())
            connection.recv(1)  # the client closes first: all has arrived
            connection.close()
        """,
        WG_HOST_FORWARD=f"tcp:{port}:8080",
    )
    assert script.line() == "listening"
    for word in (b"one", b"two", b"three"):
        with socket.create_connection(("127.0.0.1", port), 10) as s:
            s.sendall(word)
            assert s.recv(100) == word.upper()
    script.end()


def test_udp_both_ways(run, udp_echo_port):
    lines = run(f"""
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.settimeout(5)
        for size in (1, 100, 1472):
            data = os.urandom(size)
            s.sendto(data, (HOST, {udp_echo_port}))
            print(s.recvfrom(2000) == (data, (HOST, {udp_echo_port})))
    """)
    assert lines == ["True"] * 3


def test_udp_mailbox_is_as_deep_as_the_chips(start):
    port = free_port(socket.SOCK_DGRAM)
    script = start(
        """
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(("", 5000))
        print("bound")
        sys.stdin.readline()
        s.settimeout(0.5)
        try:
            while True:
                print(s.recv(10).decode())
        except OSError as error:
            print(error.errno == errno.ETIMEDOUT)
        """,
        WG_HOST_FORWARD=f"udp:{port}:5000",
    )
    assert script.line() == "bound"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for i in range(20):
            s.sendto(str(i).encode(), ("127.0.0.1", port))
            time.sleep(0.01)
    script.process.stdin.write("go\n")
    script.process.stdin.flush()
    assert script.end().splitlines() == ["0", "1", "2", "3", "4", "5", "True"]


def test_names_are_resolved_by_the_tests_server(run):
    with NameServer({"gateway.example": "10.0.2.2"}) as names:
        lines = run(
            """
            print(network.ipconfig("dns"))
            print(socket.getaddrinfo("gateway.example", 80)[0][-1])
            try:
                socket.getaddrinfo("nowhere.example", 80)
            except OSError as error:
                print("OSError")
            print(socket.getaddrinfo("192.0.2.1", 80)[0][-1])
            """,
            WG_HOST_DNS=str(names.port),
        )
    assert lines == ["10.0.2.3", "('10.0.2.2', 80)", "OSError", "('192.0.2.1', 80)"]
    assert ("gateway.example", 1) in names.asked


def test_timeouts_take_their_time(run, serve):
    held = threading.Event()
    port = serve(lambda connection: held.wait(30))
    lines = run(f"""
        s = socket.socket()
        s.connect((HOST, {port}))
        for seconds in (0.3, 1):
            s.settimeout(seconds)
            began = time.ticks_ms()
            try:
                s.recv(1)
            except OSError as error:
                print(error.errno == errno.ETIMEDOUT, ms(began) // 100 - int(seconds * 10))
        s.setblocking(False)
        try:
            s.recv(1)
        except OSError as error:
            print(error.errno == errno.EAGAIN)
        u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        u.settimeout(0)
        try:
            u.recv(1)
        except OSError as error:
            print(error.errno == errno.EAGAIN)
    """)
    held.set()
    # MicroPython tries once more than the timeout has tenths of a second.
    assert lines[2:] == ["True", "True"]
    for line in lines[:2]:
        in_time, late = line.split()
        assert in_time == "True" and 0 <= int(late) <= 3


def test_connect_without_blocking(run, echo_port):
    lines = run(f"""
        s = socket.socket()
        s.setblocking(False)
        try:
            s.connect((HOST, {echo_port}))
        except OSError as error:
            print(error.errno == errno.EINPROGRESS)
        poll = select.poll()
        poll.register(s, select.POLLOUT)
        print([event == select.POLLOUT for _, event in poll.poll(5000)])
        s.send(b"hello")
        poll.modify(s, select.POLLIN)
        print(bool(poll.poll(5000)), s.recv(10))
        print(poll.poll(100))
        r, w, x = select.select([s], [s], [], 1)
        print(len(r), len(w))
    """)
    assert lines == ["True", "[True]", "True b'hello'", "[]", "0 1"]


def test_a_refused_connection_is_an_error(run):
    lines = run(f"""
        s = socket.socket()
        try:
            s.connect((HOST, {free_port()}))
        except OSError as error:
            print(error.errno in (errno.ECONNRESET, errno.ECONNREFUSED, errno.ECONNABORTED))
    """)
    assert lines == ["True"]


def test_as_many_sockets_as_on_the_chip_and_no_leak(run, echo_port):
    lines = run(f"""
        for turn in range(5):
            sockets = []
            try:
                while True:
                    s = socket.socket()
                    s.connect((HOST, {echo_port}))
                    sockets.append(s)
            except OSError as error:
                print(len(sockets), error.errno)
            for i, s in enumerate(sockets):
                s.sendall(bytes([i]) * 10)
            print(all(s.recv(10) == bytes([i]) * 10 for i, s in enumerate(sockets)))
            for s in sockets:
                s.close()
        print(_host.memp()["NETCONN"][0], _host.memp()["NETBUF"][0])
    """)
    assert lines == ["10 23", "True"] * 5 + ["0 0"]


def test_a_raw_socket_pings_the_host(run):
    lines = run("""
        def checksum(data):
            total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
            total = (total & 0xffff) + (total >> 16)
            return ~(total + (total >> 16)) & 0xffff
        s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)
        s.settimeout(3)
        for sequence in range(3):
            header = struct.pack(">BBHHH", 8, 0, 0, 0x4d50, sequence)
            request = bytearray(header + bytes(range(56)))
            struct.pack_into(">H", request, 2, checksum(request))
            s.sendto(request, (HOST, 0))
            reply, address = s.recvfrom(200)
            print(address[0], reply[20], reply[24:] == request[4:])
    """)
    assert lines == ["10.0.2.2 0 True"] * 3


def test_two_devices_do_not_meet(start, serve):
    port = serve(echo)
    source = f"""
        s = socket.socket()
        s.connect((HOST, {port}))
        s.sendall(b"x" * 1000)
        print(len(s.read(1000)))
    """
    scripts = [start(source) for _ in range(2)]
    assert [script.end().strip() for script in scripts] == ["1000", "1000"]
