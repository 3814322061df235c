add_library(usermod_wireguard INTERFACE)

file(GLOB WIREGUARD_CRYPTO CONFIGURE_DEPENDS
    ${CMAKE_CURRENT_LIST_DIR}/crypto/*.c
    ${CMAKE_CURRENT_LIST_DIR}/crypto/*.S
)

target_sources(usermod_wireguard INTERFACE
    ${WIREGUARD_CRYPTO}
    ${CMAKE_CURRENT_LIST_DIR}/allowedips.c
    ${CMAKE_CURRENT_LIST_DIR}/device.c
    ${CMAKE_CURRENT_LIST_DIR}/events.c
    ${CMAKE_CURRENT_LIST_DIR}/handshake.c
    ${CMAKE_CURRENT_LIST_DIR}/keypair.c
    ${CMAKE_CURRENT_LIST_DIR}/netif.c
    ${CMAKE_CURRENT_LIST_DIR}/receive.c
    ${CMAKE_CURRENT_LIST_DIR}/replay.c
    ${CMAKE_CURRENT_LIST_DIR}/send.c
    ${CMAKE_CURRENT_LIST_DIR}/timers.c
    ${CMAKE_CURRENT_LIST_DIR}/modwireguard.c
    ${CMAKE_CURRENT_LIST_DIR}/py_addresses.c
    ${CMAKE_CURRENT_LIST_DIR}/py_allowedips.c
    ${CMAKE_CURRENT_LIST_DIR}/py_keypair.c
    ${CMAKE_CURRENT_LIST_DIR}/py_events.c
    ${CMAKE_CURRENT_LIST_DIR}/py_netif.c
)

target_include_directories(usermod_wireguard INTERFACE ${CMAKE_CURRENT_LIST_DIR})

target_link_libraries(usermod INTERFACE usermod_wireguard)
