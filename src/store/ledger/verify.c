// Checking a ledger: the chain is followed by one thread, while the other opens what is
// sealed, a stretch of a file at a time.
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/parallel.h"
#include "store/ledger/inside.h"

enum {
    threads_count = 2,
    stretch_bytes = wf_ledger_record_bytes_max, // a record fits in any case
    records_max = 16384                         // of a stretch
};

typedef struct {
    wf_ledger_record_head head;
    wf_text record;
    bool base; // the link before it is not known
    bool link_wrong;
    const char *wrong; // what does not open, as a code
    bool no_memory;
} item;

typedef struct {
    wf_ledger *ledger;
    void (*found)(void *context, const weft_error *what);
    void *context;
    uint64_t wrong;
    wf_ledger_walk walk;
    bool link_known;                   // the link before the next record
    bool troubled;                     // in this file something was found already
    unsigned char link[WF_LINK_BYTES]; // of the last record, as it says
    unsigned char should[WF_LINK_BYTES];
    bool last_wrong;
    item *items;
    size_t count, capacity;
    wf_ledger_opened opened[threads_count];
    wf_keys_ledger mark;
} check;

// ---- findings ----

static void tell(check *c, const weft_error *what)
{
    c->wrong++;
    c->troubled = true;
    if (c->found != NULL)
        c->found(c->context, what);
}

static void tell_record(check *c, const char *code, uint64_t record)
{
    weft_error what = {0};
    WF_IGNORE(wf_ledger_fail(code, c->walk.path.text, record, &what),
              "a finding, not a failure");
    tell(c, &what);
}

static void tell_path(check *c, const char *code, const char *path)
{
    weft_error what = {0};
    WF_IGNORE(wf_fail(&what, WEFT_DAMAGED, code, "path", path, NULL),
              "a finding, not a failure");
    tell(c, &what);
}

static void tell_order(check *c, uint64_t record, uint64_t wanted)
{
    weft_error what = {0};
    char is[WF_NUMBER_TEXT_MAX], should[WF_NUMBER_TEXT_MAX];
    WF_IGNORE(wf_fail(&what, WEFT_DAMAGED, "ledger.order", "path", c->walk.path.text,
                      "record", wf_number_text(is, (int64_t)record), "wanted",
                      wf_number_text(should, (int64_t)wanted), NULL),
              "a finding, not a failure");
    tell(c, &what);
}

// ---- a stretch ----

static bool link_is(const unsigned char before[WF_LINK_BYTES], const item *it,
                    unsigned char computed[WF_LINK_BYTES])
{
    wf_ledger_link(before, it->record, computed);
    return memcmp(computed, it->head.link, WF_LINK_BYTES) == 0;
}

// Behind a wrong record, so that not all that follow look wrong too, the chain may go on
// from the link that it says, or from the one that it should have.
static void follow_chain(check *c)
{
    for (size_t i = 0; i < c->count; i++) {
        item *it = &c->items[i];
        unsigned char computed[WF_LINK_BYTES], ignored[WF_LINK_BYTES];
        memcpy(computed, it->head.link, sizeof computed);
        it->link_wrong = !it->base && !link_is(c->link, it, computed) &&
                         !(c->last_wrong && link_is(c->should, it, ignored));
        c->last_wrong = it->link_wrong;
        memcpy(c->should, computed, sizeof c->should);
        memcpy(c->link, it->head.link, sizeof c->link);
    }
}

static weft_status open_all(check *c, item *it, wf_ledger_opened *opened)
{
    weft_error inner = {0};
    const wf_key *key;
    it->wrong = "ledger.envelopes";
    WF_TRY(wf_ledger_envelope_key(c->ledger, &key, &inner));
    WF_TRY(wf_ledger_open_envelopes(key, it->record, &it->head, opened));
    it->wrong = "ledger.bodies";
    for (uint32_t i = 0; i < opened->groups_count; i++) {
        bool forgotten;
        WF_TRY(
            wf_ledger_group_key(c->ledger, &opened->groups[i], &key, &forgotten, &inner));
        if (!forgotten)
            WF_TRY(wf_ledger_open_group(key, it->record, i, opened));
    }
    it->wrong = NULL;
    return WEFT_OK;
}

static void check_part(void *job, unsigned thread, size_t index)
{
    check *c = job;
    if (index == 0)
        follow_chain(c);
    else
        c->items[index - 1].no_memory =
            open_all(c, &c->items[index - 1], &c->opened[thread]) == WEFT_NO_MEMORY;
}

static weft_status report_stretch(check *c, weft_error *error)
{
    for (size_t i = 0; i < c->count; i++) {
        const item *it = &c->items[i];
        if (it->no_memory)
            return wf_fail_memory(error);
        if (it->link_wrong || it->wrong != NULL)
            tell_record(c, it->link_wrong ? "ledger.damaged" : it->wrong,
                        it->head.number);
        else if (!it->head.more && it->head.commit == c->mark.commits &&
                 memcmp(it->head.link, c->mark.link, WF_LINK_BYTES) != 0)
            tell_path(c, "ledger.other", c->walk.path.text);
    }
    return WEFT_OK;
}

static weft_status check_stretch(check *c, weft_error *error)
{
    wf_parallel_for(threads_count, c->count + 1, check_part, c);
    weft_status status = report_stretch(c, error);
    c->count = 0;
    return status;
}

// ---- going on behind damage ----

// Goes to the next head that can be one of a later record; to the end when there is none.
static weft_status seek_head(check *c, weft_error *error)
{
    wf_ledger_walk *walk = &c->walk;
    while (walk->at < walk->end) {
        const unsigned char *bytes;
        uint64_t left = walk->end - walk->at;
        size_t size = left < stretch_bytes ? (size_t)left : stretch_bytes;
        WF_TRY(wf_ledger_walk_bytes(walk, size, &bytes, error));
        for (const unsigned char *at = bytes, *end = bytes + size;
             (at = memchr(at, 'W', (size_t)(end - at))) != NULL; at++) {
            wf_ledger_record_head head;
            if ((size_t)(end - at) < wf_ledger_record_head_bytes)
                break;
            if (wf_ledger_parse_head(at, &head) && head.number > walk->state.records) {
                walk->at += (uint64_t)(at - bytes);
                return WEFT_OK;
            }
        }
        if (size == left)
            break;
        walk->at += size - (wf_ledger_record_head_bytes - 1);
    }
    walk->at = walk->end;
    return WEFT_OK;
}

// The head at walk->at is taken as it is.
static void adopt(check *c, const wf_ledger_record_head *head)
{
    c->walk.state = (wf_ledger_state){.records = head->number - 1,
                                      .commits = head->commit - 1,
                                      .positions = head->first - 1,
                                      .received = WF_TIME_NONE};
    c->link_known = false;
}

static bool head_here(check *c, wf_ledger_record_head *ret)
{
    const unsigned char *bytes;
    weft_error inner = {0};
    uint64_t left = c->walk.end - c->walk.at;
    return left >= wf_ledger_record_head_bytes &&
           wf_ledger_walk_bytes(&c->walk, wf_ledger_record_head_bytes, &bytes, &inner) ==
               WEFT_OK &&
           wf_ledger_parse_head(bytes, ret) && ret->size <= left;
}

// Whether behind the record at walk->at stands the one after the wanted: then it is the
// wanted one, whatever number it says it has. At the end of a file it may be the last.
static bool next_is_next(check *c, const wf_ledger_record_head *head, uint64_t wanted)
{
    wf_ledger_record_head next;
    uint64_t at = c->walk.at;
    c->walk.at += head->size;
    bool found =
        c->walk.at == c->walk.end || (head_here(c, &next) && next.number == wanted + 1);
    c->walk.at = at;
    return found;
}

// What stands at walk->at does not follow: names it, and finds where to go on.
static weft_status pass_damage(check *c, weft_error *error)
{
    wf_ledger_record_head head;
    uint64_t wanted = c->walk.state.records + 1;
    if (head_here(c, &head) && head.number != wanted && !next_is_next(c, &head, wanted)) {
        tell_order(c, head.number, wanted);
        adopt(c, &head);
        return WEFT_OK;
    }
    tell_record(c, "ledger.damaged", wanted);
    if (c->walk.at < c->walk.end)
        c->walk.at++;
    weft_status status = seek_head(c, error);
    if (status == WEFT_DAMAGED) { // the file became shorter since it was opened
        wf_error_clear(error);
        c->walk.at = c->walk.end;
        return WEFT_OK;
    }
    if (status == WEFT_OK && head_here(c, &head))
        adopt(c, &head);
    else
        c->walk.at = c->walk.end;
    return status;
}

// ---- files ----

// Whether the record lies in what is read already.
static bool is_loaded(const wf_ledger_walk *walk, const wf_ledger_record_head *head)
{
    return walk->at + head->size <= walk->window_at + walk->window.size;
}

static weft_status check_records(check *c, weft_error *error)
{
    for (;;) {
        wf_ledger_record_head head;
        bool found = false;
        // Reading on would move what the items of a stretch borrow.
        uint64_t loaded = c->walk.window_at + c->walk.window.size;
        if (c->count > 0 && (c->walk.at + wf_ledger_record_head_bytes > loaded ||
                             c->count == records_max))
            WF_TRY(check_stretch(c, error));
        weft_status status = wf_ledger_walk_head(&c->walk, &head, &found, error);
        if (status == WEFT_DAMAGED) {
            wf_error_clear(error);
            WF_TRY(check_stretch(c, error));
            WF_TRY(pass_damage(c, error));
            continue;
        }
        WF_TRY(status);
        if (!found)
            return check_stretch(c, error);
        if (!is_loaded(&c->walk, &head))
            WF_TRY(check_stretch(c, error));
        item *items = wf_grow(c->items, c->count, &c->capacity, sizeof *items), *it;
        if (items == NULL)
            return wf_fail_memory(error);
        c->items = items;
        it = &items[c->count];
        *it = (item){.head = head, .base = !c->link_known};
        WF_TRY(wf_ledger_walk_record(&c->walk, &head, &it->record, error));
        c->count++;
        c->link_known = true;
        wf_ledger_walk_pass(&c->walk, &head);
    }
}

// The head of the file must say where the chain stands.
static weft_status check_file_head(check *c, uint64_t number,
                                   const wf_ledger_state *before, weft_error *error)
{
    unsigned char is[wf_ledger_file_head_bytes], should[wf_ledger_file_head_bytes];
    wf_ledger_print_file_head(should, number, before);
    weft_status status = wf_io_pread_all(c->walk.io, c->walk.file, is, sizeof is, 0,
                                         c->walk.path.text, error);
    if (status == WEFT_DAMAGED) {
        wf_error_clear(error);
        memset(is, 0, sizeof is);
        status = WEFT_OK;
    }
    if (status == WEFT_OK && memcmp(is, should, sizeof is) != 0)
        tell_path(c, "ledger.file_damaged", c->walk.path.text);
    return status;
}

static weft_status check_file(check *c, const wf_ledger_file *file, uint64_t number,
                              weft_error *error)
{
    bool was_troubled = c->troubled;
    wf_ledger_state before = c->walk.state;
    WF_TRY(wf_ledger_walk_open(&c->walk, c->ledger->options.io,
                               c->ledger->options.city_dir, number, stretch_bytes,
                               error));
    c->troubled = false;
    c->last_wrong = false;
    if (was_troubled) { // where the chain stands is known from this file only
        before = file->before;
        c->link_known = true;
        memcpy(c->link, before.link, sizeof c->link);
    } else if (number > 1 && before.records != file->before.records) {
        tell_order(c, file->before.records + 1, before.records + 1);
        before = file->before;
        memcpy(c->link, before.link, sizeof c->link);
    }
    WF_TRY(check_file_head(c, number, &before, error));
    wf_ledger_walk_from(&c->walk, wf_ledger_file_head_bytes, file->end, &before);
    return check_records(c, error);
}

// Files and their ends do not change under the check; a copy of what it needs of them.
static weft_status copy_files(wf_ledger *ledger, wf_ledger_file **ret, size_t *ret_count,
                              wf_ledger_state *ret_head, wf_keys_ledger *ret_mark,
                              weft_error *error)
{
    pthread_mutex_lock(&ledger->state);
    size_t count = ledger->files_count;
    wf_ledger_file *files = calloc(count + 1, sizeof *files);
    for (size_t i = 0; files != NULL && i < count; i++)
        files[i] = ledger->files[i];
    *ret_head = ledger->head;
    *ret_mark = wf_keys_ledger_marked(ledger->options.keys);
    pthread_mutex_unlock(&ledger->state);
    if (files == NULL)
        return wf_fail_memory(error);
    *ret = files;
    *ret_count = count;
    return WEFT_OK;
}

static weft_status check_files(check *c, weft_error *error)
{
    wf_ledger_file *files = NULL;
    wf_ledger_state head;
    size_t count = 0;
    WF_TRY(copy_files(c->ledger, &files, &count, &head, &c->mark, error));
    weft_status status = WEFT_OK;
    c->walk.state = wf_ledger_state_first();
    c->link_known = true;
    for (size_t i = 0; i < count && status == WEFT_OK; i++)
        status = check_file(c, &files[i], i + 1, error);
    free(files);
    WF_TRY(status);
    if (!c->troubled && !wf_ledger_state_equal(&c->walk.state, &head))
        tell_record(c, "ledger.damaged", c->walk.state.records + 1);
    return WEFT_OK;
}

weft_status wf_ledger_verify(wf_ledger *ledger,
                             void (*found)(void *context, const weft_error *what),
                             void *context, weft_error *error)
{
    check c = {.ledger = ledger, .found = found, .context = context};
    weft_status status = check_files(&c, error);
    for (size_t i = 0; i < threads_count; i++)
        wf_ledger_opened_done(&c.opened[i]);
    wf_ledger_walk_close(&c.walk);
    free(c.items);
    if (status != WEFT_OK || c.wrong == 0)
        return status;
    char count[WF_NUMBER_TEXT_MAX];
    return wf_fail(error, WEFT_FOUND_WRONG, "ledger.found_wrong", "count",
                   wf_number_text(count, (int64_t)c.wrong), NULL);
}
