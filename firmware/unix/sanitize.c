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

#else

typedef int sanitizers_are_off; // ISO C wants a file to declare something

#endif
