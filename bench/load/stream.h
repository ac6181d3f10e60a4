// A stream of requests of one kind, at a rate of its own, over connections of its own.
//
// Open loop: requests are due at their times whether earlier ones were answered or not,
// and a latency counts from when its request was due. So a server that stands still for a
// second is charged for everybody who would have come in that second (the "coordinated
// omission" of closed loops). A rate of 0 is a closed loop: each connection sends again
// as soon as it was answered, which measures how much goes through.
#ifndef WEFT_BENCH_STREAM_H
#define WEFT_BENCH_STREAM_H

#include <stdio.h>

#include "base/prng.h"
#include "load/connection.h"
#include "load/histogram.h"

typedef enum {
    MAKES_GET,     // one path
    MAKES_SAMPLES, // batches of sample.collected to /v1/facts, of people at random
    MAKES_MEMBERS, // the same of everybody in turn, ten a tube: who a wave is about
    MAKES_RESULTS, // batches of tube.resulted, of the tubes that samplers made
    MAKES_WAVE,    // the same of the members' tubes in turn; 1 in 1,000 is positive
    MAKES_PERSONS, // batches of person.registered; 1 in 50 has the number of another
    MAKES_GARBAGE, // what no client may send: each costs its connection
    MAKES_SLOW,    // a head, a byte a second
    MAKES_EVENTS   // the stream of events, for as long as the run goes
} stream_makes;

typedef struct {
    const char *name;
    stream_makes makes;
    double rate; // requests a second; 0: as fast as answers come
    unsigned connections;
    unsigned port;       // 0: that of the others
    const char *tokens;  // file of lines "device token [grid]"; NULL: none is sent
    const char *book;    // file of lines "device seq": the next that is not acknowledged
    const char *path;    // of GET
    const char *purpose; // of looks: the header Weft-Purpose; NULL: none
    const char *at, *late; // days of facts and of those that come late, "2021-12-11"
    unsigned batch;        // facts of a request
    unsigned people;       // random persons
    unsigned samplers;     // of RESULTS: whose tubes
    uint64_t most; // facts (requests, of those without facts), then it ends; 0: the run's
    uint64_t after; // of EVENTS: the position to begin after; 0: from now on
    // What the book says was acknowledged is sent once more: all of it must be had.
    bool again;
    // Who is refused gives up, and somebody else comes at their own time; else they come
    // again, and their latency counts from when they came first.
    bool gives_up;
    // Gets the first answers of each status, as test/support/recorded_answers.h tells:
    // who measures sees that what was fast was right. NULL: none are kept.
    FILE *records;
} stream_plan;

typedef struct stream stream;

typedef enum {
    CLIENT_FREE,
    CLIENT_BUSY,  // a request is under way
    CLIENT_LATER, // it was not acknowledged, and is sent again after `again_ns`
    CLIENT_DONE   // it has nothing more to send
} client_state;

typedef struct {
    connection line;
    char device[65], token[129], grid[33];
    client_state state;
    int64_t seq;       // the next that it makes
    int64_t acked;     // all before this one are acknowledged
    int64_t begun;     // that when the run began
    int64_t upto;      // of `again`: the first that is not sent
    uint64_t due_ns;   // when the request under way was due first
    uint64_t sent_ns;  // when it was sent last
    uint64_t again_ns; // LATER; of SLOW: when its next byte is due
    unsigned facts;    // in the request
    // Of EVENTS: where in a line, what the line says, and what is known of the event.
    unsigned line_part, kind_step;
    bool is_event, is_missed, is_sample;
    uint64_t event, next_event; // the last id, and the one that is coming
    uint64_t told;              // events of facts
    uint64_t told_samples;      // of them
    stream *in;                 // whose client it is
} stream_client;

// A line of clients, first come first served; none is in it twice.
typedef struct {
    unsigned *places;
    unsigned first, count;
} client_line;

struct stream {
    stream_plan plan;
    stream_client *clients;
    client_line free, later;
    uint64_t next_due_ns, interval_ns;
    wf_prng dice;
    histogram latencies; // of what was answered 2xx, and at least of what never was
    histogram refusals;  // of 503, since it was sent: how soon the service says no
    uint64_t due, sent, ok, refused, failed, broken, unserved;
    uint64_t made; // facts, or requests without facts
    uint64_t facts_sent, facts_accepted, facts_had, facts_refused;
    uint64_t events, events_missed, events_twice;
    uint64_t codes[600];
};

// False, with a message on stderr: no memory, or a file is none.
bool stream_open(stream *of, const stream_plan *plan);
void stream_begin(stream *of, uint64_t now_ns); // from when requests are due
// The book is written; false, with a message, when it could not be.
bool stream_close(stream *of);
// Who is free next and has something to send; NULL: nobody. A client is FREE until it is
// begun.
stream_client *stream_next_free(stream *of);
// Who has to send again by now; NULL: nobody.
stream_client *stream_next_again(stream *of, uint64_t now_ns);
// Makes the client's next request; false: no memory.
bool stream_make(stream *of, stream_client *client);
// What came of it; `whole` false: the connection ended.
void stream_answered(stream *of, stream_client *client, bool whole, uint64_t now_ns);
bool stream_has_more(const stream *of);
// Nobody sends, nobody has to send again.
bool stream_is_still(const stream *of);
// What was due before `end_ns` and was not served by now counts with the time it waited.
void stream_end(stream *of, uint64_t end_ns, uint64_t now_ns);
// A line of JSON.
void stream_print(const stream *of, const stream *samplers, double seconds);

#endif
