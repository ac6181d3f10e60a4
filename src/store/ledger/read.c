#include <sodium.h>
#include <string.h>

#include "store/ledger/inside.h"

enum { lookup_bytes = 16 * 1024, scan_bytes = 1 << 20 };

// ---- finding ----

// Fills the spots of an older file, whose heads nobody has walked yet. The state lock is
// held: once a file and a run of the program.
static weft_status walk_spots(wf_ledger *ledger, size_t index, weft_error *error)
{
    wf_ledger_file *file = &ledger->files[index];
    wf_ledger_walk walk = {0};
    weft_status status =
        wf_ledger_walk_open(&walk, ledger->options.io, ledger->options.city_dir,
                            index + 1, scan_bytes, error);
    wf_ledger_walk_from(&walk, wf_ledger_file_head_bytes, file->end, &file->before);
    for (bool found = true; status == WEFT_OK && found;) {
        wf_ledger_record_head head;
        status = wf_ledger_walk_head(&walk, &head, &found, error);
        if (status != WEFT_OK || !found)
            break;
        if (!wf_ledger_note_spot(&file->spots, &file->spots_count, &file->spots_capacity,
                                 0, walk.at, &walk.state))
            status = wf_fail_memory(error);
        wf_ledger_walk_pass(&walk, &head);
    }
    // What the next file says of its beginning must be this one's end.
    if (status == WEFT_OK &&
        !wf_ledger_state_equal(&walk.state, &ledger->files[index + 1].before))
        status = wf_ledger_fail("ledger.damaged", walk.path.text, walk.state.records + 1,
                                error);
    if (status != WEFT_OK)
        file->spots_count = 0;
    wf_ledger_walk_close(&walk);
    return status;
}

// Index of the file that holds a position that is there.
static size_t file_of(const wf_ledger *ledger, uint64_t position)
{
    size_t low = 0, high = ledger->files_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (ledger->files[middle].before.positions < position)
            low = middle;
        else
            high = middle;
    }
    return low;
}

// The last spot at or before the position.
static wf_ledger_spot spot_of(const wf_ledger_file *file, uint64_t position)
{
    size_t low = 0, high = file->spots_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (file->spots[middle].state.positions < position)
            low = middle;
        else
            high = middle;
    }
    return file->spots[low];
}

typedef struct {
    uint64_t file_number, end;
    wf_ledger_spot spot;
} place;

static weft_status fail_no_position(uint64_t position, weft_error *error)
{
    char text[WF_NUMBER_TEXT_MAX];
    return wf_fail(error, WEFT_NOT_FOUND, "ledger.no_position", "position",
                   wf_number_text(text, (int64_t)position), NULL);
}

static weft_status find_place(wf_ledger *ledger, uint64_t position, place *ret,
                              weft_error *error)
{
    weft_status status = WEFT_OK;
    pthread_mutex_lock(&ledger->state);
    if (position == 0 || position > ledger->head.positions) {
        status = fail_no_position(position, error);
    } else {
        size_t index = file_of(ledger, position);
        if (ledger->files[index].spots_count == 0)
            status = walk_spots(ledger, index, error);
        if (status == WEFT_OK)
            *ret = (place){index + 1, ledger->files[index].end,
                           spot_of(&ledger->files[index], position)};
    }
    pthread_mutex_unlock(&ledger->state);
    return status;
}

// Opens the walk at the place and goes on to the record that holds the position.
static weft_status walk_to(wf_ledger *ledger, wf_ledger_walk *walk, uint64_t position,
                           size_t chunk_bytes, wf_ledger_record_head *ret,
                           weft_error *error)
{
    place there;
    WF_TRY(find_place(ledger, position, &there, error));
    WF_TRY(wf_ledger_walk_open(walk, ledger->options.io, ledger->options.city_dir,
                               there.file_number, chunk_bytes, error));
    wf_ledger_walk_from(walk, there.spot.at, there.end, &there.spot.state);
    for (;;) {
        bool found = false;
        WF_TRY(wf_ledger_walk_head(walk, ret, &found, error));
        if (!found) // spots and positions say that it is there
            return wf_ledger_fail("ledger.damaged", walk->path.text,
                                  walk->state.records + 1, error);
        if (position < ret->first + ret->count)
            return WEFT_OK;
        wf_ledger_walk_pass(walk, ret);
    }
}

// When the commit was received, of a record that is not its last. Leaves the walk where
// it was.
static weft_status received_later(wf_ledger_walk *walk, weft_time *ret, weft_error *error)
{
    uint64_t at = walk->at;
    wf_ledger_state state = walk->state;
    wf_ledger_record_head head = {.more = true};
    weft_status status = WEFT_OK;
    while (status == WEFT_OK && head.more) {
        bool found = false;
        status = wf_ledger_walk_head(walk, &head, &found, error);
        if (status == WEFT_OK && !found)
            status = wf_ledger_fail("ledger.damaged", walk->path.text,
                                    walk->state.records + 1, error);
        if (status == WEFT_OK)
            wf_ledger_walk_pass(walk, &head);
    }
    if (status == WEFT_OK)
        *ret = head.received;
    walk->at = at;
    walk->state = state;
    return status;
}

// ---- entries ----

// `status` of opening something sealed, as the caller is told.
static weft_status told(weft_status status, const char *code, const char *path,
                        uint64_t record, weft_error *error)
{
    if (status == WEFT_NO_MEMORY)
        return wf_fail_memory(error);
    return status == WEFT_OK ? WEFT_OK : wf_ledger_fail(code, path, record, error);
}

static weft_status open_record(wf_ledger *ledger, wf_text record, const char *path,
                               const wf_ledger_record_head *head,
                               wf_ledger_opened *opened, weft_error *error)
{
    const wf_key *key;
    WF_TRY(wf_ledger_envelope_key(ledger, &key, error));
    WF_TRY(told(wf_ledger_open_envelopes(key, record, head, opened), "ledger.envelopes",
                path, head->number, error));
    for (size_t i = 0; i < opened->shapes_count; i++)
        opened->shapes[i].kind =
            wf_kinds_numbered(ledger->options.kinds, opened->shapes[i].kind_number);
    return WEFT_OK;
}

static weft_status need_group(wf_ledger *ledger, wf_text record, const char *path,
                              uint32_t group, wf_ledger_opened *opened, weft_error *error)
{
    wf_ledger_group *g = &opened->groups[group];
    const wf_key *key;
    bool forgotten;
    if (g->state != WF_GROUP_SEALED)
        return WEFT_OK;
    WF_TRY(wf_ledger_group_key(ledger, g, &key, &forgotten, error));
    if (forgotten) {
        g->state = WF_GROUP_FORGOTTEN;
        return WEFT_OK;
    }
    return told(wf_ledger_open_group(key, record, group, opened), "ledger.bodies", path,
                opened->head.number, error);
}

// Of a row whose group is open; else empty.
static wf_text body_of(const wf_ledger_opened *opened, uint32_t index)
{
    const wf_ledger_row *row = &opened->rows[index];
    const wf_ledger_group *group = &opened->groups[opened->shapes[row->shape].group];
    if (group->state != WF_GROUP_OPEN)
        return (wf_text){"", 0};
    return (wf_text){opened->bodies.bytes + group->open_at + row->body_at,
                     row->body_bytes};
}

// The group of the row is open or forgotten. Texts are borrowed from `opened` and `body`.
static weft_status make_entry(const wf_ledger_opened *opened, uint32_t index,
                              wf_text body, weft_time received, const char *path,
                              wf_arena *arena, wf_entry *ret, weft_error *error)
{
    const wf_ledger_row *row = &opened->rows[index];
    const wf_ledger_shape *shape = &opened->shapes[row->shape];
    const wf_ledger_group *group = &opened->groups[shape->group];
    ret->position = opened->head.first + index;
    ret->received = received;
    ret->kind_number = shape->kind_number;
    ret->keep = group->keep;
    ret->day = group->day;
    ret->digest = row->digest;
    ret->forgotten = group->state == WF_GROUP_FORGOTTEN;
    ret->elsewhere = shape->elsewhere;
    ret->fact.id = (wf_identity){opened->names[row->device], row->seq};
    ret->fact.kind = shape->kind;
    ret->fact.at = row->at;
    ret->fact.grid = opened->names[row->grid];
    ret->fact.grid_assumed = false;
    ret->fact.amends = (wf_identity){opened->names[row->amends], row->amends_seq};
    // Values of another fact never stay behind.
    memset(ret->fact.values, 0, sizeof ret->fact.values);
    if (ret->forgotten || ret->elsewhere || shape->kind == NULL)
        return WEFT_OK;
    weft_status status = wf_fact_decode(shape->kind, body, arena, &ret->fact, error);
    if (status != WEFT_OK)
        wf_error_at(error, path, 0, NULL);
    return status;
}

// ---- one entry ----

void wf_ledger_drop_cache(wf_ledger *ledger)
{
    for (size_t i = 0; i < wf_ledger_cached; i++) {
        wf_ledger_opened_done(&ledger->cache[i].opened);
        wf_buffer_done(&ledger->cache[i].record);
        ledger->cache[i].used = false;
    }
}

// Bodies that were forgotten after they were read do not stay in memory.
static void mind_purges(wf_ledger *ledger)
{
    bool changed = false;
    for (int keep = WF_KEEP_REGISTER; keep < WF_KEEP_END; keep++) {
        weft_day before = wf_keys_forgotten_before(ledger->options.keys,
                                                   wf_key_class_of((wf_keep)keep));
        changed = changed || ledger->floors[keep] != before.number;
        ledger->floors[keep] = before.number;
    }
    if (changed)
        wf_ledger_drop_cache(ledger);
}

static weft_status load_slot(wf_ledger *ledger, uint64_t position,
                             wf_ledger_cache_slot *slot, weft_error *error)
{
    wf_ledger_record_head head;
    wf_text record;
    slot->used = false;
    WF_TRY(walk_to(ledger, &ledger->walk, position, lookup_bytes, &head, error));
    WF_TRY(wf_ledger_walk_record(&ledger->walk, &head, &record, error));
    wf_buffer_clear(&slot->record);
    if (!wf_buffer_append(&slot->record, record.bytes, record.size))
        return wf_fail_memory(error);
    slot->path = ledger->walk.path;
    slot->received = head.received;
    if (head.more)
        WF_TRY(received_later(&ledger->walk, &slot->received, error));
    WF_TRY(open_record(ledger, wf_buffer_text(&slot->record), ledger->walk.path.text,
                       &head, &slot->opened, error));
    slot->used = true;
    return WEFT_OK;
}

static weft_status find_slot(wf_ledger *ledger, uint64_t position,
                             wf_ledger_cache_slot **ret, weft_error *error)
{
    for (size_t i = 0; i < wf_ledger_cached; i++) {
        wf_ledger_cache_slot *slot = &ledger->cache[i];
        if (slot->used && position >= slot->opened.head.first &&
            position - slot->opened.head.first < slot->opened.head.count) {
            *ret = slot;
            return WEFT_OK;
        }
    }
    wf_ledger_cache_slot *slot = &ledger->cache[ledger->next_slot];
    WF_TRY(load_slot(ledger, position, slot, error));
    ledger->next_slot = (ledger->next_slot + 1) % wf_ledger_cached;
    *ret = slot;
    return WEFT_OK;
}

static bool copy_text(wf_text *text, wf_arena *arena)
{
    wf_text copy = wf_arena_text(arena, *text);
    *text = copy;
    return copy.bytes != NULL;
}

// Its texts into the arena: the record may leave the cache.
static weft_status copy_entry(const wf_ledger_cache_slot *slot, uint32_t index,
                              wf_arena *arena, wf_entry *ret, weft_error *error)
{
    wf_text body = body_of(&slot->opened, index);
    wf_entry entry;
    if (!copy_text(&body, arena))
        return wf_fail_memory(error);
    WF_TRY(make_entry(&slot->opened, index, body, slot->received, slot->path.text, arena,
                      &entry, error));
    if (!copy_text(&entry.fact.id.device, arena) || !copy_text(&entry.fact.grid, arena) ||
        !copy_text(&entry.fact.amends.device, arena))
        return wf_fail_memory(error);
    *ret = entry;
    return WEFT_OK;
}

static weft_status read_locked(wf_ledger *ledger, uint64_t position, wf_arena *arena,
                               wf_entry *ret, weft_error *error)
{
    wf_ledger_cache_slot *slot;
    mind_purges(ledger);
    WF_TRY(find_slot(ledger, position, &slot, error));
    uint32_t index = (uint32_t)(position - slot->opened.head.first);
    uint32_t group = slot->opened.shapes[slot->opened.rows[index].shape].group;
    WF_TRY(need_group(ledger, wf_buffer_text(&slot->record), slot->path.text, group,
                      &slot->opened, error));
    return copy_entry(slot, index, arena, ret, error);
}

weft_status wf_ledger_read(wf_ledger *ledger, uint64_t position, wf_arena *arena,
                           wf_entry *ret, weft_error *error)
{
    pthread_mutex_lock(&ledger->reading);
    weft_status status = read_locked(ledger, position, arena, ret, error);
    pthread_mutex_unlock(&ledger->reading);
    return status;
}

// ---- all entries ----

typedef struct {
    wf_ledger *ledger;
    uint64_t from;
    wf_ledger_visitor *each;
    void *context;
    wf_ledger_walk walk;
    wf_ledger_opened opened;
    uint64_t commit; // of which the time of receipt is known
    weft_time received;
} scan;

static weft_status visit_rows(scan *s, wf_text record, wf_arena *arena, weft_error *error)
{
    wf_ledger_opened *opened = &s->opened;
    const char *path = s->walk.path.text;
    uint64_t first = opened->head.first;
    wf_entry entry;
    for (uint32_t i = s->from > first ? (uint32_t)(s->from - first) : 0;
         i < opened->head.count; i++) {
        uint32_t group = opened->shapes[opened->rows[i].shape].group;
        WF_TRY(need_group(s->ledger, record, path, group, opened, error));
        WF_TRY(make_entry(opened, i, body_of(opened, i), s->received, path, arena, &entry,
                          error));
        WF_TRY(s->each(s->context, &entry, error));
    }
    return WEFT_OK;
}

static weft_status scan_record(scan *s, const wf_ledger_record_head *head,
                               weft_error *error)
{
    wf_text record;
    if (head->commit != s->commit) {
        s->received = head->received;
        if (head->more)
            WF_TRY(received_later(&s->walk, &s->received, error));
        s->commit = head->commit;
    }
    WF_TRY(wf_ledger_walk_record(&s->walk, head, &record, error));
    WF_TRY(open_record(s->ledger, record, s->walk.path.text, head, &s->opened, error));
    wf_arena arena; // of this record's lists
    wf_arena_init(&arena, 0);
    weft_status status = visit_rows(s, record, &arena, error);
    wf_arena_done(&arena);
    return status;
}

// Walks on to the end of the file at hand, or to the position.
static weft_status scan_file(scan *s, uint64_t upto, weft_error *error)
{
    while (s->walk.state.positions < upto) {
        wf_ledger_record_head head;
        bool found = false;
        WF_TRY(wf_ledger_walk_head(&s->walk, &head, &found, error));
        if (!found)
            break;
        WF_TRY(scan_record(s, &head, error));
        wf_ledger_walk_pass(&s->walk, &head);
    }
    return WEFT_OK;
}

static weft_status scan_all(scan *s, weft_error *error)
{
    uint64_t upto = wf_ledger_now(s->ledger).positions;
    while (s->from <= upto) {
        wf_ledger_record_head head;
        WF_TRY(walk_to(s->ledger, &s->walk, s->from, scan_bytes, &head, error));
        WF_TRY(scan_file(s, upto, error));
        s->from = s->walk.state.positions + 1;
    }
    return WEFT_OK;
}

weft_status wf_ledger_scan(wf_ledger *ledger, uint64_t from, wf_ledger_visitor *each,
                           void *context, weft_error *error)
{
    scan s = {
        .ledger = ledger, .from = from == 0 ? 1 : from, .each = each, .context = context};
    weft_status status = scan_all(&s, error);
    wf_ledger_opened_done(&s.opened);
    wf_ledger_walk_close(&s.walk);
    return status;
}
