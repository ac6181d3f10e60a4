#include "store/senders.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "model/kind.h"

enum {
    devices_start = 64, // a power of two; so is every later room
    nodes_start = 256,
    save_version = 1
};

#define NODE_NONE UINT32_C(0) // place 0 of the pool is never used
#define NODES_MAX (UINT32_C(1) << 30)

// A stretch of numbers of one state: a node of the device's treap (Seidel & Aragon 1996,
// Algorithmica 16), ordered by `from`, a heap by `rank`. Ranks are random, so that no
// order of arrival makes it deep. Stretches of one device neither overlap nor, when they
// have one state, touch.
typedef struct {
    int64_t from, upto; // both ends belong to it
    uint32_t left, right;
    uint32_t rank;
    uint32_t state; // HAD or REFUSED
} node;

typedef struct {
    uint64_t hash;
    int64_t greatest; // of the seqs that came; 0: none
    uint32_t root;
    uint32_t stretches;
    bool is_changed; // stands among the changed
    unsigned char name_size;
    char name[WF_DEVICE_BYTES_MAX];
} device;

// What a run of numbers of a device was before it was noted.
typedef struct {
    uint32_t device;
    wf_seq_state before;
    int64_t from, upto;
} undo;

struct wf_senders {
    uint64_t seed;
    uint64_t ranks; // state of the generator of ranks
    device *devices;
    uint32_t devices_count, devices_room;
    uint32_t *slots;   // 2 × devices_room of them: 1 + place of the device; 0: empty
    uint32_t *order;   // room for the devices in order of their names
    uint32_t *changed; // those whose gaps may have; as much room
    uint32_t changed_count;
    node *nodes;
    uint32_t nodes_used, nodes_room; // used: places ever taken, 0 among them
    uint32_t free_node;              // a list by `left`
    uint32_t free_count;
    bool marked;
    uint32_t devices_at_mark;
    undo *undos;
    size_t undos_count, undos_room;
};

// ---- the pool of stretches ----

// The pool never shrinks: every state that was passed on the way here can be had again
// without new memory, which is why going back cannot fail.
static bool reserve_nodes(wf_senders *s, uint32_t count)
{
    if (s->free_count + (s->nodes_room - s->nodes_used) >= count)
        return true;
    if (s->nodes_room >= NODES_MAX)
        return false;
    node *nodes = realloc(s->nodes, (size_t)s->nodes_room * 2 * sizeof *nodes);
    if (nodes == NULL)
        return false;
    s->nodes = nodes;
    s->nodes_room *= 2;
    return true;
}

static uint32_t next_rank(wf_senders *s)
{
    s->ranks += WF_HASH_C;
    return (uint32_t)wf_hash_fold(s->ranks ^ s->seed, WF_HASH_D);
}

static uint32_t take_node(wf_senders *s, int64_t from, int64_t upto, wf_seq_state state)
{
    uint32_t at = s->free_node;
    if (at != NODE_NONE) {
        s->free_node = s->nodes[at].left;
        s->free_count--;
    } else {
        WF_ASSERT(s->nodes_used < s->nodes_room);
        at = s->nodes_used++;
    }
    s->nodes[at] =
        (node){.from = from, .upto = upto, .rank = next_rank(s), .state = state};
    return at;
}

static void give_node(wf_senders *s, uint32_t at)
{
    s->nodes[at].left = s->free_node;
    s->free_node = at;
    s->free_count++;
}

// ---- the treap of a device ----

// The last stretch that begins at or before seq, NODE_NONE: there is none.
static uint32_t floor_of(const wf_senders *s, const device *d, int64_t seq)
{
    uint32_t found = NODE_NONE;
    for (uint32_t at = d->root; at != NODE_NONE;) {
        if (s->nodes[at].from <= seq) {
            found = at;
            at = s->nodes[at].right;
        } else {
            at = s->nodes[at].left;
        }
    }
    return found;
}

// Calls `each` for the stretches of a tree in order; false ends, and is what it gives. As
// deep as the tree, some 60 at the most.
static bool each_stretch(const wf_senders *s, uint32_t at,
                         bool (*each)(void *context, const node *n), void *context)
{
    if (at == NODE_NONE)
        return true;
    const node *n = &s->nodes[at];
    return each_stretch(s, n->left, each, context) && each(context, n) &&
           each_stretch(s, n->right, each, context);
}

// Splits a tree into what begins before `from` and the rest.
static void split(wf_senders *s, uint32_t tree, int64_t from, uint32_t *left,
                  uint32_t *right)
{
    while (tree != NODE_NONE) {
        node *at = &s->nodes[tree];
        if (at->from < from) {
            *left = tree;
            left = &at->right;
            tree = at->right;
        } else {
            *right = tree;
            right = &at->left;
            tree = at->left;
        }
    }
    *left = *right = NODE_NONE;
}

static void insert(wf_senders *s, device *d, int64_t from, int64_t upto,
                   wf_seq_state state)
{
    uint32_t fresh = take_node(s, from, upto, state);
    uint32_t *link = &d->root;
    while (*link != NODE_NONE && s->nodes[*link].rank >= s->nodes[fresh].rank)
        link =
            from < s->nodes[*link].from ? &s->nodes[*link].left : &s->nodes[*link].right;
    split(s, *link, from, &s->nodes[fresh].left, &s->nodes[fresh].right);
    *link = fresh;
    d->stretches++;
}

static void take_out(wf_senders *s, device *d, uint32_t gone)
{
    uint32_t *link = &d->root;
    while (*link != gone)
        link = s->nodes[gone].from < s->nodes[*link].from ? &s->nodes[*link].left
                                                          : &s->nodes[*link].right;
    uint32_t left = s->nodes[gone].left, right = s->nodes[gone].right;
    while (left != NODE_NONE && right != NODE_NONE) {
        if (s->nodes[left].rank >= s->nodes[right].rank) {
            *link = left;
            link = &s->nodes[left].right;
            left = *link;
        } else {
            *link = right;
            link = &s->nodes[right].left;
            right = *link;
        }
    }
    *link = left != NODE_NONE ? left : right;
    give_node(s, gone);
    d->stretches--;
}

// The stretch that seq stands in, NODE_NONE: none.
static uint32_t holder_of(const wf_senders *s, const device *d, int64_t seq)
{
    uint32_t at = floor_of(s, d, seq);
    return at != NODE_NONE && s->nodes[at].upto >= seq ? at : NODE_NONE;
}

// The stretch of that state that seq stands in, NODE_NONE: none.
static uint32_t holder_as(const wf_senders *s, const device *d, int64_t seq,
                          wf_seq_state state)
{
    uint32_t at = holder_of(s, d, seq);
    return at != NODE_NONE && s->nodes[at].state == (uint32_t)state ? at : NODE_NONE;
}

static void cut(wf_senders *s, device *d, int64_t seq)
{
    uint32_t at = holder_of(s, d, seq);
    if (at == NODE_NONE)
        return;
    node *n = &s->nodes[at];
    int64_t upto = n->upto;
    if (n->from == upto) {
        take_out(s, d, at);
    } else if (n->from == seq) {
        n->from++; // the next one begins above it: the order stays
    } else {
        n->upto = seq - 1;
        if (seq < upto)
            insert(s, d, seq + 1, upto, (wf_seq_state)n->state);
    }
}

// `seq` is in no stretch.
static void put(wf_senders *s, device *d, int64_t seq, wf_seq_state state)
{
    uint32_t before = seq > 1 ? holder_as(s, d, seq - 1, state) : NODE_NONE;
    uint32_t after = seq < INT64_MAX ? holder_as(s, d, seq + 1, state) : NODE_NONE;
    if (before != NODE_NONE && after != NODE_NONE) {
        s->nodes[before].upto = s->nodes[after].upto;
        take_out(s, d, after);
    } else if (before != NODE_NONE) {
        s->nodes[before].upto = seq;
    } else if (after != NODE_NONE) {
        s->nodes[after].from = seq;
    } else {
        insert(s, d, seq, seq, state);
    }
}

static int64_t greatest_of(const wf_senders *s, const device *d)
{
    int64_t greatest = 0;
    for (uint32_t at = d->root; at != NODE_NONE; at = s->nodes[at].right)
        greatest = s->nodes[at].upto;
    return greatest;
}

// The pool has room for two stretches more, or has been here before.
static void set(wf_senders *s, device *d, int64_t seq, wf_seq_state state)
{
    cut(s, d, seq);
    if (state != WF_SEQ_NEW)
        put(s, d, seq, state);
    if (seq >= d->greatest)
        d->greatest = state != WF_SEQ_NEW ? seq : greatest_of(s, d);
}

// By how many the stretches would grow: −1 to 2.
static int growth(const wf_senders *s, const device *d, int64_t seq, wf_seq_state state)
{
    int more = 0;
    uint32_t at = holder_of(s, d, seq);
    if (at != NODE_NONE)
        more += (s->nodes[at].from < seq) + (s->nodes[at].upto > seq) - 1;
    bool before = seq > 1 && holder_as(s, d, seq - 1, state) != NODE_NONE;
    bool after = seq < INT64_MAX && holder_as(s, d, seq + 1, state) != NODE_NONE;
    return more + 1 - before - after;
}

// ---- devices ----

static wf_text name_of(const device *d)
{
    return (wf_text){d->name, d->name_size};
}

static device *find_device(const wf_senders *s, wf_text name)
{
    if (name.size == 0 || name.size > WF_DEVICE_BYTES_MAX)
        return NULL;
    uint64_t hash = wf_hash(name.bytes, name.size, s->seed);
    size_t mask = (size_t)s->devices_room * 2 - 1;
    for (size_t at = (size_t)hash & mask; s->slots[at] != 0; at = (at + 1) & mask) {
        device *d = &s->devices[s->slots[at] - 1];
        if (d->hash == hash && wf_text_equal(name_of(d), name))
            return d;
    }
    return NULL;
}

static void enter_slot(wf_senders *s, uint32_t place)
{
    size_t mask = (size_t)s->devices_room * 2 - 1;
    size_t at = (size_t)s->devices[place].hash & mask;
    while (s->slots[at] != 0)
        at = (at + 1) & mask;
    s->slots[at] = place + 1;
}

static void enter_all(wf_senders *s)
{
    memset(s->slots, 0, (size_t)s->devices_room * 2 * sizeof *s->slots);
    for (uint32_t i = 0; i < s->devices_count; i++)
        enter_slot(s, i);
}

static weft_status more_devices(wf_senders *s, weft_error *error)
{
    if (s->devices_count >= WF_SENDERS_DEVICES_MAX)
        return wf_fail(error, WEFT_TOO_LARGE, "senders.devices", NULL);
    size_t room = (size_t)s->devices_room * 2;
    device *devices = realloc(s->devices, room * sizeof *devices);
    if (devices == NULL)
        return wf_fail_memory(error);
    s->devices = devices;
    uint32_t *order = realloc(s->order, room * sizeof *order);
    if (order == NULL)
        return wf_fail_memory(error);
    s->order = order;
    uint32_t *changed = realloc(s->changed, room * sizeof *changed);
    if (changed == NULL)
        return wf_fail_memory(error);
    s->changed = changed;
    uint32_t *slots = realloc(s->slots, room * 2 * sizeof *slots);
    if (slots == NULL)
        return wf_fail_memory(error);
    s->slots = slots;
    s->devices_room = (uint32_t)room;
    enter_all(s);
    return WEFT_OK;
}

static weft_status need_device(wf_senders *s, wf_text name, device **ret,
                               weft_error *error)
{
    device *d = find_device(s, name);
    if (d == NULL) {
        if (s->devices_count == s->devices_room)
            WF_TRY(more_devices(s, error));
        d = &s->devices[s->devices_count];
        *d = (device){.hash = wf_hash(name.bytes, name.size, s->seed),
                      .name_size = (unsigned char)name.size};
        memcpy(d->name, name.bytes, name.size);
        enter_slot(s, s->devices_count++);
    }
    *ret = d;
    return WEFT_OK;
}

static int by_name(const void *a, const void *b, void *context)
{
    const wf_senders *s = context;
    return wf_text_compare(name_of(&s->devices[*(const uint32_t *)a]),
                           name_of(&s->devices[*(const uint32_t *)b]));
}

// Writes s->order anew: memory that only one call at a time uses.
static const uint32_t *ordered(const wf_senders *s)
{
    for (uint32_t i = 0; i < s->devices_count; i++)
        s->order[i] = i;
    if (s->devices_count > 1)
        qsort_r(s->order, s->devices_count, sizeof *s->order, by_name, (void *)s);
    return s->order;
}

// ---- the book ----

weft_status wf_senders_new(wf_senders **ret, weft_error *error)
{
    wf_senders *s = calloc(1, sizeof *s);
    if (s == NULL)
        return wf_fail_memory(error);
    s->seed = wf_hash_seed();
    s->devices = malloc(devices_start * sizeof *s->devices);
    s->slots = calloc((size_t)devices_start * 2, sizeof *s->slots);
    s->order = malloc(devices_start * sizeof *s->order);
    s->changed = malloc(devices_start * sizeof *s->changed);
    s->nodes = malloc(nodes_start * sizeof *s->nodes);
    if (s->devices == NULL || s->slots == NULL || s->order == NULL ||
        s->changed == NULL || s->nodes == NULL) {
        wf_senders_free(s);
        return wf_fail_memory(error);
    }
    s->devices_room = devices_start;
    s->nodes_room = nodes_start;
    s->nodes_used = 1;
    *ret = s;
    return WEFT_OK;
}

void wf_senders_free(wf_senders *s)
{
    if (s == NULL)
        return;
    free(s->devices);
    free(s->slots);
    free(s->order);
    free(s->changed);
    free(s->nodes);
    free(s->undos);
    free(s);
}

static wf_seq_state state_of(const wf_senders *s, const device *d, int64_t seq)
{
    uint32_t at = holder_of(s, d, seq);
    return at == NODE_NONE ? WF_SEQ_NEW : (wf_seq_state)s->nodes[at].state;
}

wf_seq_state wf_senders_state(const wf_senders *s, wf_identity id)
{
    const device *d = find_device(s, id.device);
    return d == NULL ? WF_SEQ_NEW : state_of(s, d, id.seq);
}

int64_t wf_senders_next(const wf_senders *s, wf_text name)
{
    const device *d = find_device(s, name);
    if (d == NULL)
        return 1;
    return d->greatest < INT64_MAX ? d->greatest + 1 : INT64_MAX;
}

// ---- what has changed ----

static void change(wf_senders *s, device *d)
{
    if (d->is_changed)
        return;
    d->is_changed = true;
    s->changed[s->changed_count++] = (uint32_t)(d - s->devices);
}

bool wf_senders_changed(const wf_senders *s, size_t place, wf_text *ret_device)
{
    if (place >= s->changed_count)
        return false;
    *ret_device = name_of(&s->devices[s->changed[place]]);
    return true;
}

void wf_senders_settled(wf_senders *s)
{
    for (uint32_t i = 0; i < s->changed_count; i++)
        s->devices[s->changed[i]].is_changed = false;
    s->changed_count = 0;
}

// Devices from `count` on are gone.
static void forget_changed(wf_senders *s, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < s->changed_count; i++)
        if (s->changed[i] < count)
            s->changed[kept++] = s->changed[i];
    s->changed_count = kept;
}

// ---- noting ----

// Room for one more undo, so that noting it cannot fail.
static bool reserve_undo(wf_senders *s)
{
    if (!s->marked || s->undos_count < s->undos_room)
        return true;
    size_t room = s->undos_room == 0 ? 256 : s->undos_room * 2, bytes;
    undo *undos = NULL;
    if (!__builtin_mul_overflow(room, sizeof *undos, &bytes))
        undos = realloc(s->undos, bytes);
    if (undos == NULL)
        return false;
    s->undos = undos;
    s->undos_room = room;
    return true;
}

static void note_undo(wf_senders *s, uint32_t place, int64_t seq, wf_seq_state before)
{
    if (!s->marked)
        return;
    undo *last = s->undos_count > 0 ? &s->undos[s->undos_count - 1] : NULL;
    if (last != NULL && last->device == place && last->before == before &&
        last->upto == seq - 1)
        last->upto = seq;
    else
        s->undos[s->undos_count++] =
            (undo){.device = place, .before = before, .from = seq, .upto = seq};
}

weft_status wf_senders_note(wf_senders *s, wf_identity id, wf_seq_state state,
                            weft_error *error)
{
    WF_ASSERT(state == WF_SEQ_HAD || state == WF_SEQ_REFUSED);
    WF_ASSERT(id.device.size > 0 && id.device.size <= WF_DEVICE_BYTES_MAX && id.seq > 0);
    device *d = NULL;
    WF_TRY(need_device(s, id.device, &d, error));
    wf_seq_state before = state_of(s, d, id.seq);
    if (before == state || before == WF_SEQ_HAD)
        return WEFT_OK;
    int more = growth(s, d, id.seq, state);
    if (more > 0 && d->stretches + (uint32_t)more > WF_SENDERS_STRETCHES_MAX)
        return wf_fail(error, WEFT_TOO_LARGE, "senders.scattered", NULL);
    if (!reserve_nodes(s, 2) || !reserve_undo(s))
        return wf_fail_memory(error);
    // A number behind the greatest ends no gap and begins none.
    if (d->greatest == INT64_MAX || id.seq != d->greatest + 1)
        change(s, d);
    set(s, d, id.seq, state);
    note_undo(s, (uint32_t)(d - s->devices), id.seq, before);
    return WEFT_OK;
}

void wf_senders_mark(wf_senders *s)
{
    s->marked = true;
    s->devices_at_mark = s->devices_count;
    s->undos_count = 0;
}

void wf_senders_back(wf_senders *s)
{
    WF_ASSERT(s->marked);
    while (s->undos_count > 0) {
        const undo *u = &s->undos[--s->undos_count];
        change(s, &s->devices[u->device]);
        for (int64_t seq = u->upto; seq >= u->from; seq--)
            set(s, &s->devices[u->device], seq, u->before);
    }
    if (s->devices_count > s->devices_at_mark) {
        s->devices_count = s->devices_at_mark;
        forget_changed(s, s->devices_count);
        enter_all(s);
    }
}

typedef struct {
    bool (*each)(void *context, const wf_seq_gap *gap);
    void *context;
    wf_text device;
    int64_t upto; // of the stretch before
} gaps;

static bool gap_before(void *context, const node *n)
{
    gaps *g = context;
    wf_seq_gap gap = {g->device, g->upto + 1, n->from - 1};
    g->upto = n->upto;
    return gap.from > gap.upto || g->each(g->context, &gap);
}

void wf_senders_gaps(const wf_senders *s,
                     bool (*each)(void *context, const wf_seq_gap *gap), void *context)
{
    const uint32_t *order = ordered(s);
    for (uint32_t i = 0; i < s->devices_count; i++) {
        const device *d = &s->devices[order[i]];
        gaps g = {.each = each, .context = context, .device = name_of(d)};
        if (!each_stretch(s, d->root, gap_before, &g))
            return;
    }
}

void wf_senders_device_gaps(const wf_senders *s, wf_text name,
                            bool (*each)(void *context, const wf_seq_gap *gap),
                            void *context)
{
    const device *d = find_device(s, name);
    gaps g = {.each = each, .context = context};
    if (d == NULL)
        return;
    g.device = name_of(d);
    // Where the walk ends does not matter.
    WF_IGNORE(each_stretch(s, d->root, gap_before, &g),
              "it says whether all were wanted");
}

// ---- checkpoint ----
//
// All numbers are varints: 7 bits a byte, least first, the top bit when more follow,
// never longer than need be.
//
//   version (1), devices
//   a device, bytewise rising: size of its name, name, stretches (at least one)
//     a stretch, rising: numbers missing before it, (its length − 1) × 2 + refused

static bool put_varint(wf_buffer *to, uint64_t value)
{
    unsigned char bytes[10];
    size_t size = 0;
    for (; value >= 0x80; value >>= 7)
        bytes[size++] = (unsigned char)(0x80 | (value & 0x7F));
    bytes[size++] = (unsigned char)value;
    return wf_buffer_append(to, bytes, size);
}

typedef struct {
    wf_buffer *to;
    int64_t upto; // of the stretch before
} saver;

static bool save_stretch(void *context, const node *n)
{
    saver *v = context;
    uint64_t missing = (uint64_t)(n->from - v->upto - 1);
    uint64_t more = (uint64_t)(n->upto - n->from);
    v->upto = n->upto;
    return put_varint(v->to, missing) &&
           put_varint(v->to, more << 1 | (n->state == WF_SEQ_REFUSED));
}

static bool save_device(const wf_senders *s, const device *d, wf_buffer *to)
{
    saver v = {.to = to};
    return put_varint(to, d->name_size) && wf_buffer_append(to, d->name, d->name_size) &&
           put_varint(to, d->stretches) && each_stretch(s, d->root, save_stretch, &v);
}

weft_status wf_senders_save(const wf_senders *s, wf_buffer *ret, weft_error *error)
{
    size_t size = ret->size;
    uint32_t known = 0; // a device whose first note failed has no stretch
    for (uint32_t i = 0; i < s->devices_count; i++)
        known += s->devices[i].stretches > 0;
    bool all = put_varint(ret, save_version) && put_varint(ret, known);
    const uint32_t *order = ordered(s);
    for (uint32_t i = 0; all && i < s->devices_count; i++)
        if (s->devices[order[i]].stretches > 0)
            all = save_device(s, &s->devices[order[i]], ret);
    if (!all)
        ret->size = size;
    return all ? WEFT_OK : wf_fail_memory(error);
}

typedef struct {
    const unsigned char *at, *end;
} varints;

static bool get_varint(varints *from, uint64_t max, uint64_t *ret)
{
    uint64_t value = 0;
    for (unsigned shift = 0; from->at < from->end && shift < 64; shift += 7) {
        unsigned char byte = *from->at++;
        if (shift == 63 && byte > 1)
            return false;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte >= 0x80)
            continue;
        if ((byte == 0 && shift > 0) || value > max)
            return false;
        *ret = value;
        return true;
    }
    return false;
}

static weft_status fail_damaged(weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "senders.damaged", NULL);
}

static weft_status load_stretch(wf_senders *s, device *d, varints *from,
                                weft_error *error)
{
    uint64_t missing, length;
    uint64_t left = (uint64_t)(INT64_MAX - d->greatest);
    if (left == 0 || !get_varint(from, left - 1, &missing) ||
        !get_varint(from, UINT64_MAX, &length) || length >> 1 > left - missing - 1)
        return fail_damaged(error);
    wf_seq_state state = (length & 1) != 0 ? WF_SEQ_REFUSED : WF_SEQ_HAD;
    if (missing == 0 && d->greatest > 0 && state_of(s, d, d->greatest) == state)
        return fail_damaged(error); // one stretch, written as two
    if (!reserve_nodes(s, 1))
        return wf_fail_memory(error);
    int64_t begin = d->greatest + (int64_t)missing + 1;
    d->greatest = begin + (int64_t)(length >> 1);
    insert(s, d, begin, d->greatest, state);
    return WEFT_OK;
}

static weft_status load_device(wf_senders *s, varints *from, weft_error *error)
{
    uint64_t size, stretches;
    if (!get_varint(from, WF_DEVICE_BYTES_MAX, &size) || size == 0 ||
        (size_t)(from->end - from->at) < size)
        return fail_damaged(error);
    wf_text name = {(const char *)from->at, (size_t)size};
    from->at += size;
    if (!get_varint(from, WF_SENDERS_STRETCHES_MAX, &stretches) || stretches == 0)
        return fail_damaged(error);
    const device *last = s->devices_count > 0 ? &s->devices[s->devices_count - 1] : NULL;
    if (last != NULL && wf_text_compare(name_of(last), name) >= 0)
        return fail_damaged(error);
    device *d = NULL;
    WF_TRY(need_device(s, name, &d, error));
    for (uint64_t i = 0; i < stretches; i++)
        WF_TRY(load_stretch(s, d, from, error));
    return WEFT_OK;
}

static weft_status load_all(wf_senders *s, varints *from, weft_error *error)
{
    uint64_t version, devices;
    if (!get_varint(from, save_version, &version) || version != save_version ||
        !get_varint(from, WF_SENDERS_DEVICES_MAX, &devices))
        return fail_damaged(error);
    for (uint64_t i = 0; i < devices; i++)
        WF_TRY(load_device(s, from, error));
    return from->at == from->end ? WEFT_OK : fail_damaged(error);
}

weft_status wf_senders_load(wf_text bytes, wf_senders **ret, weft_error *error)
{
    wf_senders *s = NULL;
    WF_TRY(wf_senders_new(&s, error));
    const unsigned char *begin = (const unsigned char *)bytes.bytes;
    varints from = {begin, begin == NULL ? NULL : begin + bytes.size};
    weft_status status = load_all(s, &from, error);
    if (status == WEFT_OK)
        *ret = s;
    else
        wf_senders_free(s);
    return status;
}
