# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
#
# Everything one does with this project. A line that starts with two hashes is help.

.DEFAULT_GOAL := help
SHELL := /bin/bash

# Where everything that is built goes, sources and all. Absolute, so that trees do not collide.
BUILD_DIR ?= $(CURDIR)/build
override BUILD_DIR := $(abspath $(BUILD_DIR))
export BUILD_DIR

PYTHON := $(CURDIR)/.venv/bin/python
WGPY := $(CURDIR)/.venv/bin/wgpy

# SANITIZE=1: AddressSanitizer and UndefinedBehaviorSanitizer; SANITIZE=thread: ThreadSanitizer. Each
# in a build of its own.
SANITIZE ?= 0
ifeq ($(SANITIZE),1)
UNIX_BUILD := $(BUILD_DIR)/unix-sanitize
UNIX_OPTIONS := SANITIZE=1
else ifeq ($(SANITIZE),thread)
UNIX_BUILD := $(BUILD_DIR)/unix-thread
UNIX_OPTIONS := SANITIZE=thread
else
UNIX_BUILD := $(BUILD_DIR)/unix
endif
DEVICE := $(UNIX_BUILD)/micropython
export DEVICE

# The sources have no history of their own to take a version from.
export MICROPY_GIT_TAG := v1.25.0
export MICROPY_GIT_HASH := debian

# Trees of one's own choice; tools/setup fetches the pinned ones.
SETUP_ENV := $(if $(MICROPY_DIR),MICROPY_DIR=$(MICROPY_DIR)) $(if $(LWIP_DIR),LWIP_DIR=$(LWIP_DIR))
MICROPY_DIR ?= $(BUILD_DIR)/src/micropython
override MICROPY_DIR := $(abspath $(MICROPY_DIR))
UNIX_OPTIONS += $(if $(LWIP_DIR),LWIP_DIR=$(abspath $(LWIP_DIR)))

# The image for a board.
BOARD ?= ESP32_GENERIC_C3
FIRMWARE = $(BUILD_DIR)/firmware/$(BOARD)$(addprefix -,$(BOARD_VARIANT)).bin

MPY_CROSS := $(BUILD_DIR)/mpy-cross/mpy-cross
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

.PHONY: help setup mpy-cross device-build device rv32 ping test lint firmware flash bench bench-crypto clean

##   make ping           build all, start a gateway, let the device ping it through the tunnel
ping: device-build
	@tools/setup python
	@$(WGPY) ping --device $(DEVICE)

##   make device         build the device for the host: build/unix/micropython
##   make device WG=FILE ... and run it against the gateway that this wg.json names
device: device-build
ifneq ($(WG),)
	@tools/setup python
	@$(WGPY) run --device $(DEVICE) $(WG)
endif

mpy-cross:
	@$(SETUP_ENV) tools/setup build
	@test -x $(MPY_CROSS) || $(MAKE) --no-print-directory -C $(MICROPY_DIR)/mpy-cross -j$(JOBS) \
		BUILD=$(BUILD_DIR)/mpy-cross > /dev/null

device-build: mpy-cross
	@$(MAKE) --no-print-directory -C $(MICROPY_DIR)/ports/unix -j$(JOBS) $(UNIX_OPTIONS) \
		VARIANT_DIR=$(CURDIR)/firmware/unix VARIANT=device BUILD=$(UNIX_BUILD) \
		USER_C_MODULES=$(CURDIR)/firmware \
		MICROPY_MPYCROSS=$(MPY_CROSS) MICROPY_MPYCROSS_DEPENDENCY=$(MPY_CROSS)

##   make rv32           MicroPython for RV32 with the tunnel, for QEMU: build/rv32/firmware.elf
rv32: mpy-cross
	@tools/setup bench
	@$(MAKE) --no-print-directory -C $(MICROPY_DIR)/ports/qemu -j$(JOBS) \
		BOARD=VIRT_RV32 BOARD_DIR=$(CURDIR)/firmware/rv32 BUILD=$(BUILD_DIR)/rv32 \
		USER_C_MODULES=$(CURDIR)/firmware \
		MICROPY_MPYCROSS=$(MPY_CROSS) MICROPY_MPYCROSS_DEPENDENCY=$(MPY_CROSS)

# The tests mostly wait for the network and the clock: more at a time than there are cores.
TEST_WORKERS ?= 4

##   make test           all tests (SANITIZE=1: with the sanitizers; ARGS="-k ..." for pytest)
test: device-build rv32
	@tools/setup python test
	$(PYTHON) -m pytest -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

##   make lint           style of the Python sources
lint:
	@tools/setup python
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

##   make firmware BOARD=ESP32_GENERIC_C3 [BOARD_VARIANT=...]
##                       the image for a board: build/firmware/BOARD.bin (needs ESP-IDF: IDF_PATH)
firmware:
	@$(SETUP_ENV) EMULATOR=$(EMULATOR) tools/firmware $(BOARD) $(BOARD_VARIANT)

##   make flash PORT=/dev/ttyUSB0 [BOARD=...]
##                       write that image, around what is in NVS (ARGS: wgpy flash)
flash:
	@tools/setup python
	$(WGPY) flash --port $(PORT) --image $(FIRMWARE) $(ARGS)

##   make bench          throughput and latency of the tunnel on the host device (ARGS: wgpy bench)
bench:
	@tools/setup python test
	@$(MAKE) --no-print-directory device-build UNIX_BUILD=$(BUILD_DIR)/unix-bench \
		UNIX_OPTIONS='CFLAGS_EXTRA="-DMEMP_NUM_NETCONN=80 -DFIRMWARE_SIZES"'
	$(WGPY) bench --device $(BUILD_DIR)/unix-bench/micropython $(ARGS)

##   make bench-crypto   instructions of the cryptography on RV32 (COMPARE=1: and of other libraries)
##                       and, as make bench-packet does, of a packet's way through the tunnel
bench-crypto: rv32
	@tools/setup python bench
	$(PYTHON) -m wgpy.bench.crypto $(if $(filter 1,$(COMPARE)),--compare)
	$(PYTHON) -m wgpy.bench.packet

.PHONY: bench-packet
bench-packet: rv32
	@tools/setup python
	$(PYTHON) -m wgpy.bench.packet

.PHONY: fuzz
##   make fuzz           every fuzz target for its share of TIME seconds (default 60)
fuzz: device-build
	@tools/setup python test
	$(PYTHON) tests/fuzz/targets.py $(or $(TIME),60) $(TARGETS)

.PHONY: chaos
##   make chaos          everything that may go wrong, in TIME seconds (default 600)
chaos: device-build
	@tools/setup python test
	CHAOS_SECONDS=$(or $(TIME),600) $(PYTHON) -m pytest -m chaos -n0 -s tests/chaos $(ARGS)

.PHONY: analyze
##   make analyze        cppcheck, clang-tidy, gcc's analyzer and the stack's bound over the C
analyze:
	@$(SETUP_ENV) tools/setup build python test
	$(PYTHON) -m pytest -n0 -s tests/analysis $(ARGS)

.PHONY: soak
##   make soak           traffic with losses for TIME seconds (default 1800), a day in virtual time
soak: device-build
	@tools/setup python test
	SOAK_SECONDS=$(or $(TIME),1800) $(PYTHON) -m pytest -m soak -n0 -s tests/soak $(ARGS)

##   make setup          fetch and install everything; the targets above fetch what they need
setup:
	@$(SETUP_ENV) tools/setup build python test bench

##   make clean          remove what was built, keep what was fetched
clean:
	rm -rf $(BUILD_DIR)/rv32 $(BUILD_DIR)/unix $(BUILD_DIR)/unix-* $(BUILD_DIR)/mpy-cross

help:
	@echo "WireGuard for MicroPython on the ESP32"
	@sed -n 's/^##//p' $(firstword $(MAKEFILE_LIST))
