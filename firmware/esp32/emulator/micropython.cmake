# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
#
# network.LAN of the emulator in place of the port's.

add_library(usermod_wireguard_emulator INTERFACE)
set(WIREGUARD_EMULATOR_C ${CMAKE_CURRENT_LIST_DIR}/network_lan.c)
set_source_files_properties(${WIREGUARD_EMULATOR_C} DIRECTORY ${WIREGUARD_DIRECTORIES} PROPERTIES
    COMPILE_OPTIONS "-Wall;-Wextra;-Werror")
target_sources(usermod_wireguard_emulator INTERFACE ${WIREGUARD_EMULATOR_C})
target_link_options(usermod_wireguard_emulator INTERFACE
    "LINKER:--wrap=esp_network_get_lan_obj")
target_link_libraries(usermod INTERFACE usermod_wireguard_emulator)
