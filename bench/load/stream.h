// A stream of requests of one kind, at a rate of its own, over connections of its own.
//
// Open loop: requests are due at their times whether earlier ones were answered or not,
// and a latency counts from when its request was due. So a server that stands still for a
// second is charged for everybody who would have come in that second (the "coordinated
// omission" of closed loops). A rate of 0 is a closed loop: each connection sends again
// as soon as it was answered, which measures how much goes through.
#ifndef WEFT_BENCH_STREAM_H
#define WEFT_BENCH_STREAM_H

#include "base/prng.h"
#include "load/connection.h"
#include "load/histogram.h"

typedef enum {
    MAKES_GET,     // one path
    MAKES_SAMPLES, // batches of sample.collected to /v1/facts
    MAKES_RESULTS, // batches of tube.resulted
    MAKES_PERSONS, // batches of person.registered, with id numbers
    MAKES_GARBAGE, // what no client may send: each costs its connection
    MAKES_SLOW,    // a head, a byte a second
    MAKES_EVENTS   // the stream of events, for as long as the run goes
} stream_makes;

typedef struct {
    const char *name;
    stream_makes makes;
    double rate; // requests a second; 0: as fast as answers come
    unsigned connections;
    const char *tokens;    // file of lines "device token"; NULL: none is sent
    const char *path;      // of GET
    const char *purpose;   // of looks: the header Weft-Purpose; NULL: none
    const char *at, *late; // days of facts and of those that come late, "2021-12-11"
    unsigned batch;        // facts of a request
    unsigned people;       // random persons
    int64_t first_seq;
    uint64_t most; // facts (requests, of those without facts), then it ends; 0: the run's
} stream_plan;

typedef struct stream stream;

typedef struct {
    connection line;
    char device[65], token[129];
    int64_t seq;
    uint64_t due_ns;   // when the request under way was due; 0: it is free
    uint64_t again_ns; // not before: after a refusal, or a connection that failed
    bool resends;      // the request stands and was not acknowledged
    unsigned facts;    // in it
    uint64_t event, next_event; // the last id that came, and the one that is coming
    unsigned event_part;        // where in a line of the stream of events
    stream *in;                 // whose client it is
} stream_client;

struct stream {
    stream_plan plan;
    stream_client *clients;
    uint64_t next_due_ns, interval_ns;
    wf_prng dice;
    histogram latencies; // of what was answered 200
    histogram refusals;  // of 503
    uint64_t sent, ok, refused, failed, broken;
    uint64_t made; // facts, or requests without facts
    uint64_t facts_sent, facts_accepted, facts_had, facts_refused;
    uint64_t events, events_missed; // ids that did not follow each other
    uint64_t codes[600];
};

// False, with a message on stderr: no memory, or the file of tokens is none.
bool stream_open(stream *of, const stream_plan *plan, uint64_t now_ns);
void stream_close(stream *of);
// Makes the client's next request; false: no memory.
bool stream_make(stream *of, stream_client *client);
// What came of it; `whole` false: the connection ended.
void stream_answered(stream *of, stream_client *client, bool whole, uint64_t now_ns);
bool stream_has_more(const stream *of);
// A line of JSON.
void stream_print(const stream *of, double seconds);

#endif
