# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
#
# The user C module on the ESP32: `_wireguard`, and lwIP's questions where a packet goes.

include(${CMAKE_CURRENT_LIST_DIR}/../wireguard/micropython.cmake)

add_library(usermod_wireguard_esp32 INTERFACE)
set(WIREGUARD_ESP32_C
    ${CMAKE_CURRENT_LIST_DIR}/entropy.c
    ${CMAKE_CURRENT_LIST_DIR}/idf_hooks.c
    ${CMAKE_CURRENT_LIST_DIR}/ipv6.c
    ${CMAKE_CURRENT_LIST_DIR}/modwireguard_esp32.c
    ${CMAKE_CURRENT_LIST_DIR}/nvs_once.c
)
set_source_files_properties(${WIREGUARD_ESP32_C} DIRECTORY ${WIREGUARD_DIRECTORIES} PROPERTIES
    COMPILE_OPTIONS "-Wall;-Wextra")
target_sources(usermod_wireguard_esp32 INTERFACE ${WIREGUARD_ESP32_C})
target_include_directories(usermod_wireguard_esp32 INTERFACE ${CMAKE_CURRENT_LIST_DIR})
target_link_options(usermod_wireguard_esp32 INTERFACE "LINKER:--wrap=nvs_open")
target_link_libraries(usermod INTERFACE usermod_wireguard_esp32)

# ESP-IDF's lwIP includes this file wherever it asks hooks. It sums up every byte twice, inside the
# tunnel and outside: eight at a time, not two, saves 1 000 instructions a pass.
idf_component_get_property(wireguard_lwip lwip COMPONENT_LIB)
target_compile_definitions(${wireguard_lwip} PRIVATE
    ESP_IDF_LWIP_HOOK_FILENAME="${CMAKE_CURRENT_LIST_DIR}/idf_hooks.h"
    LWIP_CHKSUM_ALGORITHM=3)
