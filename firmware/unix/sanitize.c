// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// Options of the sanitizers' build, in the program so that nobody has to know them.

#if defined(__SANITIZE_ADDRESS__)

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

// MicroPython's GC finds objects by scanning the real stack, so locals must live there. Its heap is
// one allocation that ends with the process.
const char *__asan_default_options(void) {
    return "detect_stack_use_after_return=0:detect_leaks=0";
}

const char *__ubsan_default_options(void) {
    return "print_stacktrace=1";
}

#elif defined(__SANITIZE_THREAD__)

const char *__tsan_default_options(void);
const char *__tsan_default_suppressions(void);

const char *__tsan_default_options(void) {
    return "history_size=4:exitcode=66:report_signal_unsafe=0";
}

// Nothing of firmware/wireguard is here. What is, and why it may be:
const char *__tsan_default_suppressions(void) {
    return
        // MicroPython reads whether something is scheduled without its lock, and locks to look again.
        "race:mp_sched_schedule\n"
        "race:wake_handler\n"
        "race:mp_handle_pending\n"
        // MicroPython's threads: the list of them is read by the one that starts the next.
        "race:^mp_thread_create$\n"
        // lwIP's sequential API shares a netconn's flags with lwIP's thread without a lock.
        "race:lib/lwip/src/api/api_msg.c\n"
        "race:lib/lwip/src/api/sockets.c\n"
        // The stand-in for the Wi-Fi driver reads the address of its netif on Python's thread, as
        // ESP-IDF's own esp_netif does.
        "race:^uplink_netif_has_address$\n"
        "race:network_wlan.c\n"
        // Counters that only tests read (lwIP's statistics are off on the chip).
        "race:sys_sem_new\n"
        "race:sys_mbox_new\n"
        "race:memp_locked\n"
        "race:^mem_locked$\n"
        // The character that interrupts is MicroPython's own variable, read where the terminal is.
        "race:^console_thread$\n"
        // What only tests call: a thread that is not Python's schedules a function.
        "race:call_later\n"
        // errno is saved and restored; ThreadSanitizer cannot see that it is.
        "signal:wake_handler\n";
}

#else

typedef int sanitizers_are_off; // ISO C wants a file to declare something

#endif
