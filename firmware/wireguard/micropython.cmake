add_library(usermod_wireguard INTERFACE)

# What every packet goes through.
set(WIREGUARD_FAST_C
    ${CMAKE_CURRENT_LIST_DIR}/allowedips.c
    ${CMAKE_CURRENT_LIST_DIR}/crypto/blake2s.c
    ${CMAKE_CURRENT_LIST_DIR}/crypto/chacha20poly1305.c
    ${CMAKE_CURRENT_LIST_DIR}/crypto/memory.c
    ${CMAKE_CURRENT_LIST_DIR}/events.c
    ${CMAKE_CURRENT_LIST_DIR}/filter.c
    ${CMAKE_CURRENT_LIST_DIR}/forward.c
    ${CMAKE_CURRENT_LIST_DIR}/keypair.c
    ${CMAKE_CURRENT_LIST_DIR}/receive.c
    ${CMAKE_CURRENT_LIST_DIR}/replay.c
    ${CMAKE_CURRENT_LIST_DIR}/route.c
    ${CMAKE_CURRENT_LIST_DIR}/send.c
    ${CMAKE_CURRENT_LIST_DIR}/timers.c
    ${CMAKE_CURRENT_LIST_DIR}/window.c
)

# What it needs now and then, and Python's side of it.
set(WIREGUARD_SMALL_C
    ${CMAKE_CURRENT_LIST_DIR}/capture.c
    ${CMAKE_CURRENT_LIST_DIR}/cookie.c
    ${CMAKE_CURRENT_LIST_DIR}/crypto/x25519.c
    ${CMAKE_CURRENT_LIST_DIR}/device.c
    ${CMAKE_CURRENT_LIST_DIR}/dns.c
    ${CMAKE_CURRENT_LIST_DIR}/handshake.c
    ${CMAKE_CURRENT_LIST_DIR}/modwireguard.c
    ${CMAKE_CURRENT_LIST_DIR}/netif.c
    ${CMAKE_CURRENT_LIST_DIR}/py_addresses.c
    ${CMAKE_CURRENT_LIST_DIR}/py_capture.c
    ${CMAKE_CURRENT_LIST_DIR}/py_dns.c
    ${CMAKE_CURRENT_LIST_DIR}/py_events.c
    ${CMAKE_CURRENT_LIST_DIR}/py_handshake.c
    ${CMAKE_CURRENT_LIST_DIR}/py_hop.c
    ${CMAKE_CURRENT_LIST_DIR}/py_netif.c
    ${CMAKE_CURRENT_LIST_DIR}/py_peer.c
    ${CMAKE_CURRENT_LIST_DIR}/py_question.c
    ${CMAKE_CURRENT_LIST_DIR}/py_retain.c
    ${CMAKE_CURRENT_LIST_DIR}/py_status.c
    ${CMAKE_CURRENT_LIST_DIR}/question.c
    ${CMAKE_CURRENT_LIST_DIR}/ratelimit.c
    ${CMAKE_CURRENT_LIST_DIR}/retain.c
)

# Assembly beside the portable C, which assembles to nothing on other instruction sets.
file(GLOB WIREGUARD_ASM CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/crypto/*.S)

target_sources(usermod_wireguard INTERFACE
    ${WIREGUARD_FAST_C}
    ${WIREGUARD_SMALL_C}
    ${WIREGUARD_ASM}
)

# RISC-V has functions that save and restore registers for others.
set(WIREGUARD_SMALL "-Os")
if(CMAKE_C_COMPILER MATCHES "riscv")
    list(APPEND WIREGUARD_SMALL "-msave-restore")
endif()

# Whatever the port builds for, speed or size. Options of a source come after the port's, and count in
# the directory that compiles it: ESP-IDF compiles these for its component main and again for the
# executable, in the directory above, and links the latter.
set(WIREGUARD_DIRECTORIES ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_SOURCE_DIR})
set_source_files_properties(${WIREGUARD_FAST_C} DIRECTORY ${WIREGUARD_DIRECTORIES} PROPERTIES
    COMPILE_OPTIONS "-O2;-Wall;-Wextra")
set_source_files_properties(${WIREGUARD_SMALL_C} DIRECTORY ${WIREGUARD_DIRECTORIES} PROPERTIES
    COMPILE_OPTIONS "${WIREGUARD_SMALL};-Wall;-Wextra")

target_include_directories(usermod_wireguard INTERFACE ${CMAKE_CURRENT_LIST_DIR})

target_link_libraries(usermod INTERFACE usermod_wireguard)
