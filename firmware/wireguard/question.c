// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Questions for the address of an endpoint, to the name servers of the network and beside the tunnel:
// the way into the tunnel cannot be asked for inside. They have a socket of their own, so that
// whatever else the device asks goes where wg.json says, at any time.
//
// What is asked and what an answer means is Python's affair. Here a question goes to one server, and
// an answer must come from one: from its port, and beside the tunnel. The port is drawn by lot for
// each look-up; a forged answer could no more than delay a handshake.

#include <stdlib.h>
#include <string.h>

#include "lwip/dns.h"
#include "lwip/ip.h"
#include "lwip/udp.h"

#include "device.h"
#include "dns.h"

#define DNS_PORT 53
#define PORT_FIRST 49152
#define PORT_COUNT 16384
#define PORT_TRIES 8

static bool is_of_network(const ip_addr_t *addr) {
    for (uint8_t i = 0; i < DNS_MAX_SERVERS; i++) {
        ip_addr_t server = wg_dns_of_network(i);
        if (!ip_addr_isany(&server) && ip_addr_eq(addr, &server)) {
            return true;
        }
    }
    return false;
}

static void receive(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr, u16_t port) {
    (void)pcb;
    wg_device_t *dev = arg;
    wg_question_t *question = dev->question;
    if (port == DNS_PORT && is_of_network(addr) && !wg_netif_is_tunnel(ip_current_input_netif())
        && p->tot_len <= WG_ANSWER_LEN_MAX && question->count < WG_ANSWERS_MAX) {
        wg_answer_t *answer = &question->answers[question->count++];
        answer->len = pbuf_copy_partial(p, answer->data, p->tot_len, 0);
        wg_answer_event(dev);
    }
    pbuf_free(p);
}

static err_t bind_anywhere(struct udp_pcb *pcb) {
    err_t err = ERR_USE;
    for (int i = 0; i < PORT_TRIES && err == ERR_USE; i++) {
        err = udp_bind(pcb, IP_ANY_TYPE, (u16_t)(PORT_FIRST + LWIP_RAND() % PORT_COUNT));
    }
    return err;
}

static err_t begin(wg_device_t *dev) {
    if (dev->question != NULL) {
        return ERR_OK;
    }
    wg_question_t *question = calloc(1, sizeof(*question));
    struct udp_pcb *pcb = udp_new_ip_type(IPADDR_TYPE_ANY);
    if (question == NULL || pcb == NULL || bind_anywhere(pcb) != ERR_OK) {
        free(question);
        if (pcb != NULL) {
            udp_remove(pcb);
        }
        return ERR_MEM;
    }
    udp_recv(pcb, receive, dev);
    question->pcb = pcb;
    dev->question = question;
    return ERR_OK;
}

err_t wg_question_send(wg_device_t *dev, uint8_t server_number, struct pbuf *p) {
    err_t err = ERR_RTE;
    ip_addr_t server = wg_dns_of_network(server_number);
    if (wg_netif_is_open(dev) && !ip_addr_isany(&server)) {
        struct netif *underlay = wg_underlay_for(&server);
        if (underlay != NULL && begin(dev) == ERR_OK) {
            err = udp_sendto_if(dev->question->pcb, p, &server, DNS_PORT, underlay);
        }
    }
    pbuf_free(p);
    return err;
}

uint16_t wg_question_take_answer(wg_device_t *dev, uint8_t *data) {
    wg_question_t *question = dev->question;
    if (question == NULL || question->count == 0) {
        return 0;
    }
    uint16_t len = question->answers[0].len;
    memcpy(data, question->answers[0].data, len);
    question->count--;
    memmove(&question->answers[0], &question->answers[1],
        question->count * sizeof(question->answers[0]));
    return len;
}

void wg_question_end(wg_device_t *dev) {
    if (dev->question != NULL) {
        udp_remove(dev->question->pcb);
        free(dev->question);
        dev->question = NULL;
    }
}
