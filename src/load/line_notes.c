#include "load/line_notes.h"

#include <stdlib.h>
#include <string.h>

void wf_line_notes_init(wf_line_notes *notes)
{
    *notes = (wf_line_notes){0};
    WF_ASSERT(pthread_mutex_init(&notes->lock, NULL) == 0);
}

void wf_line_notes_done(wf_line_notes *notes)
{
    free(notes->notes);
    WF_ASSERT(pthread_mutex_destroy(&notes->lock) == 0);
}

// Room behind the last note: where those that were dropped stood, or new memory.
static bool make_room(wf_line_notes *notes)
{
    size_t count = notes->end - notes->first;
    if (notes->end < notes->capacity)
        return true;
    if (count <= notes->capacity / 2 && notes->capacity > 0) {
        memmove(notes->notes, notes->notes + notes->first, count * sizeof *notes->notes);
        notes->first = 0;
        notes->end = count;
        return true;
    }
    size_t capacity = notes->capacity == 0 ? 1024 : notes->capacity * 2;
    wf_line_note *grown = reallocarray(notes->notes, capacity, sizeof *grown);
    if (grown == NULL)
        return false;
    notes->notes = grown;
    notes->capacity = capacity;
    return true;
}

bool wf_line_notes_add(wf_line_notes *notes, wf_line_note note)
{
    WF_ASSERT(pthread_mutex_lock(&notes->lock) == 0);
    bool done = make_room(notes);
    if (done)
        notes->notes[notes->end++] = note;
    WF_ASSERT(pthread_mutex_unlock(&notes->lock) == 0);
    return done;
}

static bool is_before(const wf_line_note *note, size_t source, uint64_t here)
{
    return note->source < source || (note->source == source && note->here < here);
}

uint64_t wf_line_notes_find(wf_line_notes *notes, size_t source, uint64_t here)
{
    uint64_t there = here;
    WF_ASSERT(pthread_mutex_lock(&notes->lock) == 0);
    while (notes->first < notes->end &&
           is_before(&notes->notes[notes->first], source, here))
        notes->first++;
    if (notes->first < notes->end) {
        const wf_line_note *note = &notes->notes[notes->first];
        there = note->source == source && note->here == here ? note->there : here;
    }
    WF_ASSERT(pthread_mutex_unlock(&notes->lock) == 0);
    return there;
}
