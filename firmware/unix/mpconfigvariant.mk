# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
#
# The device on the host: MicroPython's unix port with lwIP in the place of the host's sockets.

FROZEN_MANIFEST ?= $(VARIANT_DIR)/manifest.py

# The port's own sockets give way to the ESP32 port's, its copy of Mbed TLS to Debian's; what needs
# missing submodules stays off.
MICROPY_PY_SOCKET = 0
MICROPY_PY_SSL = 0
MICROPY_PY_FFI = 0
MICROPY_PY_BTREE = 0
MICROPY_VFS_FAT = 0
MICROPY_VFS_LFS1 = 0
MICROPY_VFS_LFS2 = 0

# The port forces the GIL off when it is asked for threads: ask in mpconfigvariant.h instead.
MICROPY_PY_THREAD = 0

SHARED_SRC_C_EXTRA += runtime/pyexec.c netutils/netutils.c

LWIP_DIR ?= $(TOP)/lib/lwip
LWIPDIR := $(LWIP_DIR)/src
include $(LWIPDIR)/Filelists.mk
LWIP_SOURCES := $(COREFILES) $(CORE4FILES) $(CORE6FILES) $(APIFILES) $(LWIPDIR)/netif/ethernet.c
# Not SRC_C: lwIP has no qstrs to look for. Objects keep lwIP's own layout below the build folder.
LWIP_OBJECTS := $(patsubst $(LWIPDIR)/%.c,$(BUILD)/lwip/%.o,$(LWIP_SOURCES))
PY_O += $(LWIP_OBJECTS)

$(BUILD)/lwip/%.o: $(LWIPDIR)/%.c
	$(ECHO) "CC lwip/$*.c"
	$(Q)mkdir -p $(dir $@)
	$(Q)$(CC) $(filter-out -Wdouble-promotion -Wfloat-conversion,$(CFLAGS)) -c -MD -MF $(@:.o=.d) -o $@ $<
-include $(LWIP_OBJECTS:.o=.d)

SLIRP_CFLAGS := $(shell pkg-config --cflags slirp)
SLIRP_LIBS := $(shell pkg-config --libs slirp)

CFLAGS += -DMICROPY_PY_SSL=1 -DMICROPY_SSL_MBEDTLS=1
LDFLAGS += -lmbedtls -lmbedx509 -lmbedcrypto

INC += -I$(VARIANT_DIR)/lwip -I$(VARIANT_DIR)/shim -I$(VARIANT_DIR) -I$(LWIPDIR)/include
INC += -I$(abspath $(VARIANT_DIR)/..)
CFLAGS += -DLWIP_DEVICE=1 $(SLIRP_CFLAGS)
LDFLAGS += $(SLIRP_LIBS) -lpthread

ifeq ($(SANITIZE),1)
# Not stripped, MicroPython's own assertions on; the options at run time are in sanitize.c.
DEBUG = 1
SANITIZERS = -fsanitize=address,undefined -fno-sanitize-recover=undefined --param asan-use-after-return=0
CFLAGS += $(SANITIZERS)
LDFLAGS += -fsanitize=address,undefined
# MicroPython copies nothing from NULL when a closure is called without arguments.
$(BUILD)/py/objclosure.o: CFLAGS += -fno-sanitize=nonnull-attribute
endif

ifeq ($(SANITIZE),thread)
DEBUG = 1
# It follows setjmp() and longjmp(); MicroPython's own jumps it takes for calls that never return, and ends
# when there are 65536.
CFLAGS += -fsanitize=thread -DMICROPY_NLR_SETJMP=1 -Wno-clobbered
LDFLAGS += -fsanitize=thread
endif

# Seams in the port, opened by renaming at compile time so that its sources stay untouched:
# main() is ours (board.c), and so are the console (console.c), the clock (clock.c), the way Python's threads end
# (python_threads.c), a sem_wait() that survives the wake-up signal while another thread is being
# scanned by the GC (wake.c), and os.stat() and os.rename()
# (flash.c).
$(BUILD)/main.o: CFLAGS += -Dmain=unix_main
$(BUILD)/mpthreadport.o: CFLAGS += -Dsem_wait=wake_proof_sem_wait \
	-Dpthread_create=python_thread_create -Dpthread_cancel=python_thread_cancel \
	-Dpthread_mutex_lock=python_thread_lock
$(BUILD)/unix_mphal.o: CFLAGS += -Dmp_hal_set_interrupt_char=unix_set_interrupt_char \
	-Dmp_hal_stdin_rx_chr=unix_stdin_rx_chr \
	-Dmp_hal_stdout_tx_strn=unix_stdout_tx_strn \
	-Dmp_hal_stdout_tx_str=unix_stdout_tx_str -Dclock_gettime=device_clock
$(BUILD)/extmod/modwebrepl.o: CFLAGS += -Wno-sign-compare
$(BUILD)/extmod/modos.o: CFLAGS += -include $(VARIANT_DIR)/stdin.h
# Debian's Mbed TLS can trace, and MicroPython would have it do so.
$(BUILD)/extmod/modtls_mbedtls.o: CFLAGS += -DMBEDTLS_USER_CONFIG_FILE='"$(VARIANT_DIR)/tls_config.h"'
$(BUILD)/extmod/vfs.o: CFLAGS += -Dmp_vfs_stat=unix_vfs_stat -Dmp_vfs_stat_obj=unix_vfs_stat_obj \
	-Dmp_vfs_rename=unix_vfs_rename -Dmp_vfs_rename_obj=unix_vfs_rename_obj
# Tests refuse memory (fail.c).
$(BUILD)/lwip/core/mem.o: CFLAGS += -Dmalloc=fail_malloc -Dcalloc=fail_calloc
$(BUILD)/lwip/core/timeouts.o: CFLAGS += -Dmemp_malloc=fail_spared_memp_malloc
$(BUILD)/wireguard/%.o: CFLAGS += -Dmalloc=fail_malloc -Dcalloc=fail_calloc
$(BUILD)/py/malloc.o: CFLAGS += -Dgc_alloc=fail_gc_alloc -Dgc_realloc=fail_gc_realloc

# The source package has no micropython-lib, and the manifest needs none: any folder with a
# README.md passes the port's check for it.
MPY_LIB_DIR = $(TOP)
