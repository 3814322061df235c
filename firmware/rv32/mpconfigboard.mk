# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
#
# MicroPython's qemu port for RV32 with the tunnel in it: the port's own VIRT_RV32 board, and more.
# Built with BOARD_DIR naming this folder, so that MicroPython's tree stays untouched.

RV32_DIR := $(BOARD_DIR)
comma := ,

# The instruction set of the ESP32-C3.
RV32_ARCH = rv32imc_zicsr
# Libraries come for rv32im; what is last on the command line chooses them.
LIBS += -march=rv32im

include boards/VIRT_RV32/mpconfigboard.mk

FROZEN_MANIFEST ?= $(RV32_DIR)/manifest.py
MICROPY_HEAP_SIZE ?= 1048576

# What the port's own mpconfigport.h leaves out.
CFLAGS += -DMP_CONFIGFILE='<mpconfigboard.h>' -I$(RV32_DIR) -I$(RV32_DIR)/lwip \
	-I$(abspath $(RV32_DIR)/..)
QSTR_GLOBAL_DEPENDENCIES += $(RV32_DIR)/mpconfigboard.h

# lwIP by MicroPython's own rules, without a thread of its own.
MICROPY_PY_LWIP = 1
CFLAGS += -DLWIP_NETIF_LOOPBACK=1
# At -O2, as MicroPython has ESP-IDF built. Its checksum loop asks whether an address of a variable is 0
# when there is but one netif.
$(BUILD)/lib/lwip/%.o: CFLAGS += -O2 -Wno-address

# MicroPython's close() of a listening socket clears callbacks that such a pcb does not have, behind its
# end: see board.c.
$(BUILD)/extmod/modlwip.o: CFLAGS += -Dtcp_err=board_tcp_err -Dtcp_recv=board_tcp_recv

# A RAM disk stands for the flash.
MICROPY_VFS_LFS2 = 1

# Below the folder of the user's C modules: vpath finds them there.
SRC_C += rv32/board.c shared/timeutils/timeutils.c

# The chips' ROM copies and sets memory by unrolled words; so does the bench's memory.c.
SRC_C += bench/memory.c
$(BUILD)/shared/libc/string0.o: CFLAGS += -Dmemcpy=port_memcpy -Dmemmove=port_memmove \
	-Dmemset=port_memset -Dmemcmp=port_memcmp -Dstrlen=port_strlen
$(BUILD)/bench/memory.o: CFLAGS += -O2 -fno-tree-loop-distribute-patterns

# What counts: between the tunnel and what it calls (bench/modbench.c).
SRC_C += bench/modbench.c
WRAPPED := udp_sendto_if ip_input mp_execute_bytecode wg_x25519 wg_x25519_base
LDFLAGS += $(addprefix -Wl$(comma)--wrap=,$(WRAPPED))

# The source package has no micropython-lib, and the manifest needs none: any folder with a
# README.md passes the port's check for it.
MPY_LIB_DIR = $(TOP)

# MicroPython keeps frozen code whose strings C has come to know in the meantime, and then fails; and
# what it has compiled with other options of the manifest.
.PHONY: drop-stale-frozen
$(BUILD)/frozen_content.c: | drop-stale-frozen
drop-stale-frozen: $(BUILD)/genhdr/qstrdefs.generated.h
	$(Q)test ! $(FROZEN_MANIFEST) -nt $(BUILD)/frozen_content.c || rm -rf $(BUILD)/frozen_mpy
	$(Q)test ! $(BUILD)/frozen_content.c -ot $< || rm -f $(BUILD)/frozen_content.c
