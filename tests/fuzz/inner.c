// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Any IP packet from a peer that knows the keys: what a hostile peer can do to lwIP behind the tunnel.
// The device listens on TCP and UDP ports and answers pings; all its answers leave sealed.

#include "lwip/inet_chksum.h"
#include "lwip/raw.h"
#include "lwip/tcp.h"
#include "lwip/priv/tcp_priv.h"

#include "tunnel.h"

static struct tcp_pcb *listener;
static struct udp_pcb *echo;
static uint64_t counter;

static void udp_echo(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr, u16_t port) {
    (void)arg;
    udp_sendto(pcb, p, addr, port);
    pbuf_free(p);
}

static err_t tcp_echo(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err) {
    (void)arg, (void)err;
    if (p == NULL) {
        return tcp_close(pcb);
    }
    tcp_write(pcb, p->payload, p->len, TCP_WRITE_FLAG_COPY);
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
    return ERR_OK;
}

static err_t accepted(void *arg, struct tcp_pcb *pcb, err_t err) {
    (void)arg, (void)err;
    if (pcb != NULL) {
        tcp_recv(pcb, tcp_echo);
    }
    return ERR_OK;
}

static void listen(void) {
    struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
    CHECK(pcb != NULL && tcp_bind(pcb, IP_ANY_TYPE, 80) == ERR_OK);
    listener = tcp_listen(pcb);
    tcp_accept(listener, accepted);
    echo = udp_new_ip_type(IPADDR_TYPE_ANY);
    CHECK(udp_bind(echo, IP_ANY_TYPE, 7) == ERR_OK);
    udp_recv(echo, udp_echo, NULL);
}

static void end_connections(void) {
    while (tcp_active_pcbs != NULL) {
        tcp_abort(tcp_active_pcbs);
    }
    while (tcp_tw_pcbs != NULL) {
        tcp_abort(tcp_tw_pcbs);
    }
    tcp_close(listener);
    udp_remove(echo);
}

static void checksum(uint8_t *at, const uint8_t *data, size_t len, uint32_t sum) {
    at[0] = at[1] = 0;
    for (size_t i = 0; i < len; i++) {
        sum += i & 1 ? data[i] : (uint32_t)data[i] << 8;
    }
    while (sum >> 16) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    at[0] = (uint8_t)(~sum >> 8);
    at[1] = (uint8_t)~sum;
}

// Make lwIP read on: addresses and checksums right, the rest as the input has it.
static void mend4(uint8_t *packet, size_t len, uint8_t flags) {
    packet[0] = flags & 4 ? 0x45 : 0x40 | (packet[0] & 15);
    size_t header = 4u * (packet[0] & 15);
    packet[2] = (uint8_t)(len >> 8);
    packet[3] = (uint8_t)len;
    if (!(flags & 8)) {
        packet[6] = packet[7] = 0;  // whole
    }
    static const uint8_t protocols[] = { 1, 6, 17, 2 };
    packet[9] = flags & 16 ? packet[9] : protocols[packet[9] & 3];
    memcpy(packet + 12, (uint8_t[]) { 10, 1, 0, 1, 10, 9, 0, 1 }, flags & 32 ? 6 : 8);
    if (header < 20 || header > len) {
        return;
    }
    checksum(packet + 10, packet, header, 0);
    uint8_t *inside = packet + header;
    size_t inside_len = len - header;
    uint32_t pseudo = packet[9] + (uint32_t)inside_len;
    for (unsigned i = 12; i < 20; i += 2) {
        pseudo += (uint32_t)packet[i] << 8 | packet[i + 1];
    }
    if (packet[9] == 1 && inside_len >= 8) {
        checksum(inside + 2, inside, inside_len, 0);
    } else if (packet[9] == 6 && inside_len >= 20) {
        inside[2] = 0, inside[3] = 80;
        checksum(inside + 16, inside, inside_len, pseudo);
    } else if (packet[9] == 17 && inside_len >= 8) {
        inside[2] = 0, inside[3] = flags & 64 ? 7 : inside[3];
        checksum(inside + 6, inside, inside_len, pseudo);
    }
}

static void mend6(uint8_t *packet, size_t len, uint8_t flags) {
    packet[0] = 0x60 | (packet[0] & 15);
    size_t inside_len = len - 40;
    packet[4] = (uint8_t)(inside_len >> 8);
    packet[5] = (uint8_t)inside_len;
    static const uint8_t protocols[] = { 58, 6, 17, 44, 0, 60, 43, 58 };
    packet[6] = flags & 16 ? packet[6] : protocols[packet[6] & 7];
    memcpy(packet + 8, (uint8_t[16]) { 0xfd, 1, [15] = 1 }, 16);
    if (!(flags & 32)) {
        memcpy(packet + 24, (uint8_t[16]) { 0xfd, 9, [15] = 1 }, 16);
    }
    uint8_t *inside = packet + 40;
    uint32_t pseudo = packet[6] + (uint32_t)inside_len;
    for (unsigned i = 8; i < 40; i += 2) {
        pseudo += (uint32_t)packet[i] << 8 | packet[i + 1];
    }
    if (packet[6] == 58 && inside_len >= 8) {
        checksum(inside + 2, inside, inside_len, pseudo);
    } else if (packet[6] == 6 && inside_len >= 20) {
        inside[2] = 0, inside[3] = 80;
        checksum(inside + 16, inside, inside_len, pseudo);
    } else if (packet[6] == 17 && inside_len >= 8) {
        inside[2] = 0, inside[3] = flags & 64 ? 7 : inside[3];
        checksum(inside + 6, inside, inside_len, pseudo);
    }
}

static void packet(void) {
    uint8_t inside[1500], message[1600], flags = byte();
    size_t len = flags & 128 ? word() % sizeof(inside) : byte();
    for (size_t i = 0; i < len; i++) {
        inside[i] = i < 120 ? byte() : (uint8_t)i;
    }
    if (!(flags & 1) && len >= 20 && !(flags & 2)) {
        mend4(inside, len, flags);
    } else if (!(flags & 1) && len >= 40) {
        mend6(inside, len, flags);
    }
    size_t sealed = seal_message(message, inside, len, counter++);
    uint32_t packets = dev->peers[0]->rx_packets;
    struct pbuf *p = chain_cut(message, sealed, cut_by_input);
    receive(p, 10, 9);
    CHECK(dev->peers[0]->rx_packets == packets + 1);
}

static void fuzz(void) {
    open_tunnel();
    listen();
    install_keypair();
    counter = 0;
    while (more()) {
        uint8_t action = byte();
        if (action < 32) {
            clock_ms += (uint32_t)(action + 1) * 100;
            sys_check_timeouts();
            wg_peer_wipe_keys(dev, dev->peers[0]);
            install_keypair();
            counter = 0;
        } else {
            packet();
        }
    }
    end_connections();
    close_tunnel();
    // What lwIP keeps of its own accord is let go, so that LeakSanitizer sees the rest.
    for (int i = 0; i < 70; i++) {
        clock_ms += 1000;
        sys_check_timeouts();
    }
}
