// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Any IP packet from a peer that knows the keys: what a hostile peer can do to lwIP behind the tunnel.
// The device listens on TCP and UDP ports, answers pings, and forwards to another peer and to its own
// network; all its answers leave sealed.

#include "lwip/inet_chksum.h"
#include "lwip/raw.h"
#include "lwip/tcp.h"
#include "lwip/priv/tcp_priv.h"

#include "tunnel.h"

static struct tcp_pcb *listener;
static struct udp_pcb *echo;
static uint64_t counter;
static bool fragments;

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

static void store_be16(uint8_t *at, size_t value) {
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void store_be32(uint8_t *at, uint32_t value) {
    store_be16(at, value >> 16);
    store_be16(at + 2, value & 0xffff);
}

static void checksum(uint8_t *at, const uint8_t *data, size_t len, uint32_t sum) {
    at[0] = at[1] = 0;
    for (size_t i = 0; i < len; i++) {
        sum += i & 1 ? data[i] : (uint32_t)data[i] << 8;
    }
    while (sum >> 16) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    store_be16(at, ~sum & 0xffff);
}

// A segment near where the connection made last is: zeros are the one that it waits for.
static void continue_connection(uint8_t *segment) {
    const struct tcp_pcb *pcb = tcp_active_pcbs;
    if (pcb != NULL) {
        store_be16(segment, pcb->remote_port);
        store_be32(segment + 4, pcb->rcv_nxt + (uint32_t)(int8_t)segment[4] * pcb->rcv_wnd / 64
            + (uint32_t)(int8_t)segment[5]);
        store_be32(segment + 8, pcb->snd_nxt - segment[8]);
        segment[12] = segment[12] & 128 ? segment[12] : 0x50;
    }
}

// Ports of somebody who listens, and a right checksum. `sum`: of the pseudo header's addresses.
static void mend_transport(uint8_t *inside, size_t len, uint8_t protocol, uint32_t sum, uint8_t flags) {
    sum += protocol + (uint32_t)len;
    if (protocol == IP_PROTO_ICMP && len >= 8) {
        checksum(inside + 2, inside, len, 0);
    } else if (protocol == IP6_NEXTH_ICMP6 && len >= 8) {
        checksum(inside + 2, inside, len, sum);
    } else if (protocol == IP_PROTO_TCP && len >= 20) {
        if (flags & 64) {
            continue_connection(inside);
        }
        store_be16(inside + 2, 80);
        checksum(inside + 16, inside, len, sum);
    } else if (protocol == IP_PROTO_UDP && len >= 8) {
        inside[2] = 0, inside[3] = flags & 64 ? 7 : inside[3];
        checksum(inside + 6, inside, len, sum);
    }
}

static uint32_t sum_of(const uint8_t *addresses, size_t len) {
    uint32_t sum = 0;
    for (size_t i = 0; i < len; i += 2) {
        sum += (uint32_t)addresses[i] << 8 | addresses[i + 1];
    }
    return sum;
}

// Make lwIP read on: addresses and checksums right, the rest as the input has it. To the device, but
// with 32 to anybody whom its last bytes name: 10.2.x.y is the other peer, 192.0.2.x the network.
static void mend4(uint8_t *packet, size_t len, uint8_t flags) {
    packet[0] = flags & 4 ? 0x45 : 0x40 | (packet[0] & 15);
    size_t header = 4u * (packet[0] & 15);
    store_be16(packet + 2, len);
    if (!(flags & 8)) {
        packet[6] = packet[7] = 0;  // whole
    }
    static const uint8_t protocols[] = { IP_PROTO_ICMP, IP_PROTO_TCP, IP_PROTO_UDP, IP_PROTO_IGMP };
    packet[9] = flags & 16 ? packet[9] : protocols[packet[9] & 3];
    memcpy(packet + 12, (uint8_t[]) { 10, 1, 0, 1 }, 4);
    if (!(flags & 32)) {
        memcpy(packet + 16, (uint8_t[]) { 10, 9, 0, 1 }, 4);
    } else if (packet[16] & 1) {
        memcpy(packet + 16, (uint8_t[]) { 10, 2 }, 2);
    } else if (packet[16] & 2) {
        memcpy(packet + 16, (uint8_t[]) { 192, 0, 2 }, 3);
    }
    if (header < 20 || header > len) {
        return;
    }
    checksum(packet + 10, packet, header, 0);
    mend_transport(packet + header, len - header, packet[9], sum_of(packet + 12, 8), flags);
}

static void mend6(uint8_t *packet, size_t len, uint8_t flags) {
    packet[0] = 0x60 | (packet[0] & 15);
    store_be16(packet + 4, len - 40);
    static const uint8_t protocols[] = { IP6_NEXTH_ICMP6, IP6_NEXTH_TCP, IP6_NEXTH_UDP, IP6_NEXTH_FRAGMENT,
        IP6_NEXTH_HOPBYHOP, IP6_NEXTH_DESTOPTS, IP6_NEXTH_ROUTING, IP6_NEXTH_NONE };
    packet[6] = flags & 16 ? packet[6] : protocols[packet[6] & 7];
    memcpy(packet + 8, (uint8_t[16]) { 0xfd, 1, [15] = 1 }, 16);
    if (!(flags & 32)) {
        memcpy(packet + 24, (uint8_t[16]) { 0xfd, 9, [15] = 1 }, 16);
    } else if (packet[24] & 1) {
        memcpy(packet + 24, (uint8_t[]) { 0xfd, 2 }, 2);
    }
    mend_transport(packet + 40, len - 40, packet[6], sum_of(packet + 8, 32), flags);
}

static void deliver(const uint8_t *inside, size_t len) {
    uint8_t message[1600];
    fragments |= len >= 20 && (inside[0] >> 4 == 6 ? memchr(inside, IP6_NEXTH_FRAGMENT, len) != NULL
        : ((inside[6] & 0x3f) | inside[7]) != 0);
    size_t sealed = seal_message(message, 0, inside, len, counter++);
    uint32_t packets = dev->peers[0]->rx_packets;
    struct pbuf *p = chain_cut(message, sealed, cut_by_input);
    receive(p, 10, 9);
    CHECK(dev->peers[0]->rx_packets == packets + 1);
}

static void packet(void) {
    uint8_t inside[1500], flags = byte();
    size_t len = flags & 128 ? word() % sizeof(inside) : byte(), given = byte();
    for (size_t i = 0; i < len; i++) {
        inside[i] = i < given ? byte() : 0;
    }
    if (!(flags & 1) && len >= 20 && !(flags & 2)) {
        mend4(inside, len, flags);
    } else if (!(flags & 1) && len >= 40) {
        mend6(inside, len, flags);
    }
    deliver(inside, len);
}

// A whole packet around what is 40 bytes behind `room`.
static void wrap(bool v6, uint8_t protocol, uint8_t *room, size_t len, uint8_t flags) {
    uint8_t *inside = v6 ? room : room + 20;
    memset(room, 0, 40);
    inside[v6 ? 7 : 8] = 64;
    inside[v6 ? 6 : 9] = protocol;
    v6 ? mend6(inside, len + 40, flags | 16) : mend4(inside, len + 20, flags | 16 | 4);
    deliver(inside, len + (v6 ? 40 : 20));
}

static void segment(uint8_t port, uint8_t tcp_flags, bool follows) {
    uint8_t room[1500] = { 0 }, *tcp = room + 40, kind = byte();
    size_t len = 20 + (kind & 128 ? word() % 1400 : kind & 15);
    store_be16(tcp, 1000 + port);
    tcp[4] = kind & 64 ? byte() : 0;
    tcp[5] = kind & 32 ? byte() : 0;
    tcp[8] = kind & 16 ? byte() : 0;
    tcp[12] = 0x50;
    tcp[13] = tcp_flags;
    store_be16(tcp + 14, 5760);
    bool v6 = follows && tcp_active_pcbs != NULL ? IP_IS_V6(&tcp_active_pcbs->remote_ip) : port & 1;
    wrap(v6, IP_PROTO_TCP, room, len, follows ? 64 : 0);
}

static void connect(void) {
    segment(byte() & 7, TCP_SYN, false);
    segment(0, TCP_ACK, true);
}

// Of few datagrams, at offsets that meet.
static void fragment(void) {
    uint8_t room[700] = { 0 }, *data = room + 40, kind = byte(), offset = byte() % 80;
    size_t len = kind & 8 ? byte() * 2u : byte() & 0xf8;
    bool v6 = kind & 1, more_follow = kind & 2;
    for (size_t i = 0; i < len && i < 24; i++) {
        data[(v6 ? 8 : 0) + i] = kind & 16 ? byte() : 0;
    }
    if (v6) {
        static const uint8_t protocols[] = { IP6_NEXTH_ICMP6, IP6_NEXTH_UDP, IP6_NEXTH_DESTOPTS, 59 };
        data[0] = protocols[kind >> 6];
        store_be16(data + 2, offset * 8u | more_follow);
        data[7] = kind >> 2 & 1;
        wrap(true, IP6_NEXTH_FRAGMENT, room, len + 8, 0);
        return;
    }
    uint8_t *inside = room + 20;
    inside[0] = 0x45;
    store_be16(inside + 2, len + 20);
    inside[5] = kind >> 2 & 1;
    store_be16(inside + 6, (more_follow ? 0x2000u : 0) | offset);
    inside[8] = 64;
    inside[9] = kind & 64 ? IP_PROTO_UDP : IP_PROTO_ICMP;
    memcpy(inside + 12, (uint8_t[]) { 10, 1, 0, 1, 10, 9, 0, 1 }, 8);
    checksum(inside + 10, inside, 20, 0);
    deliver(inside, len + 20);
}

static void new_session(void) {
    install_keypair(0, true);
    install_keypair(1, true);
    counter = 0;
}

static void fuzz(void) {
    open_tunnel();
    listen();
    new_session();
    fragments = false;
    while (more()) {
        uint8_t action = byte();
        switch (action % 8) {
            case 0:
                clock_ms += (uint32_t)(action + 1) * 100;
                sys_check_timeouts();
                new_session();
                break;
            case 1:
                connect();
                break;
            case 2:
                segment(action >> 3 & 7, byte() & 0x3f, true);
                break;
            case 3:
                segment(0, TCP_ACK, true);
                break;
            case 4:
                fragment();
                break;
            default:
                packet();
                break;
        }
    }
    end_connections();
    close_tunnel();
    // What lwIP keeps of its own accord is let go, so that LeakSanitizer sees the rest.
    for (int i = 0; fragments && i < 70; i++) {
        clock_ms += 1000;
        sys_check_timeouts();
    }
}
