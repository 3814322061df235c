// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// lwIP 2.2.1 cuts a TCP segment to its window when the segment comes in order. One that is out of order
// it keeps as it is, and when its turn comes it ends in an assertion ("ooseq tcplen > rcv_wnd") or,
// without assertions, in a window of nearly 64 KiB. A hostile sender needs one such segment; an honest
// one gets there by a FIN behind a full window. So lwIP does not get it: what is not acknowledged comes
// again.

#include <stdbool.h>
#include <stdint.h>

#include "lwip/pbuf.h"
#include "lwip/prot/tcp.h"
#include "lwip/tcp.h"

#include "lwip_hooks.h"

err_t wg_tcp_input_hook(const struct tcp_pcb *pcb, const struct tcp_hdr *segment, const struct pbuf *data) {
    if (pcb->state < SYN_RCVD) {
        return ERR_OK;
    }
    // The numbers are in the host's order by now.
    uint32_t ahead = segment->seqno - pcb->rcv_nxt;
    uint32_t len = data->tot_len + ((TCPH_FLAGS(segment) & (TCP_SYN | TCP_FIN)) != 0);
    bool out_of_order = (int32_t)ahead > 0;
    return out_of_order && len > 0 && ahead + len > pcb->rcv_wnd ? ERR_ABRT : ERR_OK;
}
