// What a client of the stream of events hears: server-sent events, a byte at a time.
#ifndef WEFT_BENCH_HEARD_H
#define WEFT_BENCH_HEARD_H

#include <stdio.h>

#include "load/stream.h"

// For connection.each; `context` is the client.
void heard_take(void *context, const char *bytes, size_t size);
// How many did not hear everything once: of the whole ledger, each position after the one
// they began at; of a sampler's own grid, each sample that was acknowledged to this
// sampler
// (`samplers`: the stream that sent them; may be NULL).
uint64_t heard_otherwise(const stream *of, const stream *samplers);
// Of the first of them, as a member of an object of JSON: what it heard, what was
// acknowledged, and whether its sampler still waits for an answer. Nothing where all
// heard everything.
void heard_print_otherwise(const stream *of, const stream *samplers);

#endif
