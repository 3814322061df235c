WIREGUARD_DIR := $(USERMOD_DIR)

SRC_USERMOD_C += $(addprefix $(WIREGUARD_DIR)/, \
	allowedips.c \
	device.c \
	events.c \
	handshake.c \
	keypair.c \
	netif.c \
	receive.c \
	replay.c \
	send.c \
	timers.c \
	modwireguard.c \
	py_addresses.c \
	py_allowedips.c \
	py_keypair.c \
	py_events.c \
	py_netif.c \
	)

# Portable C and, beside it, assembly that assembles to nothing on other instruction sets.
SRC_USERMOD_LIB_C += $(sort $(wildcard $(WIREGUARD_DIR)/crypto/*.c))
SRC_USERMOD_LIB_ASM += $(sort $(wildcard $(WIREGUARD_DIR)/crypto/*.S))

CFLAGS_USERMOD += -I$(WIREGUARD_DIR)
