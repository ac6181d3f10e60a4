// Where rows stood that are read again: line numbers of a stream of rows → those of the
// files the rows first came in. Only for files of src/load.
//
// The thread that makes the stream adds notes as it goes; the one that works on its rows
// asks in the same order, which drops the notes before: there are never more of them than
// rows read ahead.
//
// Threads: one may add while another asks.
#ifndef WF_LOAD_LINE_NOTES_H
#define WF_LOAD_LINE_NOTES_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

typedef struct {
    size_t source;
    uint64_t here, there; // line in the stream, line in the file
} wf_line_note;

typedef struct {
    pthread_mutex_t lock;
    wf_line_note *notes; // [first, end) in the order of (source, here)
    size_t first, end, capacity;
} wf_line_notes;

void wf_line_notes_init(wf_line_notes *notes);
void wf_line_notes_done(wf_line_notes *notes);
// (source, here) rises from call to call. False when memory ends.
bool wf_line_notes_add(wf_line_notes *notes, wf_line_note note) WEFT_MUST_CHECK;
// `there` of (source, here), or `here` when there is no such note. Never ask again for
// what lies before.
uint64_t wf_line_notes_find(wf_line_notes *notes, size_t source, uint64_t here);

#endif
