WIREGUARD_DIR := $(USERMOD_DIR)

# What every packet goes through.
WIREGUARD_FAST_C := $(addprefix $(WIREGUARD_DIR)/, \
	allowedips.c \
	crypto/blake2s.c \
	crypto/chacha20poly1305.c \
	crypto/memory.c \
	events.c \
	filter.c \
	forward.c \
	keypair.c \
	receive.c \
	replay.c \
	route.c \
	send.c \
	timers.c \
	window.c \
	)

# What it needs now and then, and Python's side of it.
WIREGUARD_SMALL_C := $(addprefix $(WIREGUARD_DIR)/, \
	capture.c \
	cookie.c \
	crypto/x25519.c \
	device.c \
	dns.c \
	handshake.c \
	modwireguard.c \
	netif.c \
	py_addresses.c \
	py_capture.c \
	py_dns.c \
	py_events.c \
	py_handshake.c \
	py_hop.c \
	py_netif.c \
	py_peer.c \
	py_question.c \
	py_retain.c \
	py_status.c \
	question.c \
	ratelimit.c \
	retain.c \
	)

# Only the module itself has strings and objects of Python's.
SRC_USERMOD_C += $(filter-out $(WIREGUARD_DIR)/crypto/%,$(WIREGUARD_FAST_C) $(WIREGUARD_SMALL_C))
SRC_USERMOD_LIB_C += $(filter $(WIREGUARD_DIR)/crypto/%,$(WIREGUARD_FAST_C) $(WIREGUARD_SMALL_C))
# Assembly beside the portable C, which assembles to nothing on other instruction sets.
SRC_USERMOD_LIB_ASM += $(sort $(wildcard $(WIREGUARD_DIR)/crypto/*.S))

CFLAGS_USERMOD += -I$(WIREGUARD_DIR)

# RISC-V has functions that save and restore registers for others.
WIREGUARD_SMALL = -Os $(if $(findstring riscv,$(CROSS_COMPILE)),-msave-restore)

# Whatever the port builds for, speed or size. Flags of an object come after the port's.
wireguard_objects = $(patsubst $(USER_C_MODULES)/%.c,$(BUILD)/%.o,$(1))
$(call wireguard_objects,$(WIREGUARD_FAST_C) $(WIREGUARD_SMALL_C)): CFLAGS += -Wall -Wextra -Werror
ifneq ($(DEBUG),1)
$(call wireguard_objects,$(WIREGUARD_FAST_C)): CFLAGS += -O2
$(call wireguard_objects,$(WIREGUARD_SMALL_C)): CFLAGS += $(WIREGUARD_SMALL)
endif
