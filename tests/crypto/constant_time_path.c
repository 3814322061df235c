// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// As constant_time.c, for what handles keys in the data plane: keypairs, the packet path over lwIP,
// sessions put aside, mac1, mac2 and cookies. Prints a line a step: its name and the errors in it.
//
// What a cipher hands out is public, to memcheck it is as undefined as its key. So the functions below
// stand between the data plane and its ciphers (-Wl,--wrap): they declare defined what is sent, what
// was found authentic, and that verdict. Nothing else is.
#include <valgrind/memcheck.h>

#include "blake2s.h"
#include "memory.h"
#include "retain.h"
#include "tunnel.h"

static struct pbuf *incoming;
static bool is_sending, is_leaky;
static unsigned before;

static void public(void *p, size_t n) {
    (void)VALGRIND_MAKE_MEM_DEFINED(p, n);
}

static void secret(void *p, size_t n) {
    (void)VALGRIND_MAKE_MEM_UNDEFINED(p, n);
}

static void incoming_is_public(void) {
    for (struct pbuf *p = incoming; p != NULL; p = p->next) {
        public(p->payload, p->len);
    }
}

bool __real_wg_equal(const void *a, const void *b, size_t n);
bool __wrap_wg_equal(const void *a, const void *b, size_t n);
bool __wrap_wg_equal(const void *a, const void *b, size_t n) {
    if (is_leaky) { // as memcmp() does it
        const volatile uint8_t *x = a, *y = b;
        while (n > 0 && *x++ == *y++) {
            n--;
        }
        return n == 0;
    }
    bool equal = __real_wg_equal(a, b, n);
    public(&equal, sizeof(equal));
    if (equal) {
        incoming_is_public();
    }
    return equal;
}

bool __real_wg_open(uint8_t *, const uint8_t *, size_t, const uint8_t *, size_t, uint64_t, const uint8_t *);
bool __wrap_wg_open(uint8_t *, const uint8_t *, size_t, const uint8_t *, size_t, uint64_t, const uint8_t *);
bool __wrap_wg_open(uint8_t *out, const uint8_t *in, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t *key) {
    bool opened = __real_wg_open(out, in, len, ad, ad_len, counter, key);
    if (opened) {
        public(out, len - WG_TAG_LEN);
    }
    return opened;
}

void __real_wg_seal(uint8_t *, const uint8_t *, size_t, const uint8_t *, size_t, uint64_t, const uint8_t *);
void __wrap_wg_seal(uint8_t *, const uint8_t *, size_t, const uint8_t *, size_t, uint64_t, const uint8_t *);
void __wrap_wg_seal(uint8_t *out, const uint8_t *in, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t *key) {
    __real_wg_seal(out, in, len, ad, ad_len, counter, key);
    public(out, len + WG_TAG_LEN);
}

void __real_wg_seal_padded(uint8_t *, const uint8_t *, size_t, size_t, uint64_t, const uint8_t *);
void __wrap_wg_seal_padded(uint8_t *, const uint8_t *, size_t, size_t, uint64_t, const uint8_t *);
void __wrap_wg_seal_padded(uint8_t *out, const uint8_t *in, size_t len, size_t padding, uint64_t counter,
    const uint8_t *key) {
    __real_wg_seal_padded(out, in, len, padding, counter, key);
    public(out, len + padding + WG_TAG_LEN);
}

void __real_wg_aead_encrypt(wg_aead_t *, uint8_t *, const uint8_t *, size_t);
void __wrap_wg_aead_encrypt(wg_aead_t *, uint8_t *, const uint8_t *, size_t);
void __wrap_wg_aead_encrypt(wg_aead_t *s, uint8_t *out, const uint8_t *in, size_t len) {
    __real_wg_aead_encrypt(s, out, in, len);
    public(out, len);
}

void __real_wg_aead_tag(wg_aead_t *, uint8_t *);
void __wrap_wg_aead_tag(wg_aead_t *, uint8_t *);
void __wrap_wg_aead_tag(wg_aead_t *s, uint8_t *tag) {
    __real_wg_aead_tag(s, tag);
    if (is_sending) { // what is received is compared with a tag that nobody else must know
        public(tag, WG_TAG_LEN);
    }
}

void __real_wg_xseal(uint8_t *, const uint8_t *, size_t, const uint8_t *, size_t, const uint8_t *,
    const uint8_t *);
void __wrap_wg_xseal(uint8_t *, const uint8_t *, size_t, const uint8_t *, size_t, const uint8_t *,
    const uint8_t *);
void __wrap_wg_xseal(uint8_t *out, const uint8_t *in, size_t len, const uint8_t *ad, size_t ad_len,
    const uint8_t *nonce, const uint8_t *key) {
    __real_wg_xseal(out, in, len, ad, ad_len, nonce, key);
    public(out, len + WG_TAG_LEN);
    public((uint8_t *)nonce, WG_XNONCE_LEN);
}

// ---- steps

static void begin(void) {
    secret(our_keys, sizeof(our_keys));
    secret(their_keys, sizeof(their_keys));
    before = VALGRIND_COUNT_ERRORS;
}

static void end(const char *name) {
    unsigned errors = VALGRIND_COUNT_ERRORS - before;
    printf("%s %u\n", name, errors);
}

static void fuzz(void) {
}

static size_t all(void) {
    return 0;
}

static size_t pieces(void) {
    return 50;
}

static unsigned delivered;

static bool take(struct pbuf *p) {
    (void)p;
    delivered++;
    return true;
}

// An IPv4 packet between the device and its peer.
static uint8_t packet[333];

static void make_packet(void) {
    static const uint8_t header[20] = {
        0x45, 0, sizeof(packet) >> 8, sizeof(packet) & 255, 0, 0, 0, 0, 64, IP_PROTO_UDP, 0, 0,
        10, 1, 0, 5, 10, 9, 0, 1,
    };
    memcpy(packet, header, sizeof(header));
}

static void send_packet(size_t (*cut)(void)) {
    unsigned left = left_the_underlay;
    struct pbuf *p = chain_cut(packet, sizeof(packet), cut);
    ip4_addr_t dest = { PP_HTONL(0x0a010005) };
    is_sending = true;
    dev->netif.output(&dev->netif, p, &dest);
    is_sending = false;
    pbuf_free(p);
    CHECK(left_the_underlay - left <= 1);
}

static void arrive(uint8_t *message, size_t len, size_t (*cut)(void)) {
    public(message, len); // it has been on the network
    incoming = chain_cut(message, len, cut);
    struct pbuf *p = incoming;
    receive(p, 10, 4000);
    incoming = NULL;
}

// What the peer sends: as it is, or with a wrong tag.
static void receive_packet(uint64_t counter, bool is_forged, size_t (*cut)(void)) {
    uint8_t message[sizeof(packet) + WG_TRANSPORT_OVERHEAD];
    size_t len = seal_message(message, 0, packet, sizeof(packet), counter);
    message[len - 1] ^= is_forged;
    unsigned expected = delivered + !is_forged;
    arrive(message, len, cut);
    CHECK(delivered == expected || is_leaky);
}

static void install(bool is_initiator, uint32_t index) {
    wg_keypair_t *k = malloc(sizeof(*k));
    wg_keypair_init(k, index, 100, our_keys[0], their_keys[0], is_initiator, clock_ms);
    wg_peer_install_keypair(dev, dev->peers[0], k);
}

static void sessions(void) {
    begin();
    send_packet(all); // waits
    CHECK(dev->peers[0]->staged_count == 1);
    install_keypair(0, true);
    clock_ms++;
    sys_check_timeouts();
    CHECK(dev->peers[0]->staged_count == 0);
    end("install_and_send_staged");
    begin();
    send_packet(all);
    end("send");
    begin();
    send_packet(pieces);
    end("send_chain");
    begin();
    wg_send_keepalive(dev, dev->peers[0]);
    end("send_keepalive");
    begin();
    receive_packet(1, false, all);
    end("receive");
    begin();
    receive_packet(2, true, all);
    CHECK(dev->drops[WG_DROP_AUTHENTICATION] == 1);
    end("receive_forged");
    begin();
    receive_packet(3, false, pieces);
    end("receive_chain");
    begin();
    receive_packet(4, true, pieces);
    CHECK(dev->drops[WG_DROP_AUTHENTICATION] == 2);
    end("receive_chain_forged");
    begin();
    wg_peer_wipe_keys(dev, dev->peers[0]);
    install(false, 200);
    CHECK(dev->peers[0]->current == NULL);
    receive_packet(1, false, all);
    CHECK(dev->peers[0]->current != NULL);
    end("confirm");
    begin();
    install(true, 201);
    install(true, 202);
    clock_ms += WG_REJECT_AFTER_TIME;
    sys_check_timeouts();
    wg_peer_wipe_keys(dev, dev->peers[0]);
    end("replace_expire_and_wipe");
}

static void put_aside(void) {
    static wg_retained_t retained;
    static const uint8_t id[WG_KEY_LEN] = { 5 };
    uint8_t endpoint[WG_RETAIN_ENDPOINT_LEN] = { 6 };
    wg_keypair_t k, *resumed = malloc(sizeof(*resumed));
    begin();
    wg_keypair_init(&k, 200, 100, our_keys[0], their_keys[0], true, clock_ms);
    wg_retain_keep(&retained, &k, id, endpoint, clock_ms, 1000);
    CHECK(wg_retain_take(&retained, resumed, id, endpoint, clock_ms, 2000));
    wg_peer_resume(dev, dev->peers[0], resumed);
    receive_packet(1, false, all);
    end("put_aside_and_resumed");
}

static void initiation(bool is_for_us, bool has_mac2) {
    uint8_t message[WG_INITIATION_LEN] = { WG_MESSAGE_INITIATION };
    size_t len = sizeof(message);
    wg_blake2s(message + len - 32, 16, dev->cookies.mac1_key, WG_KEY_LEN, message, len - 32);
    message[len - 32] ^= !is_for_us;
    if (has_mac2) {
        static const uint8_t source[WG_COOKIE_SOURCE_LEN] = { 192, 0, 2, 10, [16] = 4000 >> 8, 4000 & 255 };
        uint8_t cookie[WG_MAC_LEN];
        wg_blake2s(cookie, sizeof(cookie), dev->cookies.secret, WG_KEY_LEN, source, sizeof(source));
        wg_blake2s(message + len - 16, 16, cookie, sizeof(cookie), message, len - 16);
    }
    arrive(message, len, all);
}

static void handshakes(void) {
    uint8_t seed[WG_KEY_LEN] = { 7 };
    wg_cookies_t *c = &dev->cookies;
    begin();
    secret(c->mac1_key, sizeof(c->mac1_key));
    initiation(false, false);
    CHECK(dev->drops[WG_DROP_MAC1] == 1 && dev->message_count == 0);
    initiation(true, false);
    CHECK(dev->message_count == 1);
    end("mac1");
    begin();
    secret(seed, sizeof(seed));
    wg_cookies_seed(c, seed);
    unsigned left = left_the_underlay;
    for (int i = 0; i < 10; i++) {
        initiation(true, false);
    }
    CHECK(left_the_underlay > left); // cookies, for it is loaded now
    end("cookie");
    drain();
    begin();
    initiation(true, true);
    CHECK(dev->message_count == 1);
    clock_ms += 121000;
    initiation(true, true); // of an old cookie
    end("mac2");
}

// What must be noticed.
static void controls(void) {
    static volatile unsigned sink;
    is_leaky = true;
    begin();
    install_keypair(0, true);
    receive_packet(1, true, pieces);
    end("control_comparison");
    begin();
    initiation(true, false);
    end("control_mac1");
    is_leaky = false;
    wg_peer_wipe_keys(dev, dev->peers[0]);
    begin();
    install_keypair(0, true);
    sink = packet[dev->peers[0]->current->send_key[3]];
    end("control_index");
    begin();
    while (dev->peers[0]->current->recv_key[sink & 7] & 1) {
        dev->peers[0]->current->recv_key[sink & 7] = 0;
    }
    end("control_branch");
}

int main(void) {
    if (!RUNNING_ON_VALGRIND) {
        puts("not under valgrind");
        return 1;
    }
    make_packet();
    on_inner = take;
    open_tunnel();
    sessions();
    put_aside();
    handshakes();
    controls();
    begin();
    close_tunnel();
    end("close");
    return 0;
}
