# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
#
# The one hook into MicroPython's ESP32 build. CMake includes this file right after the project()
# of ports/esp32/CMakeLists.txt (-D CMAKE_PROJECT_micropython_INCLUDE=.../project.cmake): the board
# and its variant have said what they want by then, and ESP-IDF has not yet read it. So every board
# and every variant works, MicroPython's own and others, and none of them is copied or patched.

set(WIREGUARD_ESP32_DIR ${CMAKE_CURRENT_LIST_DIR})

# ESP-IDF's options: later files win.
list(APPEND SDKCONFIG_DEFAULTS ${WIREGUARD_ESP32_DIR}/sdkconfig.wireguard)

# What the board freezes, and our package.
file(WRITE ${CMAKE_BINARY_DIR}/wireguard_manifest.py
    "include(\"${MICROPY_FROZEN_MANIFEST}\")\ninclude(\"${WIREGUARD_ESP32_DIR}/manifest.py\")\n")
set(MICROPY_FROZEN_MANIFEST ${CMAKE_BINARY_DIR}/wireguard_manifest.py)

list(APPEND USER_C_MODULES ${WIREGUARD_ESP32_DIR}/micropython.cmake)

# The board of the emulator: Ethernet instead of Wi-Fi (make firmware EMULATOR=1).
if(WIREGUARD_EMULATOR)
    list(APPEND SDKCONFIG_DEFAULTS ${WIREGUARD_ESP32_DIR}/emulator/sdkconfig.emulator)
    list(APPEND USER_C_MODULES ${WIREGUARD_ESP32_DIR}/emulator/micropython.cmake)
endif()
