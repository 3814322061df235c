# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""A callback scheduled by a thread that is not Python's runs at once, whatever Python waits in."""

import threading

import pytest

LATE_MS = 200  # generous for a loaded computer; every wait below is longer by far

WAITS = {
    "time.sleep": "time.sleep(10)",
    "time.sleep_ms": "time.sleep_ms(10000)",
    "select.poll": "select.poll().poll(10000)",
    "asyncio.sleep": "asyncio.run(sleep())",
    "input": "input()",
    "stdin": "sys.stdin.read(1)",
}


@pytest.mark.parametrize("wait", WAITS)
def test_callback_runs_during(start, wait):
    script = start(f"""
        def called(_):
            print("called", ms(began))
        async def sleep():
            await asyncio.sleep(10)
        _host.call_later(300, called)
        began = time.ticks_ms()
        {WAITS[wait]}
    """)
    word, after = script.line().split()
    assert word == "called" and 300 <= int(after) < 300 + LATE_MS


def test_callback_runs_during_recv(start, serve):
    held = threading.Event()
    port = serve(lambda connection: held.wait(20))
    script = start(f"""
        s = socket.socket()
        s.connect((HOST, {port}))
        def called(_):
            print("called", ms(began))
        _host.call_later(310, called)
        began = time.ticks_ms()
        s.recv(1)
    """)
    word, after = script.line().split()
    held.set()
    # The socket looks up every 100 ms, as the ESP32's does.
    assert word == "called" and 310 <= int(after) < 410 + LATE_MS


@pytest.mark.parametrize("wait", WAITS)
def test_no_wake_up_is_lost_during(start, wait):
    """The second callback is scheduled, and its signal spent, while the first one runs."""
    script = start(f"""
        def second(_):
            print("called", ms(began))
        def first(_):
            _host.call_later(20, second)
            since = time.ticks_ms()
            while ms(since) < 100:
                pass
        async def sleep():
            await asyncio.sleep(10)
        _host.call_later(200, first)
        began = time.ticks_ms()
        {WAITS[wait]}
    """)
    word, after = script.line().split()
    assert word == "called" and 300 <= int(after) < 300 + LATE_MS


def test_sleep_lasts_as_long_with_callbacks(run):
    lines = run("""
        count = 0
        def again(_):
            global count
            count += 1
            _host.call_later(20, again)
        for sleep, half in ((time.sleep, 0.5), (time.sleep_ms, 500), (time.sleep_us, 500000)):
            again(None)
            began = time.ticks_ms()
            sleep(half)
            print(500 <= ms(began) < 600)
        print(count > 5)
    """)
    assert lines == ["True"] * 4


def test_threads_and_callbacks_and_collections(run, echo_port):
    """The GC scans a second Python thread while wake-up signals arrive."""
    lines = run(f"""
        import _thread, gc
        done = []

        def work():
            s = socket.socket()
            s.connect((HOST, {echo_port}))
            while ms(began) < 1000:
                data = os.urandom(300)
                s.sendall(data)
                assert s.read(300) == data
            s.close()
            done.append(True)

        count = 0
        def again(_):
            global count
            count += 1
            _host.call_later(1, again)

        again(None)
        began = time.ticks_ms()
        _thread.start_new_thread(work, ())
        while not done and ms(began) < 20000:
            keep = [bytes(20) for _ in range(500)]
            gc.collect()
        print(done, count > 10 or (count, ms(began)))
    """)
    assert lines == ["[True] True"]
