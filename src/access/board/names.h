// Ids of tubes and orders in memory, each with what is known of it: a slot an id.
//
// Method: linear hashing over chains. A table that is full splits one chain at each
// adding, so that no adding is ever long: readers wait for whoever adds. 40 bytes a slot
// and 4 a chain; ids of more than 16 bytes stand outside of it.
//
// Memory comes out of a budget that several tables share; it is kept out of core dumps
// (base/pages.h).
//
// Threads: none changes while another reads; the caller sees to it.
#ifndef WF_ACCESS_BOARD_NAMES_H
#define WF_ACCESS_BOARD_NAMES_H

#include "base/text.h"

typedef struct {
    size_t used, limit; // bytes
} wf_budget;

// Zeroed memory within the budget, NULL when there is none. `size` is given back with it.
void *wf_budget_take(wf_budget *budget, size_t size);
void wf_budget_give(wf_budget *budget, void *memory, size_t size); // NULL does nothing
// Segments, which are large, are taken and given in the same way.
void *wf_budget_take_pages(wf_budget *budget, size_t size);
void wf_budget_give_pages(wf_budget *budget, void *pages, size_t size);

enum { wf_name_near_bytes = 16 };

typedef struct {
    union {
        char near[wf_name_near_bytes];
        char *far;
    } text;
    uint32_t hash, next;
    uint32_t uses; // the caller's: who keeps it
    uint8_t size;  // of the text
    uint8_t word;  // the caller's
    union {
        int64_t number;
        void *pointer;
    } about; // the caller's
} wf_name;

typedef struct {
    wf_budget *budget;
    uint64_t seed;
    void **segments; // of wf_name
    size_t segments_count, segments_capacity;
    uint32_t end;  // one more than the greatest slot that was ever in use
    uint32_t free; // the first free slot, by `next`; 0: none
    void **chains; // of uint32_t, a slot each; 0: empty
    size_t chains_count, chains_capacity; // segments of them
    uint32_t base, split, count;
} wf_names;

void wf_names_init(wf_names *names, wf_budget *budget);
void wf_names_done(wf_names *names);

// The slot of an id of at most 255 bytes; 0: it has none.
uint32_t wf_names_find(const wf_names *names, wf_text id);
// Its slot, made if new (zeroed); 0: there is no memory.
uint32_t wf_names_add(wf_names *names, wf_text id);
void wf_names_remove(wf_names *names, uint32_t slot);
wf_name *wf_names_at(const wf_names *names, uint32_t slot);
wf_text wf_names_text(const wf_names *names, uint32_t slot);

#endif
