// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// A QEMU plug-in: between a store of 1 and a store of 0 to the address `mark`, digest the address
// of every instruction executed and of every byte it loads or stores, and write the digest as a
// line of the file `out`. Equal lines: the same path over the same memory, so nothing of a secret
// reached a branch or an address. Arguments: mark=ADDRESS,out=FILE
//
// Debian has no package with the interface's header; these are the few calls that are used.
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t plugin_id;
struct tb;
struct insn;
typedef void (*tb_callback)(plugin_id id, struct tb *tb);
typedef void (*insn_callback)(unsigned cpu, void *user);
typedef void (*mem_callback)(unsigned cpu, uint32_t info, uint64_t vaddr, void *user);
enum { NO_REGS = 0, READ_WRITE = 3 };

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, tb_callback cb);
void qemu_plugin_register_vcpu_insn_exec_cb(struct insn *i, insn_callback cb, int flags, void *user);
void qemu_plugin_register_vcpu_mem_cb(struct insn *i, mem_callback cb, int flags, int rw, void *user);
size_t qemu_plugin_tb_n_insns(const struct tb *tb);
struct insn *qemu_plugin_tb_get_insn(const struct tb *tb, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct insn *insn);

__attribute__((visibility("default"))) int qemu_plugin_version = PLUGIN_VERSION;

static uint64_t mark, digest;
static bool tracing;
static FILE *out;

static void mix(uint64_t value) {
    digest = (digest ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    digest ^= digest >> 29;
}

static void on_insn(unsigned cpu, void *vaddr) {
    (void)cpu;
    if (tracing) {
        mix((uintptr_t)vaddr);
    }
}

static void on_access(unsigned cpu, uint32_t info, uint64_t vaddr, void *user) {
    (void)cpu, (void)info, (void)user;
    if (vaddr != mark) {
        if (tracing) {
            mix(vaddr | UINT64_C(1) << 63);
        }
        return;
    }
    if (tracing) {
        fprintf(out, "%016" PRIx64 "\n", digest);
        fflush(out);
    }
    tracing = !tracing;
    digest = 0;
}

static void on_translation(plugin_id id, struct tb *tb) {
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
        struct insn *insn = qemu_plugin_tb_get_insn(tb, i);
        void *vaddr = (void *)(uintptr_t)qemu_plugin_insn_vaddr(insn);
        qemu_plugin_register_vcpu_insn_exec_cb(insn, on_insn, NO_REGS, vaddr);
        qemu_plugin_register_vcpu_mem_cb(insn, on_access, NO_REGS, READ_WRITE, NULL);
    }
}

__attribute__((visibility("default")))
int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv) {
    (void)info;
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "mark=", 5) == 0) {
            mark = strtoull(argv[i] + 5, NULL, 0);
        } else if (strncmp(argv[i], "out=", 4) == 0) {
            out = fopen(argv[i] + 4, "w");
        }
    }
    if (!mark || !out) {
        return 1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
    return 0;
}
