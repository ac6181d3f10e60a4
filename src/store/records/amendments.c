#include "store/records/amendments.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "model/fact.h"

// A node is a fact that amends or is amended. Nodes of one target form a list.
#define NONE UINT32_MAX

typedef struct {
    wf_identity id;    // owned: its device is in the arena
    int64_t at_us;     // of amendments
    uint32_t target;   // NONE: amends nothing (so far)
    uint32_t amenders; // first of those that name it
    uint32_t next;     // of the same target
    bool withdraws;
    // Of the newest question that met it.
    uint64_t round;
    uint32_t place;
} node;

struct wf_amendments {
    node *nodes;
    size_t count, capacity;
    uint32_t *slots; // open addressing, NONE: free
    size_t slots_count;
    uint32_t *log; // nodes in the order in which they became amendments
    size_t log_count, log_capacity;
    uint64_t seed, round;
    wf_arena arena;
};

weft_status wf_amendments_new(wf_amendments **ret, weft_error *error)
{
    wf_amendments *all = calloc(1, sizeof *all);
    if (all == NULL)
        return wf_fail_memory(error);
    wf_arena_init(&all->arena, 0);
    all->seed = wf_hash_seed();
    *ret = all;
    return WEFT_OK;
}

void wf_amendments_free(wf_amendments *all)
{
    if (all == NULL)
        return;
    free(all->nodes);
    free(all->slots);
    free(all->log);
    wf_arena_done(&all->arena);
    free(all);
}

size_t wf_amendments_count(const wf_amendments *all)
{
    return all->log_count;
}

// ---- the table ----

static uint64_t hash_of(const wf_amendments *all, wf_identity id)
{
    return wf_hash(id.device.bytes, id.device.size, all->seed ^ (uint64_t)id.seq);
}

static bool same(wf_identity a, wf_identity b)
{
    return a.seq == b.seq && wf_text_equal(a.device, b.device);
}

// The slot where the id is, or where it would go.
static uint32_t *slot_of(const wf_amendments *all, wf_identity id)
{
    size_t mask = all->slots_count - 1;
    for (size_t at = hash_of(all, id) & mask;; at = (at + 1) & mask)
        if (all->slots[at] == NONE || same(all->nodes[all->slots[at]].id, id))
            return &all->slots[at];
}

static uint32_t find(const wf_amendments *all, wf_identity id)
{
    return all->slots_count == 0 ? NONE : *slot_of(all, id);
}

static bool grow_slots(wf_amendments *all)
{
    size_t count = all->slots_count == 0 ? 64 : 2 * all->slots_count;
    uint32_t *slots = malloc(count * sizeof *slots);
    if (slots == NULL)
        return false;
    memset(slots, 0xFF, count * sizeof *slots);
    free(all->slots);
    all->slots = slots;
    all->slots_count = count;
    for (size_t i = 0; i < all->count; i++)
        *slot_of(all, all->nodes[i].id) = (uint32_t)i;
    return true;
}

// Room for one more of `size` bytes each.
static bool make_room(void **array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return true;
    size_t more = *capacity == 0 ? 64 : 2 * *capacity;
    void *larger = realloc(*array, more * size);
    if (larger == NULL)
        return false;
    *array = larger;
    *capacity = more;
    return true;
}

static uint32_t find_or_add(wf_amendments *all, wf_identity id)
{
    if (all->slots_count < 2 * (all->count + 1) && !grow_slots(all))
        return NONE;
    uint32_t *slot = slot_of(all, id);
    if (*slot != NONE)
        return *slot;
    wf_text device = wf_arena_text(&all->arena, id.device);
    if (device.bytes == NULL || all->count >= NONE - 1 ||
        !make_room((void **)&all->nodes, all->count, &all->capacity, sizeof(node)))
        return NONE;
    all->nodes[all->count] =
        (node){.id = {device, id.seq}, .target = NONE, .amenders = NONE, .next = NONE};
    *slot = (uint32_t)all->count;
    return (uint32_t)all->count++;
}

weft_status wf_amendments_add(wf_amendments *all, wf_identity id, weft_time at,
                              wf_identity target, bool withdraws, weft_error *error)
{
    uint32_t mine = find_or_add(all, id);
    uint32_t other = find_or_add(all, target);
    if (mine == NONE || other == NONE ||
        !make_room((void **)&all->log, all->log_count, &all->log_capacity,
                   sizeof *all->log))
        return wf_fail_memory(error);
    node *amendment = &all->nodes[mine];
    if (amendment->target != NONE)
        return WEFT_OK;
    amendment->at_us = at.us;
    amendment->withdraws = withdraws;
    amendment->target = other;
    amendment->next = all->nodes[other].amenders;
    all->nodes[other].amenders = mine;
    all->log[all->log_count++] = mine;
    return WEFT_OK;
}

// Nodes stay, as facts that amend nothing: they are live.
void wf_amendments_cut(wf_amendments *all, size_t count)
{
    WF_ASSERT(count <= all->log_count);
    while (all->log_count > count) {
        node *amendment = &all->nodes[all->log[--all->log_count]];
        uint32_t *link = &all->nodes[amendment->target].amenders;
        // The newest of a target is the first of its list.
        WF_ASSERT(*link == all->log[all->log_count]);
        *link = amendment->next;
        amendment->target = NONE;
        amendment->next = NONE;
    }
}

bool wf_amendments_touch(const wf_amendments *all, wf_identity id)
{
    uint32_t mine = find(all, id);
    return mine != NONE &&
           (all->nodes[mine].target != NONE || all->nodes[mine].amenders != NONE);
}

// ---- what hangs together ----

// While facts that hang together are judged.
typedef struct {
    uint32_t node;
    uint32_t waits; // amenders that are not judged yet
    bool circle;    // amends in a circle: no effect as an amendment
    bool standing;  // no effective amendment names it
    bool live;
} judged;

typedef struct {
    wf_amendments *all;
    wf_buffer items; // of judged
} group;

static size_t count_of(const group *of)
{
    return of->items.size / sizeof(judged);
}

static judged *item_at(const group *of, size_t place)
{
    return (judged *)(void *)of->items.bytes + place;
}

static judged *item_of(const group *of, uint32_t number)
{
    WF_ASSERT(of->all->nodes[number].round == of->all->round);
    return item_at(of, of->all->nodes[number].place);
}

// Where the chain of targets from a node ends, or some node of its circle: two walkers,
// one twice as fast.
static uint32_t root_of(const wf_amendments *all, uint32_t from)
{
    uint32_t slow = from, fast = from;
    for (;;) {
        for (int i = 0; i < 2; i++) {
            if (all->nodes[fast].target == NONE)
                return fast;
            fast = all->nodes[fast].target;
        }
        slow = all->nodes[slow].target;
        if (slow == fast)
            return slow;
    }
}

static bool enter(group *of, uint32_t number)
{
    node *entered = &of->all->nodes[number];
    judged item = {.node = number, .standing = true};
    if (entered->round == of->all->round)
        return true;
    entered->round = of->all->round;
    entered->place = (uint32_t)count_of(of);
    return wf_buffer_append(&of->items, &item, sizeof item);
}

// Breadth first from the root through all amenders; a circle is met again at its start,
// which is not entered twice.
static bool gather(group *of, uint32_t root)
{
    const node *nodes = of->all->nodes;
    if (!enter(of, root))
        return false;
    for (size_t i = 0; i < count_of(of); i++)
        for (uint32_t next = nodes[item_at(of, i)->node].amenders; next != NONE;
             next = nodes[next].next) {
            item_at(of, i)->waits++;
            if (!enter(of, next))
                return false;
        }
    return true;
}

// What amends in a circle has no effect, so that its target need not wait for it.
static void mark_circle(const group *of, uint32_t root)
{
    const node *nodes = of->all->nodes;
    uint32_t at = root;
    if (nodes[root].target == NONE)
        return;
    do {
        item_of(of, at)->circle = true;
        at = nodes[at].target;
        item_of(of, at)->waits--;
    } while (at != root);
}

static bool greater(const node *a, const node *b)
{
    return wf_fact_order((weft_time){a->at_us}, a->id, (weft_time){b->at_us}, b->id) > 0;
}

// Its amenders have been judged: does it stand, and which of them is live?
static void judge(const group *of, judged *item)
{
    const node *nodes = of->all->nodes;
    judged *best = NULL;
    for (uint32_t next = nodes[item->node].amenders; next != NONE;
         next = nodes[next].next) {
        judged *amender = item_of(of, next);
        if (amender->circle || !amender->standing)
            continue;
        item->standing = false;
        if (nodes[next].withdraws)
            amender->live = true;
        else if (best == NULL || greater(&nodes[next], &nodes[best->node]))
            best = amender;
    }
    if (best != NULL)
        best->live = true;
}

// From the facts that nothing amends to the root.
static void judge_all(const group *of)
{
    const node *nodes = of->all->nodes;
    for (size_t i = 0; i < count_of(of); i++) {
        judged *item = item_at(of, i);
        while (item->waits == 0) {
            item->waits = UINT32_MAX; // done
            judge(of, item);
            uint32_t target = nodes[item->node].target;
            if (target == NONE || item->circle)
                break;
            item = item_of(of, target);
            item->waits--;
        }
    }
    for (size_t i = 0; i < count_of(of); i++) {
        judged *item = item_at(of, i);
        WF_ASSERT(item->waits == UINT32_MAX);
        if (item->circle || nodes[item->node].target == NONE)
            item->live = item->standing;
    }
}

weft_status wf_amendments_around(wf_amendments *all, wf_identity id, wf_arena *arena,
                                 wf_amended **ret, size_t *ret_count, weft_error *error)
{
    uint32_t mine = find(all, id);
    group of = {.all = all};
    WF_ASSERT(mine != NONE);
    all->round++;
    uint32_t root = root_of(all, mine);
    bool done = gather(&of, root);
    wf_amended *items = wf_arena_array(arena, count_of(&of), sizeof *items);
    done = done && items != NULL;
    if (done) {
        mark_circle(&of, root);
        judge_all(&of);
        for (size_t i = 0; i < count_of(&of); i++)
            items[i] =
                (wf_amended){all->nodes[item_at(&of, i)->node].id, item_at(&of, i)->live};
        *ret = items;
        *ret_count = count_of(&of);
    }
    wf_buffer_done(&of.items);
    return done ? WEFT_OK : wf_fail_memory(error);
}
