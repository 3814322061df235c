WIREGUARD_DIR := $(USERMOD_DIR)

# What every packet goes through.
WIREGUARD_PATH_C := $(addprefix $(WIREGUARD_DIR)/, \
	allowedips.c \
	capture.c \
	cookie.c \
	device.c \
	dns.c \
	events.c \
	filter.c \
	forward.c \
	handshake.c \
	keypair.c \
	netif.c \
	question.c \
	ratelimit.c \
	receive.c \
	replay.c \
	retain.c \
	route.c \
	send.c \
	timers.c \
	)

# Python's side of it.
WIREGUARD_PYTHON_C := $(addprefix $(WIREGUARD_DIR)/, \
	modwireguard.c \
	py_addresses.c \
	py_allowedips.c \
	py_capture.c \
	py_dns.c \
	py_events.c \
	py_handshake.c \
	py_hop.c \
	py_keypair.c \
	py_netif.c \
	py_peer.c \
	py_question.c \
	py_retain.c \
	py_status.c \
	)

# Portable C and, beside it, assembly that assembles to nothing on other instruction sets.
WIREGUARD_CRYPTO_C := $(sort $(wildcard $(WIREGUARD_DIR)/crypto/*.c))

SRC_USERMOD_C += $(WIREGUARD_PATH_C) $(WIREGUARD_PYTHON_C)
SRC_USERMOD_LIB_C += $(WIREGUARD_CRYPTO_C)
SRC_USERMOD_LIB_ASM += $(sort $(wildcard $(WIREGUARD_DIR)/crypto/*.S))

CFLAGS_USERMOD += -I$(WIREGUARD_DIR)

# Ports build for size: that would cost the cipher a fifth. Flags of an object come after the port's.
wireguard_objects = $(patsubst $(USER_C_MODULES)/%.c,$(BUILD)/%.o,$(1))
$(call wireguard_objects,$(WIREGUARD_PATH_C) $(WIREGUARD_PYTHON_C) $(WIREGUARD_CRYPTO_C)): \
	CFLAGS += -Wall -Wextra -Werror
ifneq ($(DEBUG),1)
$(call wireguard_objects,$(WIREGUARD_PATH_C) $(WIREGUARD_CRYPTO_C)): CFLAGS += -O2
endif
