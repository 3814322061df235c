// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <stdbool.h>
#include <string.h>

#include "dns_redirect.h"

#define ETHERNET_LEN 14
#define PROTOCOL_UDP 17
#define DNS_PORT 53

static uint16_t get16(const uint8_t *p) {
    return (uint16_t)(p[0] << 8 | p[1]);
}

static void put16(uint8_t *p, uint16_t value) {
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

// The UDP header of an unfragmented IPv4 datagram in an Ethernet frame, or NULL.
static uint8_t *udp_header(uint8_t *ip, size_t len) {
    if (len < 28 || ip[0] >> 4 != 4 || ip[9] != PROTOCOL_UDP || (get16(ip + 6) & 0x3fff) != 0) {
        return NULL;
    }
    size_t header_len = (size_t)(ip[0] & 15) * 4;
    return len < header_len + 8 ? NULL : ip + header_len;
}

static void ip_checksum(uint8_t *ip) {
    uint32_t sum = 0;
    put16(ip + 10, 0);
    for (int i = 0; i < (ip[0] & 15) * 4; i += 2) {
        sum += get16(ip + i);
    }
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    put16(ip + 10, (uint16_t)~sum);
}

// Replaces address and port, at these offsets in the IP and UDP header, if they are the ones given.
static void rewrite(uint8_t *frame, size_t len, size_t address_at, size_t port_at,
    const uint8_t *from, uint16_t from_port, const uint8_t *to, uint16_t to_port) {
    if (len < ETHERNET_LEN || get16(frame + 12) != 0x0800) {
        return;
    }
    uint8_t *ip = frame + ETHERNET_LEN;
    uint8_t *udp = udp_header(ip, len - ETHERNET_LEN);
    if (udp == NULL || memcmp(ip + address_at, from, 4) != 0 || get16(udp + port_at) != from_port) {
        return;
    }
    memcpy(ip + address_at, to, 4);
    put16(udp + port_at, to_port);
    put16(udp + 6, 0); // no UDP checksum, which IPv4 allows
    ip_checksum(ip);
}

void dns_redirect_query(uint8_t *frame, size_t len, uint8_t network, uint16_t port) {
    const uint8_t host[4] = {10, 0, network, 2}, dns[4] = {10, 0, network, 3};
    if (port != 0) {
        rewrite(frame, len, 16, 2, dns, DNS_PORT, host, port);
    }
}

void dns_redirect_answer(uint8_t *frame, size_t len, uint8_t network, uint16_t port) {
    const uint8_t host[4] = {10, 0, network, 2}, dns[4] = {10, 0, network, 3};
    if (port != 0) {
        rewrite(frame, len, 12, 0, host, port, dns, DNS_PORT);
    }
}
