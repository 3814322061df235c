// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Runs the field arithmetic of x25519.c, or the assembly it has instead, on limbs that no test of
// whole multiplications would ever meet. Reads the file "cases", writes "results".
#include "x25519.c"

#include "machine.h"

enum { OP_MUL, OP_SQR, OP_ADD_SUB, OP_SUB_ADD_MULTIPLE, OP_TIMES_9, OP_PACK };

typedef struct field_case {
    uint32_t op;
    fe a, b;
} field_case_t;

static void run(field_case_t *c, fe results[2]) {
    switch (c->op) {
        case OP_MUL:
            fe_mul(results[0], c->a, c->b);
            fe_mul(c->b, c->a, c->b);
            memcpy(results[1], c->b, sizeof(fe));
            break;
        case OP_SQR:
            fe_sqr(results[0], c->a);
            fe_sqr(c->a, c->a);
            memcpy(results[1], c->a, sizeof(fe));
            break;
        case OP_ADD_SUB:
            fe_add_sub(results[0], results[1], c->a, c->b);
            break;
        case OP_SUB_ADD_MULTIPLE:
            fe_sub_add_multiple(c->a, c->b, c->a, c->b);
            memcpy(results[0], c->a, sizeof(fe));
            memcpy(results[1], c->b, sizeof(fe));
            break;
        case OP_TIMES_9:
            fe_times_9(c->a);
            memcpy(results[0], c->a, sizeof(fe));
            break;
        case OP_PACK:
            fe_pack((uint8_t *)results[0], c->a);
            break;
    }
}

int main(void) {
    int in = machine_open("cases", MACHINE_READ), out = machine_open("results", MACHINE_WRITE);
    field_case_t c;
    while (machine_read(in, &c, sizeof(c)) == sizeof(c)) {
        fe results[2] = {0};
        run(&c, results);
        machine_write(out, results, sizeof(results));
    }
    machine_exit(0);
}
