#include "access/looks/exports.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/looks/looks_inside.h"
#include "access/rights/scope.h"
#include "base/hash.h"
#include "desk/register/kinds.h"
#include "desk/register/one_user.h"

#define EXPORTS_DEVICE WF_TEXT("weft/exports")

// ---- the file ----

static weft_status show_one(void *context, const char *person, weft_error *error)
{
    wf_export_file *file = context;
    wf_text id = wf_text_of(person);
    // 64 bits: of a city's people two share a hash once in a million exports.
    uint64_t hash = wf_hash(id.bytes, id.size, 0);
    if (wf_hash_set_has(&file->seen, hash))
        return WEFT_OK;
    if (file->most != 0 && file->count >= file->most) {
        file->count++;
        return wf_hash_set_add(&file->seen, hash) ? WEFT_OK : wf_fail_memory(error);
    }
    wf_value value = {.given = true, .text = wf_arena_text(&file->arena, id)};
    if (value.text.bytes == NULL || !wf_hash_set_add(&file->seen, hash) ||
        !wf_buffer_append(&file->persons, &value, sizeof value))
        return wf_fail_memory(error);
    file->count++;
    return WEFT_OK;
}

weft_status wf_export_file_show(wf_export_file *file, const wf_asker *asker,
                                const weft_view_question *question,
                                const weft_view_page *page, weft_error *error)
{
    return wf_answers_each_person(asker, question, page, show_one, file, error);
}

void wf_export_file_posted(wf_export_file *file)
{
    wf_buffer_wipe(&file->persons);
    wf_arena_done(&file->arena);
    file->count = 0;
}

void wf_export_file_done(wf_export_file *file)
{
    wf_buffer_wipe(&file->persons);
    wf_hash_set_done(&file->seen);
    wf_arena_done(&file->arena);
    *file = (wf_export_file){0};
}

// ---- facts ----

static wf_fact begin_fact(wf_looks *looks, const wf_kind *kind, const wf_actor *actor)
{
    return (wf_fact){.id = {EXPORTS_DEVICE, 0},
                     .kind = kind,
                     .at = wf_shared_now(looks->shared),
                     .grid = wf_text_of(actor->grid)};
}

static void set_text(wf_fact *fact, const char *name, const char *text)
{
    size_t place = wf_kind_field(fact->kind, wf_text_of(name));
    WF_ASSERT(place != SIZE_MAX);
    fact->values[place] = (wf_value){.given = text[0] != '\0', .text = wf_text_of(text)};
}

// The writer gives the number.
static weft_status check(wf_fact *fact, weft_error *error)
{
    fact->id.seq = 1;
    weft_status status = wf_fact_check(fact, error);
    fact->id.seq = 0;
    return status;
}

static weft_status send(wf_looks *looks, wf_fact *fact, weft_error *error)
{
    wf_verdict verdict;
    WF_TRY(check(fact, error));
    WF_TRY(wf_shared_send(looks->shared, fact, 1, &verdict, error));
    return verdict.sent == WF_SENT_ACCEPTED
               ? WEFT_OK
               : wf_fail(error, WEFT_STORAGE, "look.not_kept_safe", NULL);
}

// Whoever is told asks for the export next: by then the rows have it.
static void wait_for_rows(wf_looks *looks)
{
    enum { wait_ms = 2000 };
    WF_IGNORE(!wf_shared_catch_up(looks->shared, wait_ms),
              "who agrees earlier is told that there is none, who fetches that it waits");
}

// ---- many looks in one commit ----

typedef struct {
    wf_post post;
    wf_arena arena;
    wf_actor actor;
    wf_look look;
    wf_export_file *file;
    wf_looks_done done;
    void *context;
} posted;

static void end_post(wf_post *post, weft_status status, const weft_error *error)
{
    posted *of = post->context;
    weft_error refused = {0};
    for (size_t i = 0; status == WEFT_OK && i < post->count; i++)
        if (post->lines[i].sent != WF_SENT_ACCEPTED) {
            status = wf_fail(&refused, WEFT_STORAGE, "look.not_kept_safe", NULL);
            error = &refused;
        }
    wf_looks_done done = of->done;
    void *context = of->context;
    weft_error kept = error != NULL ? *error : (weft_error){0};
    wf_arena_done(&of->arena);
    free(of);
    done(context, status, &kept);
}

// One fact a part of 500, and that of the delivery.
static weft_status make_lines(wf_looks *looks, weft_city *city, posted *of,
                              const char *id, weft_time machine_now, weft_error *error)
{
    wf_value *persons = (wf_value *)(void *)of->file->persons.bytes;
    WF_ASSERT(of->file->persons.size == of->file->count * sizeof *persons);
    size_t count = of->file->count, parts = count / WF_LOOK_PERSONS_MAX + 1;
    wf_fact *facts = wf_arena_array(&of->arena, parts + 1, sizeof *facts);
    of->post.lines = wf_arena_array(&of->arena, parts + 1, sizeof *of->post.lines);
    if (facts == NULL || of->post.lines == NULL)
        return wf_fail_memory(error);
    wf_look_moment moment = {.zone = city->zone, .now = wf_shared_now(looks->shared)};
    wf_look_whom all = {.persons = persons, .count = count};
    // What a second person has agreed to is nobody's pace.
    if (id[0] == '\0')
        wf_looks_sum_up(looks, &of->look, &all, count, machine_now, &moment);
    for (size_t part = 0; part < parts; part++) {
        size_t from = part * WF_LOOK_PERSONS_MAX, left = count - from;
        wf_look_whom whom = {.persons = persons + from,
                             .count =
                                 left < WF_LOOK_PERSONS_MAX ? left : WF_LOOK_PERSONS_MAX};
        if (whom.count == 0 && part > 0)
            break;
        WF_TRY(wf_looks_notice(looks, city, &of->actor, &whom, machine_now, error));
        WF_TRY(wf_look_fact(&of->look, &whom, &moment, &of->arena, &facts[part], error));
        of->post.lines[of->post.count++] = (wf_post_line){.fact = &facts[part]};
    }
    if (id[0] != '\0') {
        wf_fact *last = &facts[parts];
        *last = begin_fact(looks, &wf_kind_export_delivered, &of->actor);
        set_text(last, "export", id);
        WF_TRY(check(last, error));
        of->post.lines[of->post.count++] = (wf_post_line){.fact = last};
    }
    return WEFT_OK;
}

void wf_exports_post(wf_looks *looks, weft_city *city, const wf_look *look,
                     wf_export_file *file, const char *id, weft_time machine_now,
                     wf_looks_done done, void *context)
{
    weft_error error = {0};
    posted *of = calloc(1, sizeof *of);
    if (of == NULL) {
        done(context, wf_fail_memory(&error), &error);
        return;
    }
    of->actor = *look->actor;
    of->look = *look;
    of->look.actor = &of->actor;
    of->file = file;
    of->done = done;
    of->context = context;
    of->post.from = "weft/looks";
    of->post.arena = &of->arena;
    of->post.done = end_post;
    of->post.context = of;
    weft_status status = make_lines(looks, city, of, id, machine_now, &error);
    if (status == WEFT_OK) {
        wf_shared_post(looks->shared, &of->post);
        return;
    }
    wf_arena_done(&of->arena);
    free(of);
    done(context, status, &error);
}

// ---- with two people ----

weft_status wf_exports_request(wf_looks *looks, const wf_look *look, const char *question,
                               uint64_t persons, char ret_id[WF_EXPORT_ID_BYTES + 1],
                               weft_error *error)
{
    wf_fact fact = begin_fact(looks, &wf_kind_export_requested, look->actor);
    snprintf(ret_id, WF_EXPORT_ID_BYTES + 1, "%016" PRIx64, wf_hash_seed());
    set_text(&fact, "export", ret_id);
    set_text(&fact, "actor", look->actor->name);
    set_text(&fact, "reference_kind", wf_reference_words[look->why.kind]);
    set_text(&fact, "reference", look->why.reference);
    set_text(&fact, "purpose", wf_purpose_words[look->why.purpose]);
    set_text(&fact, "asked", look->asked);
    set_text(&fact, "question", question);
    fact.values[wf_kind_field(fact.kind, WF_TEXT("persons"))] =
        (wf_value){.given = true, .number = (int64_t)persons};
    WF_TRY(send(looks, &fact, error));
    wait_for_rows(looks);
    return WEFT_OK;
}

weft_status wf_exports_release(wf_looks *looks, const wf_actor *actor, const char *id,
                               weft_error *error)
{
    wf_fact fact = begin_fact(looks, &wf_kind_export_released, actor);
    set_text(&fact, "export", id);
    set_text(&fact, "actor", actor->name);
    WF_TRY(send(looks, &fact, error));
    wait_for_rows(looks);
    return WEFT_OK;
}

static weft_status unknown(weft_error *error)
{
    return wf_fail(error, WEFT_NOT_FOUND, "export.unknown", NULL);
}

static const weft_view_value *cell(const weft_view_page *page, const char *name)
{
    size_t at = 0;
    while (strcmp(page->about->columns[at].name, name) != 0)
        at++;
    return &page->values[at];
}

static bool take_text(const weft_view_page *page, const char *name, char *ret,
                      size_t size)
{
    const weft_view_value *value = cell(page, name);
    size_t length = value->given ? strlen(value->text) : 0;
    if (length >= size)
        return false;
    memcpy(ret, value->given ? value->text : "", length + 1);
    return true;
}

static bool take_why(const weft_view_page *page, wf_look_why *ret)
{
    size_t kind =
        wf_word_place(wf_reference_words, wf_text_of(cell(page, "reference_kind")->text));
    size_t purpose =
        wf_word_place(wf_purpose_words, wf_text_of(cell(page, "purpose")->text));
    ret->kind = (wf_reference_kind)kind;
    ret->purpose = (wf_purpose)purpose;
    return kind != SIZE_MAX && purpose != SIZE_MAX &&
           take_text(page, "reference", ret->reference, sizeof ret->reference);
}

weft_status wf_exports_find(const wf_asker *asker, const char *id, wf_export_request *ret,
                            weft_error *error)
{
    char field[sizeof "export_id=" + WF_EXPORT_ID_BYTES];
    const char *fields[] = {field};
    weft_view_question question = {.view = "register/export_question",
                                   .fields = fields,
                                   .fields_count = 1,
                                   .limit = 1};
    weft_view_page page;
    wf_export_request found = {.persons = 0};
    if (strlen(id) != WF_EXPORT_ID_BYTES)
        return unknown(error);
    snprintf(field, sizeof field, "export_id=%s", id);
    WF_TRY(weft_view_read(asker->city, &question, &page, error));
    if (page.rows_count == 0 || !cell(&page, "requested_by")->given ||
        !take_text(&page, "export_id", found.id, sizeof found.id) ||
        !take_text(&page, "requested_by", found.requested_by,
                   sizeof found.requested_by) ||
        !take_text(&page, "grid", found.grid, sizeof found.grid) ||
        !take_text(&page, "asked", found.view, sizeof found.view) ||
        !take_text(&page, "question", found.question, sizeof found.question) ||
        !take_why(&page, &found.why))
        return unknown(error);
    found.persons = (uint64_t)cell(&page, "persons")->number;
    const weft_view_value *by = cell(&page, "released_by");
    found.released = by->given && strcmp(by->text, found.requested_by) != 0;
    found.delivered = cell(&page, "delivered_at")->given;
    *ret = found;
    return WEFT_OK;
}

// Whether who asked for it is the same person under another name.
static weft_status is_another_account(const wf_asker *asker, const char *requested_by,
                                      bool *ret, weft_error *error)
{
    char sender[WF_ACTOR_SENDER_MAX + 1];
    wf_actor asked = {.kind = WF_ACTOR_USER};
    wf_references *references;
    char other[WF_ACTOR_SENDER_MAX + 1];
    size_t size = strlen(requested_by);
    WF_ASSERT(size <= WF_ACTOR_NAME_MAX);
    memcpy(asked.name, requested_by, size + 1);
    WF_TRY(wf_city_references(asker->city, &references, error));
    return wf_senders_are_one(wf_references_rows(references),
                              wf_actor_sender(asker->actor, sender),
                              wf_actor_sender(&asked, other), ret, error);
}

weft_status wf_exports_may_release(const wf_asker *asker, const wf_export_request *of,
                                   weft_error *error)
{
    const wf_actor *actor = asker->actor;
    if (strncmp(of->grid, actor->grid, strlen(actor->grid)) != 0)
        return unknown(error);
    bool same = strcmp(actor->name, of->requested_by) == 0;
    if (!same)
        WF_TRY(is_another_account(asker, of->requested_by, &same, error));
    if (same)
        return wf_fail(error, WEFT_CONFLICT, "export.own", NULL);
    return of->released ? wf_fail(error, WEFT_CONFLICT, "export.agreed", NULL) : WEFT_OK;
}

weft_status wf_exports_may_fetch(const wf_asker *asker, const wf_export_request *of,
                                 weft_error *error)
{
    if (strcmp(asker->actor->name, of->requested_by) != 0)
        return unknown(error);
    if (!of->released)
        return wf_fail(error, WEFT_CONFLICT, "export.waits", NULL);
    return of->delivered ? wf_fail(error, WEFT_CONFLICT, "export.delivered", NULL)
                         : WEFT_OK;
}

// ---- once ----

static size_t place_of(const wf_looks *looks, const char *id)
{
    size_t at = 0;
    while (at < wf_looks_delivering_max && strcmp(looks->delivering[at], id) != 0)
        at++;
    return at;
}

weft_status wf_exports_once(wf_looks *looks, const char *id, weft_error *error)
{
    pthread_mutex_lock(&looks->lock);
    bool first = place_of(looks, id) == wf_looks_delivering_max;
    if (first) {
        char *slot =
            looks->delivering[looks->delivering_next++ % wf_looks_delivering_max];
        memcpy(slot, id, WF_EXPORT_ID_BYTES + 1);
    }
    pthread_mutex_unlock(&looks->lock);
    return first ? WEFT_OK : wf_fail(error, WEFT_CONFLICT, "export.delivered", NULL);
}

void wf_exports_forget(wf_looks *looks, const char *id)
{
    pthread_mutex_lock(&looks->lock);
    size_t at = place_of(looks, id);
    if (id[0] != '\0' && at < wf_looks_delivering_max)
        looks->delivering[at][0] = '\0';
    pthread_mutex_unlock(&looks->lock);
}
