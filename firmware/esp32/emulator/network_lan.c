// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// network.LAN of the emulator: the OpenCores Ethernet MAC that Espressif's QEMU puts where the chip has
// its own, or where it has none. The linker gives this object to the network module in place of the
// port's (micropython.cmake), so that boot.py and wg.json are those of a board on Ethernet.

#include "py/runtime.h"

#include "esp_eth.h"
#include "esp_event.h"
#include "esp_mac.h"
#include "esp_netif.h"

#include "extmod/modnetwork.h"
#include "modnetwork.h"

#define PHY_ADDRESS (1)

static const mp_obj_type_t emulator_lan_type;

// One interface, which outlives a soft reset, as the port's interfaces do.
typedef struct {
    base_if_obj_t base;
    esp_eth_handle_t eth;
    volatile uint8_t status;
} emulator_lan_obj_t;

static emulator_lan_obj_t lan = {.base = {.base = {&emulator_lan_type}, .if_id = ESP_IF_ETH}};

// On ESP-IDF's event task.
static void eth_event(void *arg, esp_event_base_t base, int32_t id, void *data) {
    (void)arg, (void)base, (void)data;
    switch (id) {
        case ETHERNET_EVENT_START:
            lan.status = ETH_STARTED;
            break;
        case ETHERNET_EVENT_STOP:
            lan.status = ETH_STOPPED;
            break;
        case ETHERNET_EVENT_CONNECTED:
            lan.status = ETH_CONNECTED;
            break;
        case ETHERNET_EVENT_DISCONNECTED:
            lan.status = ETH_DISCONNECTED;
            break;
        default:
            break;
    }
}

static void ip_event(void *arg, esp_event_base_t base, int32_t id, void *data) {
    (void)arg, (void)base, (void)id, (void)data;
    lan.status = ETH_GOT_IP;
}

static void lan_install(void) {
    eth_mac_config_t mac_config = ETH_MAC_DEFAULT_CONFIG();
    eth_phy_config_t phy_config = ETH_PHY_DEFAULT_CONFIG();
    phy_config.phy_addr = PHY_ADDRESS;
    phy_config.reset_gpio_num = -1;
    phy_config.autonego_timeout_ms = 100;
    esp_eth_mac_t *mac = esp_eth_mac_new_openeth(&mac_config);
    esp_eth_phy_t *phy = esp_eth_phy_new_dp83848(&phy_config);
    if (mac == NULL || phy == NULL) {
        mp_raise_msg(&mp_type_OSError, MP_ERROR_TEXT("no emulated Ethernet here"));
    }
    esp_eth_config_t eth_config = ETH_DEFAULT_CONFIG(mac, phy);
    esp_exceptions(esp_netif_init());
    esp_exceptions(esp_eth_driver_install(&eth_config, &lan.eth));

    uint8_t address[6];
    esp_exceptions(esp_read_mac(address, ESP_MAC_ETH));
    esp_exceptions(esp_eth_ioctl(lan.eth, ETH_CMD_S_MAC_ADDR, address));

    esp_netif_config_t netif_config = ESP_NETIF_DEFAULT_ETH();
    lan.base.netif = esp_netif_new(&netif_config);
    esp_exceptions(esp_event_handler_register(ETH_EVENT, ESP_EVENT_ANY_ID, eth_event, NULL));
    esp_exceptions(esp_event_handler_register(IP_EVENT, IP_EVENT_ETH_GOT_IP, ip_event, NULL));
    esp_exceptions(esp_netif_attach(lan.base.netif, esp_eth_new_netif_glue(lan.eth)));
    lan.status = ETH_INITIALIZED;
}

// network.LAN(...): pins and PHY are those of some board, and say nothing here.
static mp_obj_t get_lan(size_t n_args, const mp_obj_t *args, mp_map_t *kwargs) {
    (void)n_args, (void)args, (void)kwargs;
    if (lan.eth == NULL) {
        lan_install();
    }
    return MP_OBJ_FROM_PTR(&lan);
}
MP_DEFINE_CONST_FUN_OBJ_KW(__wrap_esp_network_get_lan_obj, 0, get_lan);

static mp_obj_t lan_active(size_t n_args, const mp_obj_t *args) {
    if (n_args == 1) {
        return mp_obj_new_bool(lan.base.active);
    }
    bool active = mp_obj_is_true(args[1]);
    if (active && !lan.base.active) {
        esp_netif_set_hostname(lan.base.netif, mod_network_hostname_data);
        esp_exceptions(esp_eth_start(lan.eth));
    } else if (!active && lan.base.active) {
        esp_exceptions(esp_eth_stop(lan.eth));
    }
    lan.base.active = active;
    return mp_obj_new_bool(active);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(lan_active_obj, 1, 2, lan_active);

static mp_obj_t lan_status(mp_obj_t self) {
    (void)self;
    return MP_OBJ_NEW_SMALL_INT(lan.status);
}
static MP_DEFINE_CONST_FUN_OBJ_1(lan_status_obj, lan_status);

static mp_obj_t lan_isconnected(mp_obj_t self) {
    (void)self;
    return mp_obj_new_bool(lan.base.active && lan.status == ETH_GOT_IP);
}
static MP_DEFINE_CONST_FUN_OBJ_1(lan_isconnected_obj, lan_isconnected);

static mp_obj_t lan_config(mp_obj_t self, mp_obj_t name) {
    (void)self;
    switch (mp_obj_str_get_qstr(name)) {
        case MP_QSTR_mac: {
            uint8_t address[6];
            esp_exceptions(esp_eth_ioctl(lan.eth, ETH_CMD_G_MAC_ADDR, address));
            return mp_obj_new_bytes(address, sizeof(address));
        }
        case MP_QSTR_ifname:
            return esp_ifname(lan.base.netif);
        default:
            mp_raise_ValueError(MP_ERROR_TEXT("unknown config param"));
    }
}
static MP_DEFINE_CONST_FUN_OBJ_2(lan_config_obj, lan_config);

static const mp_rom_map_elem_t lan_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_active), MP_ROM_PTR(&lan_active_obj) },
    { MP_ROM_QSTR(MP_QSTR_status), MP_ROM_PTR(&lan_status_obj) },
    { MP_ROM_QSTR(MP_QSTR_isconnected), MP_ROM_PTR(&lan_isconnected_obj) },
    { MP_ROM_QSTR(MP_QSTR_config), MP_ROM_PTR(&lan_config_obj) },
    { MP_ROM_QSTR(MP_QSTR_ifconfig), MP_ROM_PTR(&esp_network_ifconfig_obj) },
    { MP_ROM_QSTR(MP_QSTR_ipconfig), MP_ROM_PTR(&esp_nic_ipconfig_obj) },
};
static MP_DEFINE_CONST_DICT(lan_locals, lan_locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    emulator_lan_type,
    MP_QSTR_LAN,
    MP_TYPE_FLAG_NONE,
    locals_dict, &lan_locals
    );
