add_library(usermod_wireguard INTERFACE)

# Portable C and, beside it, assembly that assembles to nothing on other instruction sets.
file(GLOB WIREGUARD_CRYPTO_C CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/crypto/*.c)
file(GLOB WIREGUARD_CRYPTO_ASM CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/crypto/*.S)

# What every packet goes through.
set(WIREGUARD_PATH_C
    ${CMAKE_CURRENT_LIST_DIR}/allowedips.c
    ${CMAKE_CURRENT_LIST_DIR}/capture.c
    ${CMAKE_CURRENT_LIST_DIR}/cookie.c
    ${CMAKE_CURRENT_LIST_DIR}/device.c
    ${CMAKE_CURRENT_LIST_DIR}/dns.c
    ${CMAKE_CURRENT_LIST_DIR}/events.c
    ${CMAKE_CURRENT_LIST_DIR}/filter.c
    ${CMAKE_CURRENT_LIST_DIR}/forward.c
    ${CMAKE_CURRENT_LIST_DIR}/handshake.c
    ${CMAKE_CURRENT_LIST_DIR}/keypair.c
    ${CMAKE_CURRENT_LIST_DIR}/netif.c
    ${CMAKE_CURRENT_LIST_DIR}/question.c
    ${CMAKE_CURRENT_LIST_DIR}/ratelimit.c
    ${CMAKE_CURRENT_LIST_DIR}/receive.c
    ${CMAKE_CURRENT_LIST_DIR}/replay.c
    ${CMAKE_CURRENT_LIST_DIR}/retain.c
    ${CMAKE_CURRENT_LIST_DIR}/route.c
    ${CMAKE_CURRENT_LIST_DIR}/send.c
    ${CMAKE_CURRENT_LIST_DIR}/timers.c
)

# Python's side of it.
set(WIREGUARD_PYTHON_C
    ${CMAKE_CURRENT_LIST_DIR}/modwireguard.c
    ${CMAKE_CURRENT_LIST_DIR}/py_addresses.c
    ${CMAKE_CURRENT_LIST_DIR}/py_allowedips.c
    ${CMAKE_CURRENT_LIST_DIR}/py_capture.c
    ${CMAKE_CURRENT_LIST_DIR}/py_dns.c
    ${CMAKE_CURRENT_LIST_DIR}/py_events.c
    ${CMAKE_CURRENT_LIST_DIR}/py_handshake.c
    ${CMAKE_CURRENT_LIST_DIR}/py_hop.c
    ${CMAKE_CURRENT_LIST_DIR}/py_keypair.c
    ${CMAKE_CURRENT_LIST_DIR}/py_netif.c
    ${CMAKE_CURRENT_LIST_DIR}/py_peer.c
    ${CMAKE_CURRENT_LIST_DIR}/py_question.c
    ${CMAKE_CURRENT_LIST_DIR}/py_retain.c
    ${CMAKE_CURRENT_LIST_DIR}/py_status.c
)

target_sources(usermod_wireguard INTERFACE
    ${WIREGUARD_CRYPTO_C}
    ${WIREGUARD_CRYPTO_ASM}
    ${WIREGUARD_PATH_C}
    ${WIREGUARD_PYTHON_C}
)

# Ports build for size: that would cost the cipher a fifth. Options of a source come after the port's.
set_source_files_properties(${WIREGUARD_PYTHON_C} PROPERTIES
    COMPILE_OPTIONS "-Wall;-Wextra")
set_source_files_properties(${WIREGUARD_CRYPTO_C} ${WIREGUARD_PATH_C} PROPERTIES
    COMPILE_OPTIONS "-O2;-Wall;-Wextra")

target_include_directories(usermod_wireguard INTERFACE ${CMAKE_CURRENT_LIST_DIR})

target_link_libraries(usermod INTERFACE usermod_wireguard)
