// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Included before every source that is built for the derived core (tools/bench/xtensa_core.py): it has
// all that the ESP32's has but MULUH, which is encoded by hand here and emulated by xtensa.S.
// So what is assembled, and what is computed, is what the ESP32 has.
#define BENCH_EMULATE_MULUH 1
#define __XTENSA_WINDOWED_ABI__ 1
#define __XCHAL_HAVE_WINDOWED 1
#define __XCHAL_HAVE_LOOPS 1
#define __XCHAL_HAVE_ADDX 1
#define __XCHAL_HAVE_ABS 1
#define __XCHAL_HAVE_NSA 1
#define __XCHAL_HAVE_MINMAX 1
#define __XCHAL_HAVE_SEXT 1
#define __XCHAL_HAVE_MUL32 1
#define __XCHAL_HAVE_MUL32_HIGH 1
#define __XCHAL_NUM_AREGS 64

#if defined(__ASSEMBLER__)
// muluh r, s, t: 1010 0010 rrrr ssss tttt 0000
    .macro register_number name, register
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    .ifc    \register, a\n
    .set    \name, \n
    .endif
    .endr
    .ifc    \register, sp
    .set    \name, 1
    .endif
    .endm

    .macro muluh r, s, t
    .set    muluh_r, -1
    .set    muluh_s, -1
    .set    muluh_t, -1
    register_number muluh_r, \r
    register_number muluh_s, \s
    register_number muluh_t, \t
    .if     muluh_r < 0 || muluh_s < 0 || muluh_t < 0
    .error  "muluh takes three registers"
    .endif
    .byte   muluh_t << 4, muluh_r << 4 | muluh_s, 0xa2
    .endm
#endif
