#include "access/board/standings.h"

#include <stdlib.h>
#include <string.h>

#include "access/board/names.h"
#include "base/grow.h"

enum {
    chunk_bits = 14, // persons
    chunk_persons = 1 << chunk_bits,
    chunks_count = WF_NUMBER_LIMIT >> chunk_bits,
    segment_bits = 16, // of samples, and of links
    segment_items = 1 << segment_bits,
    block_step = 2, // samples: blocks have room for a multiple of it
    block_classes = wf_standings_kept_max / block_step + 1,
    words_max = 16,
    same_max = 16, // ids of one person whose samples and orders are joined
    order_lost = 1 // wf_name.word of an order: there was no memory for it
};

// A kept sample; in a block that is free the first one's `tube` is the next such block.
typedef struct {
    uint32_t tube, at_high, at_low;
} sample;

typedef struct {
    uint32_t order, next;
} link;

typedef struct {
    uint32_t samples; // the first of a block, later ones first; 0: none
    uint32_t orders;  // the first link, by their ids; 0: none
    uint32_t below;   // samples that are older than those that are kept
    uint32_t same;    // the next of the ids of the same person, which form a ring,
                      // plus 1; 0: there is no other
    uint8_t kept, capacity, links;
    bool is_registered : 1, samples_lost : 1, orders_lost : 1;
} person;
_Static_assert(sizeof(person) == 20, "the memory a person takes is what is said");

// What grows in segments and does not move: items by number, 0 stands for none.
typedef struct {
    void **segments;
    size_t count, capacity, item_bytes;
    uint32_t end;
} pool;

struct wf_standings {
    wf_budget budget;
    person *chunks[chunks_count];
    pool samples, links;
    uint32_t free_blocks[block_classes], free_links;
    wf_names tubes, orders;
    const char *words[words_max]; // of results; 0: not known yet
    size_t words_count;
    bool lost;
};

// ---- memory ----

static void *pool_at(const pool *of, uint32_t item)
{
    char *segment = of->segments[item >> segment_bits];
    return segment + (item & (segment_items - 1)) * of->item_bytes;
}

// `count` items one after another, zeroed when they are fresh; 0: no memory.
static uint32_t pool_take(wf_budget *budget, pool *of, uint32_t count)
{
    // A run does not reach over the end of a segment.
    if ((of->end & (segment_items - 1)) + count > segment_items)
        of->end = (of->end | (segment_items - 1)) + 1;
    if (of->end > UINT32_MAX - segment_items)
        return 0;
    if (of->end >> segment_bits == of->count) {
        void **larger = wf_grow(of->segments, of->count, &of->capacity, sizeof *larger);
        if (larger == NULL)
            return 0;
        of->segments = larger;
        larger[of->count] = wf_budget_take_pages(budget, segment_items * of->item_bytes);
        if (larger[of->count] == NULL)
            return 0;
        of->count++;
        if (of->end == 0)
            of->end = 1;
    }
    uint32_t first = of->end;
    of->end += count;
    return first;
}

static void pool_done(wf_budget *budget, pool *of)
{
    for (size_t i = 0; i < of->count; i++)
        wf_budget_give_pages(budget, of->segments[i], segment_items * of->item_bytes);
    free(of->segments);
}

wf_standings *wf_standings_new(size_t bytes_max)
{
    wf_standings *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->budget.limit = bytes_max;
    s->samples.item_bytes = sizeof(sample);
    s->links.item_bytes = sizeof(link);
    s->words_count = 1;
    wf_names_init(&s->tubes, &s->budget);
    wf_names_init(&s->orders, &s->budget);
    return s;
}

// An order and its texts are one piece.
static size_t order_bytes(const wf_standings_order *about)
{
    return sizeof *about + about->kind.size + about->clause.size + about->issuer.size;
}

static void drop_order(wf_standings *s, wf_name *name)
{
    wf_standings_order *about = name->about.pointer;
    if (about != NULL)
        wf_budget_give(&s->budget, about, order_bytes(about));
    name->about.pointer = NULL;
}

void wf_standings_free(wf_standings *s)
{
    if (s == NULL)
        return;
    for (uint32_t slot = 1; slot < s->orders.end; slot++)
        if (wf_names_at(&s->orders, slot)->uses > 0)
            drop_order(s, wf_names_at(&s->orders, slot));
    wf_names_done(&s->tubes);
    wf_names_done(&s->orders);
    pool_done(&s->budget, &s->samples);
    pool_done(&s->budget, &s->links);
    for (size_t i = 0; i < chunks_count; i++)
        wf_budget_give_pages(&s->budget, s->chunks[i], chunk_persons * sizeof(person));
    WF_ASSERT(s->budget.used == 0);
    free(s);
}

size_t wf_standings_bytes(const wf_standings *s)
{
    return s->budget.used;
}

bool wf_standings_is_lost(const wf_standings *s)
{
    return s->lost;
}

// ---- persons ----

// NULL: nothing was said of them yet.
static const person *person_of(const wf_standings *s, uint32_t number)
{
    const person *chunk =
        number < WF_NUMBER_LIMIT ? s->chunks[number >> chunk_bits] : NULL;
    return chunk != NULL ? &chunk[number & (chunk_persons - 1)] : NULL;
}

// NULL: no memory, and all is lost.
static person *person_at(wf_standings *s, uint32_t number)
{
    WF_ASSERT(number < WF_NUMBER_LIMIT);
    person **chunk = &s->chunks[number >> chunk_bits];
    if (*chunk == NULL)
        *chunk = wf_budget_take_pages(&s->budget, chunk_persons * sizeof **chunk);
    s->lost = s->lost || *chunk == NULL;
    return *chunk != NULL ? &(*chunk)[number & (chunk_persons - 1)] : NULL;
}

void wf_standings_put_registered(wf_standings *s, uint32_t number, bool is)
{
    person *of = person_at(s, number);
    if (of != NULL)
        of->is_registered = is;
}

bool wf_standings_is_registered(const wf_standings *s, uint32_t number)
{
    const person *of = person_of(s, number);
    return of != NULL && of->is_registered;
}

void wf_standings_put_same(wf_standings *s, const uint32_t *persons, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        person *of = person_at(s, persons[i]);
        if (of != NULL)
            of->same = count > 1 ? persons[(i + 1) % count] + 1 : 0;
    }
}

// ---- tubes ----

static uint8_t word_of(wf_standings *s, const char *result)
{
    size_t word = 0;
    while (word < s->words_count && s->words[word] != result)
        word++;
    WF_ASSERT(word < words_max);
    s->words[word] = result;
    if (word == s->words_count)
        s->words_count++;
    return (uint8_t)word;
}

static void set_result(wf_standings *s, wf_name *tube, wf_standings_result result)
{
    tube->word = word_of(s, result.result);
    tube->about.number = result.at.us;
}

void wf_standings_put_tube(wf_standings *s, wf_text tube, wf_standings_result result)
{
    uint32_t slot = wf_names_find(&s->tubes, tube);
    if (slot != 0)
        set_result(s, wf_names_at(&s->tubes, slot), result);
}

bool wf_standings_tube(const wf_standings *s, wf_text tube, wf_standings_result *ret)
{
    uint32_t slot = wf_names_find(&s->tubes, tube);
    if (slot == 0)
        return false;
    const wf_name *name = wf_names_at(&s->tubes, slot);
    *ret = (wf_standings_result){s->words[name->word], {name->about.number}};
    return true;
}

static void leave_tube(wf_standings *s, uint32_t slot)
{
    wf_name *tube = wf_names_at(&s->tubes, slot);
    if (--tube->uses == 0)
        wf_names_remove(&s->tubes, slot);
}

// ---- samples ----

static int64_t at_of(const sample *of)
{
    return (int64_t)((uint64_t)of->at_high << 32 | of->at_low);
}

static sample *samples_of(const wf_standings *s, const person *of)
{
    return of->kept > 0 ? pool_at(&s->samples, of->samples) : NULL;
}

// Whether a sample comes before one that is kept.
static bool is_before(const wf_standings *s, int64_t at, wf_text tube, const sample *kept)
{
    int64_t other = at_of(kept);
    if (at != other)
        return at > other;
    return wf_text_compare(tube, wf_names_text(&s->tubes, kept->tube)) > 0;
}

static void free_block(wf_standings *s, person *of)
{
    if (of->capacity == 0)
        return;
    sample *first = pool_at(&s->samples, of->samples);
    uint32_t *list = &s->free_blocks[of->capacity / block_step];
    first->tube = *list;
    *list = of->samples;
    of->samples = 0;
    of->capacity = 0;
}

static bool has_room(wf_standings *s, person *of)
{
    if (of->kept < of->capacity)
        return true;
    uint8_t capacity = (uint8_t)(of->capacity + block_step);
    uint32_t *list = &s->free_blocks[capacity / block_step], block = *list;
    if (block != 0)
        *list = ((sample *)pool_at(&s->samples, block))->tube;
    else
        block = pool_take(&s->budget, &s->samples, capacity);
    if (block == 0)
        return false;
    if (of->kept > 0)
        memcpy(pool_at(&s->samples, block), samples_of(s, of), of->kept * sizeof(sample));
    free_block(s, of);
    of->samples = block;
    of->capacity = capacity;
    return true;
}

static void lose_samples(wf_standings *s, person *of)
{
    const sample *kept = samples_of(s, of);
    for (size_t i = 0; i < of->kept; i++)
        leave_tube(s, kept[i].tube);
    of->kept = 0;
    of->below = 0;
    of->samples_lost = true;
    free_block(s, of);
}

static void remove_sample(wf_standings *s, person *of, wf_text tube)
{
    sample *kept = samples_of(s, of);
    uint32_t slot = wf_names_find(&s->tubes, tube);
    size_t place = 0;
    while (slot != 0 && place < of->kept && kept[place].tube != slot)
        place++;
    if (slot == 0 || place == of->kept) {
        // It was one of those that are not kept.
        if (of->below > 0)
            of->below--;
        else
            lose_samples(s, of);
        return;
    }
    leave_tube(s, slot);
    of->kept--;
    memmove(kept + place, kept + place + 1, (of->kept - place) * sizeof *kept);
    if (of->kept == 0)
        free_block(s, of);
}

static void insert_sample(wf_standings *s, person *of,
                          const wf_standings_sample_change *change)
{
    sample *kept = samples_of(s, of);
    size_t place = 0;
    while (place < of->kept && !is_before(s, change->at.us, change->tube, &kept[place]))
        place++;
    // Where older ones were left out, what is older than all that are kept is, too.
    if (place == of->kept && (of->below > 0 || of->kept == wf_standings_kept_max)) {
        of->below++;
        return;
    }
    if (of->kept == wf_standings_kept_max) {
        leave_tube(s, kept[--of->kept].tube);
        of->below++;
    }
    uint32_t slot = has_room(s, of) ? wf_names_add(&s->tubes, change->tube) : 0;
    if (slot == 0) {
        lose_samples(s, of);
        return;
    }
    wf_name *tube = wf_names_at(&s->tubes, slot);
    if (tube->uses++ == 0)
        set_result(s, tube, change->result);
    kept = pool_at(&s->samples, of->samples);
    memmove(kept + place + 1, kept + place, (of->kept - place) * sizeof *kept);
    kept[place] = (sample){slot, (uint32_t)((uint64_t)change->at.us >> 32),
                           (uint32_t)(uint64_t)change->at.us};
    of->kept++;
}

void wf_standings_put_sample(wf_standings *s, const wf_standings_sample_change *change)
{
    person *of = person_at(s, change->person);
    if (of == NULL || of->samples_lost)
        return;
    if (change->was)
        remove_sample(s, of, change->tube);
    if (!change->is || of->samples_lost)
        return;
    if (weft_time_is_none(change->at))
        lose_samples(s, of);
    else
        insert_sample(s, of, change);
}

// ---- asking for samples ----

static bool comes_first(const wf_standings_sample *a, const wf_standings_sample *b)
{
    if (a->at.us != b->at.us)
        return a->at.us > b->at.us;
    int order = wf_text_compare(a->tube, b->tube);
    return order != 0 ? order > 0 : a->person > b->person;
}

// Puts it among the newest; the last falls out where there is no room.
static void add_newest(wf_standings_sample *to, size_t most, size_t *count,
                       const wf_standings_sample *one)
{
    size_t place = *count;
    while (place > 0 && comes_first(one, &to[place - 1]))
        place--;
    if (place == most)
        return;
    size_t last = *count < most ? *count : most - 1;
    memmove(to + place + 1, to + place, (last - place) * sizeof *to);
    to[place] = *one;
    if (*count < most)
        ++*count;
}

static bool add_samples(const wf_standings *s, uint32_t number, size_t most,
                        wf_standings_sample *ret, size_t *count, uint64_t *all)
{
    const person *of = person_of(s, number);
    if (of == NULL)
        return true;
    if (of->samples_lost || (of->kept < most && of->below > 0))
        return false;
    const sample *kept = samples_of(s, of);
    for (size_t i = 0; i < of->kept; i++) {
        const wf_name *tube = wf_names_at(&s->tubes, kept[i].tube);
        wf_standings_sample one = {.tube = wf_names_text(&s->tubes, kept[i].tube),
                                   .at = {at_of(&kept[i])},
                                   .result = {s->words[tube->word], {tube->about.number}},
                                   .person = number};
        add_newest(ret, most, count, &one);
    }
    *all += of->kept + (uint64_t)of->below;
    return true;
}

bool wf_standings_samples(const wf_standings *s, uint32_t number, size_t most,
                          wf_standings_sample *ret, size_t *ret_count, bool *ret_more)
{
    WF_ASSERT(most > 0 && most <= wf_standings_samples_max);
    uint64_t all = 0;
    uint32_t at = number;
    *ret_count = 0;
    for (size_t ids = 0; ids < same_max; ids++) {
        if (!add_samples(s, at, most, ret, ret_count, &all))
            return false;
        const person *of = person_of(s, at);
        at = of != NULL && of->same != 0 ? of->same - 1 : number;
        if (at == number) {
            *ret_more = all > *ret_count;
            return true;
        }
    }
    return false;
}

// ---- orders ----

static link *link_at(const wf_standings *s, uint32_t number)
{
    return pool_at(&s->links, number);
}

static void leave_order(wf_standings *s, uint32_t slot)
{
    wf_name *order = wf_names_at(&s->orders, slot);
    if (--order->uses > 0)
        return;
    drop_order(s, order);
    wf_names_remove(&s->orders, slot);
}

static void free_link(wf_standings *s, person *of, uint32_t *from)
{
    uint32_t number = *from;
    link *one = link_at(s, number);
    *from = one->next;
    one->next = s->free_links;
    s->free_links = number;
    of->links--;
    leave_order(s, one->order);
}

static void lose_orders(wf_standings *s, person *of)
{
    while (of->orders != 0)
        free_link(s, of, &of->orders);
    of->orders_lost = true;
}

// Where the order stands among the person's, or would stand.
static uint32_t *find_link(const wf_standings *s, person *of, wf_text order,
                           bool *ret_found)
{
    uint32_t *from = &of->orders;
    int found = 1;
    while (*from != 0) {
        link *one = link_at(s, *from);
        found = wf_text_compare(wf_names_text(&s->orders, one->order), order);
        if (found >= 0)
            break;
        from = &one->next;
    }
    *ret_found = *from != 0 && found == 0;
    return from;
}

static bool add_link(wf_standings *s, person *of, uint32_t *from, wf_text order)
{
    if (of->links == wf_standings_orders_max)
        return false;
    uint32_t number = s->free_links;
    if (number != 0)
        s->free_links = link_at(s, number)->next;
    else
        number = pool_take(&s->budget, &s->links, 1);
    if (number == 0)
        return false;
    link *one = link_at(s, number);
    uint32_t slot = wf_names_add(&s->orders, order);
    if (slot == 0) {
        one->next = s->free_links;
        s->free_links = number;
        return false;
    }
    wf_names_at(&s->orders, slot)->uses++;
    *one = (link){slot, *from};
    *from = number;
    of->links++;
    return true;
}

void wf_standings_put_bound(wf_standings *s, uint32_t number, wf_text order, bool is)
{
    bool found;
    person *of = person_at(s, number);
    if (of == NULL || of->orders_lost)
        return;
    uint32_t *from = find_link(s, of, order, &found);
    if (!is && found)
        free_link(s, of, from);
    else if (is && !found && !add_link(s, of, from, order))
        lose_orders(s, of);
}

static wf_text copy_text(char **to, wf_text text)
{
    if (text.bytes == NULL)
        return text;
    wf_text copy = {*to, text.size};
    if (text.size > 0)
        memcpy(*to, text.bytes, text.size);
    *to += text.size;
    return copy;
}

void wf_standings_put_order(wf_standings *s, wf_text order,
                            const wf_standings_order *about)
{
    uint32_t slot = wf_names_find(&s->orders, order);
    if (slot == 0)
        return;
    wf_name *name = wf_names_at(&s->orders, slot);
    drop_order(s, name);
    name->word = 0;
    if (about == NULL)
        return;
    wf_standings_order *kept = wf_budget_take(&s->budget, order_bytes(about));
    if (kept == NULL) {
        name->word = order_lost;
        return;
    }
    char *to = (char *)(kept + 1);
    *kept = *about;
    kept->kind = copy_text(&to, about->kind);
    kept->clause = copy_text(&to, about->clause);
    kept->issuer = copy_text(&to, about->issuer);
    name->about.pointer = kept;
}

// Puts it among those that are there by their ids; once, where an order names two ids of
// a person. False: there is no room.
static bool add_bound(wf_standings_bound *to, size_t *count,
                      const wf_standings_bound *one)
{
    size_t place = *count;
    int order = 1;
    while (place > 0 && (order = wf_text_compare(to[place - 1].order, one->order)) > 0)
        place--;
    if (place > 0 && order == 0)
        return true;
    if (*count == wf_standings_orders_max)
        return false;
    memmove(to + place + 1, to + place, (*count - place) * sizeof *to);
    to[place] = *one;
    ++*count;
    return true;
}

static bool add_orders(const wf_standings *s, const person *of, weft_time now,
                       wf_standings_bound *ret, size_t *count)
{
    if (of == NULL)
        return true;
    if (of->orders_lost)
        return false;
    for (uint32_t at = of->orders; at != 0; at = link_at(s, at)->next) {
        uint32_t slot = link_at(s, at)->order;
        const wf_name *name = wf_names_at(&s->orders, slot);
        const wf_standings_order *about = name->about.pointer;
        if (name->word == order_lost)
            return false;
        bool binds =
            about != NULL && about->starts_at.us <= now.us && about->ends_at.us > now.us;
        wf_standings_bound one = {wf_names_text(&s->orders, slot), about};
        if (binds && !add_bound(ret, count, &one))
            return false;
    }
    return true;
}

bool wf_standings_orders(const wf_standings *s, uint32_t number, weft_time now,
                         wf_standings_bound *ret, size_t *ret_count)
{
    uint32_t at = number;
    *ret_count = 0;
    for (size_t ids = 0; ids < same_max; ids++) {
        const person *of = person_of(s, at);
        if (!add_orders(s, of, now, ret, ret_count))
            return false;
        at = of != NULL && of->same != 0 ? of->same - 1 : number;
        if (at == number)
            return true;
    }
    return false;
}
