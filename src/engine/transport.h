/*
 * HTTP over the engine's unix socket: libcurl does the HTTP, this room keeps one
 * connection and gives it bounds.
 *
 * A request either has an answer that is due at once (`timeout_ms`), or works for
 * long (0: builds, pulls). A long one that has been silent for a while is not cut off,
 * but the engine is asked on a second connection whether it is still alive; one that
 * does not answer that either is an error, never a hang. Every wait ends at once when
 * an interrupt comes (base/interrupt.h): ERROR_INTERRUPTED.
 *
 * Restricted to HTTP, no proxies, no redirects.
 */
#ifndef DS01_ENGINE_TRANSPORT_H
#define DS01_ENGINE_TRANSPORT_H

#include "engine/transport_message.h"

struct transport;

/*
 * Told of each request after its answer, or after its failure (`status` 0): for --verbose.
 * `path` is as it was sent, `seconds` to the end of the answer.
 */
typedef void (*transport_trace)(
    void *context, const char *method, const char *path, long status, double seconds);

/* Opens nothing yet. `socket_path` is the path of a unix socket. */
int transport_new(const char *socket_path, struct transport **ret, struct error *err);
void transport_set_trace(struct transport *transport, transport_trace trace, void *context);

/*
 * Called while a request without a timeout is under way, at least every 0.1 s, also while the
 * engine is silent: for clocks that somebody watches.
 */
typedef void (*transport_pulse)(void *context);
void transport_set_pulse(struct transport *transport, transport_pulse pulse, void *context);

/*
 * How long a request without a timeout may be silent before the engine is asked whether
 * it is alive, and how long that may take: 30 s and 10 s unless set, for tests.
 */
void transport_set_patience(struct transport *transport, long quiet_ms, long ping_ms);

/*
 * Haste, while something is undone: an engine that is silent for 2 s is asked whether it is
 * alive, within 5 s, also by requests with a timeout; and once it does not say so, or an answer
 * breaks off, transport_is_lost(), each further request fails at once. Calls nest. When haste is
 * over, requests are sent as always, and the first that is answered finds it again.
 */
void transport_hurry(struct transport *transport, bool hurry);
bool transport_is_lost(const struct transport *transport);

/* True the first time that it is asked for after the engine was found so. */
bool transport_loss_is_news(struct transport *transport);

/*
 * Sends a request and waits for the whole answer. Any HTTP status is success here. *ret
 * was set to TRANSPORT_ANSWER_INIT; its body.max bounds what is held in memory. When a
 * kept connection turns out closed before the first byte of an answer, the request is
 * sent once more, unless its body is streamed.
 * Fails with ERROR_ENGINE, in the words a user understands (no engine there, no
 * permission on the socket, connection closed, no answer within …), ERROR_INTERRUPTED,
 * or what a callback set.
 */
int transport_perform(struct transport *transport, const struct transport_request *request,
    struct transport_answer *ret, struct error *err);

/*
 * Sends GETs side by side, each over a connection of its own, and waits for all answers: for
 * those that the engine itself waits with. Any HTTP status is success. `answers` has room for
 * `count`, each set to TRANSPORT_ANSWER_INIT. Fails when one gets no answer in
 * TRANSPORT_DUE_MS, as transport_perform() does; answers that came are the caller's all the
 * same.
 */
int transport_get_all(struct transport *transport, const char *const *paths, size_t count,
    struct transport_answer *answers, struct error *err);

/*
 * Sends a request with `Upgrade: tcp` and returns the raw connection after a 101 (or a
 * 200, as older engines say), for the caller to poll and close; it does not block. Bytes
 * that came behind the header are kept in *ret_early. A `timeout_ms` of 0 is
 * TRANSPORT_DUE_MS here, since the header is due at once. Any other status fills
 * *ret_refusal and is -1 with `err` untouched and ret_refusal->status set, which is 0
 * after every other failure. The body is sent from memory only.
 */
int transport_upgrade(struct transport *transport, const struct transport_request *request,
    struct strbuf *ret_early, struct transport_answer *ret_refusal, struct error *err);

void transport_free(struct transport *transport);

#endif
