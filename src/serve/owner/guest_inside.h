// What src/serve/owner/attend.c and guest.c know of a guest.
#ifndef WF_SERVE_OWNER_GUEST_INSIDE_H
#define WF_SERVE_OWNER_GUEST_INSIDE_H

#include <pthread.h>

#include "serve/owner/guest.h"
#include "serve/owner/packet.h"

// A packet that waits to be sent.
typedef struct wf_spooled {
    struct wf_spooled *next;
    size_t size;
    unsigned char bytes[];
} wf_spooled;

typedef struct {
    int reason; // errno; 0: done
    uint32_t mode;
    uint64_t size;
    int file; // −1: none
} wf_guest_answer;

struct wf_guest {
    // Of the attendant's thread, or set before the verb begins.
    int socket, input;
    bool greeted, called;
    wf_language language;
    bool on_terminal;
    char **arguments; // ended by NULL
    size_t arguments_all, arguments_count, arguments_bytes;
    wf_io io;
    const char *city_dir; // absolute, without a slash at its end
    int wake;             // the attendant's eventfd
    void *attend;
    bool threaded;
    pthread_t thread;

    pthread_mutex_t one_request; // held from question to answer
    pthread_mutex_t lock;        // all below
    pthread_cond_t changed;
    wf_spooled *first, *last;
    size_t spooled;     // bytes
    uint64_t waited_ns; // for room, since it came
    bool asks, answered;
    wf_guest_answer answer;
    bool minds, interrupted;
    bool gone;  // nothing more is sent to it but what is spooled
    bool ended; // the verb's thread is at its end
    int closed; // errno with which its standard output was closed; 0: open
};

enum { wf_guest_spool_max = 32 << 20 };
// All the time that a verb waits for room in its spool.
static const uint64_t wf_guest_waits_ns = UINT64_C(30000000000);

wf_guest *wf_guest_new(int socket);  // NULL: out of memory; takes the socket
void wf_guest_free(wf_guest *guest); // its thread has ended

// Appends a packet; false: out of memory. Under the lock.
bool wf_guest_spool(wf_guest *guest, const wf_packet *packet);
void wf_guest_drop_spool(wf_guest *guest);
void wf_guest_wake(const wf_guest *guest);

#endif
