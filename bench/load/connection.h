// One kept-alive HTTP/1.1 connection to the server that is measured: sends a request,
// reads its answer. Not blocking; whoever waits is told what for.
#ifndef WEFT_BENCH_CONNECTION_H
#define WEFT_BENCH_CONNECTION_H

#include <netinet/in.h>
#include <stdbool.h>

#include "base/text.h"

typedef enum {
    ANSWER_NONE,   // it is still coming
    ANSWER_WHOLE,  // status, and what of the body was kept
    ANSWER_CLOSED, // the server ended the connection before an answer was whole
} answer_state;

typedef struct {
    int socket; // -1: not connected
    bool connecting, closes;
    wf_buffer request;
    size_t sent;
    wf_buffer head; // of the answer, until its empty line
    bool in_body, chunked;
    uint64_t left;  // of the body, or of the chunk
    int chunk_part; // where in a chunked body
    unsigned status;
    wf_buffer body; // its first bytes, at most connection_body_max
    // Gets the bytes of a body that has no end, instead of `body`; NULL: there is none.
    void (*each)(void *context, const char *bytes, size_t size);
    void *context;
} connection;

enum { connection_body_max = 1 << 16 };

void connection_init(connection *one);
void connection_close(connection *one);
void connection_done(connection *one);
// Begins to connect; false when the system has no more.
bool connection_open(connection *one, const struct sockaddr_in *server);
// The request stands in one->request: sends what the socket takes. False: it is broken.
bool connection_send(connection *one);
bool connection_wants_to_send(const connection *one);
// One byte of it. False: it is broken.
bool connection_trickle(connection *one);
// Reads what has come.
answer_state connection_read(connection *one);
// Before the next request.
void connection_next(connection *one);

#endif
