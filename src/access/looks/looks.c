#include "access/looks/looks.h"

#include <stdlib.h>
#include <string.h>

#include "access/asked/case_number.h"
#include "access/looks/looks_inside.h"
#include "access/rights/scope.h"
#include "base/hash.h"
#include "desk/register/looks_lately.h"

// ---- beginning ----

// How the city's times of lately stand to the machine's: a drill's clock that ran faster
// was further off than it says, so that less counts and never more.
typedef struct {
    wf_looks *looks;
    weft_time now, machine_now;
} recalling;

static weft_time machine_time(const recalling *of, weft_time at)
{
    int64_t ago_us = of->now.us - at.us;
    return (weft_time){of->machine_now.us - (ago_us > 0 ? ago_us : 0)};
}

// More at once is a file that a second person has agreed to: nobody's pace.
static void recall_pace(void *context, wf_text actor, weft_time at, uint64_t persons)
{
    const recalling *of = context;
    if (persons <= wf_look_pace_hour_max)
        wf_look_paces_note(of->looks->paces, actor, (uint32_t)persons, true,
                           machine_time(of, at));
}

static void recall_look(void *context, wf_text actor, wf_text person, weft_time at)
{
    const recalling *of = context;
    wf_look_often_note(of->looks->often, actor, person, machine_time(of, at));
}

static weft_status recall(wf_looks *looks, weft_time machine_now, weft_error *error)
{
    enum { looks_most = 16384 };
    const int64_t hour_us = 3600 * WF_US_PER_S;
    recalling of = {looks, wf_shared_now(looks->shared), machine_now};
    weft_time hour = {of.now.us - hour_us}, day = {of.now.us - 24 * hour_us};
    wf_references *references;
    weft_city *city;
    WF_TRY(wf_shared_read(looks->shared, &city, error));
    weft_status status = wf_city_references(city, &references, error);
    if (status == WEFT_OK)
        status = wf_looks_lately(wf_references_rows(references), hour, recall_pace, &of,
                                 error);
    if (status == WEFT_OK)
        status = wf_looks_at_one(city->store, wf_references_rows(references), day,
                                 looks_most, recall_look, &of, error);
    wf_shared_read_end(looks->shared, city);
    return status;
}

weft_status wf_looks_new(wf_shared *shared, wf_accounts *accounts, weft_time machine_now,
                         wf_looks **ret, weft_error *error)
{
    wf_looks *made = calloc(1, sizeof *made);
    if (made == NULL)
        return wf_fail_memory(error);
    WF_ASSERT(pthread_mutex_init(&made->lock, NULL) == 0);
    made->shared = shared;
    made->accounts = accounts;
    weft_status status = wf_look_paces_new(&made->paces, error);
    if (status == WEFT_OK)
        status = wf_look_paces_new(&made->refusals, error);
    if (status == WEFT_OK)
        status = wf_look_often_new(&made->often, error);
    if (status == WEFT_OK)
        status = recall(made, machine_now, error);
    if (status == WEFT_OK)
        *ret = made;
    else
        wf_looks_free(made);
    return status;
}

void wf_looks_free(wf_looks *looks)
{
    if (looks == NULL)
        return;
    wf_look_paces_free(looks->paces);
    wf_look_paces_free(looks->refusals);
    wf_look_often_free(looks->often);
    wf_buffer_done(&looks->colleagues);
    wf_hash_set_done(&looks->colleagues_ids);
    pthread_mutex_destroy(&looks->lock);
    free(looks);
}

// ---- a post of one fact ----

typedef struct {
    wf_post post;
    wf_post_line line;
    wf_fact fact;
    wf_arena arena;
    wf_actor actor;
    wf_look look;
    wf_look_shown shown;
    wf_looks_done done; // NULL: nobody waits
    void *context;
} posted;

static void free_posted(posted *of)
{
    wf_look_shown_done(&of->shown);
    wf_arena_done(&of->arena);
    free(of);
}

static void end_post(wf_post *post, weft_status status, const weft_error *error)
{
    posted *of = post->context;
    weft_error refused = {0};
    // Without its look in the ledger no answer leaves.
    if (status == WEFT_OK && of->line.sent != WF_SENT_ACCEPTED) {
        status = wf_fail(&refused, WEFT_STORAGE, "look.not_kept_safe", NULL);
        error = &refused;
    }
    if (of->done != NULL)
        of->done(of->context, status, error);
    free_posted(of);
}

static void send(wf_looks *looks, posted *of)
{
    of->line = (wf_post_line){.line = 1, .fact = &of->fact};
    of->post = (wf_post){.lines = &of->line,
                         .count = 1,
                         .from = "weft/looks",
                         .arena = &of->arena,
                         .done = end_post,
                         .context = of};
    wf_shared_post(looks->shared, &of->post);
}

// A copy of the look that lives as long as its post.
static posted *new_posted(const wf_look *look)
{
    posted *of = calloc(1, sizeof *of);
    if (of == NULL)
        return NULL;
    of->actor = *look->actor;
    of->look = *look;
    of->look.actor = &of->actor;
    of->look.asked = wf_arena_text(&of->arena, wf_text_of(look->asked)).bytes;
    if (of->look.asked == NULL) {
        free_posted(of);
        return NULL;
    }
    return of;
}

static wf_look_moment moment_of(wf_looks *looks, const weft_city *city)
{
    return (wf_look_moment){.zone = city->zone, .now = wf_shared_now(looks->shared)};
}

// ---- judging ----

typedef struct {
    wf_looks *looks;
    weft_time now;
} scope_of;

static bool sees(void *context, const wf_actor *actor, wf_reference_kind kind,
                 wf_text reference, const wf_reference *about)
{
    const scope_of *of = context;
    char text[32 + 1 + WF_ID_BYTES_MAX];
    const char *word = wf_reference_words[kind];
    size_t size = strlen(word);
    memcpy(text, word, size);
    text[size++] = ':';
    memcpy(text + size, reference.bytes, reference.size);
    wf_subject subject = {.grid = wf_text_of(about->grid),
                          .case_grid = wf_text_of(about->grid),
                          .reference = {text, size + reference.size},
                          .person = about->person.number};
    return wf_scope_sees(of->looks->accounts, actor, &subject, of->now);
}

typedef struct {
    scope_of of;
    const wf_actor *actor;
} seeing;

static bool sees_case(void *context, wf_text id, const wf_whereabouts *about)
{
    seeing *by = context;
    wf_reference reference = {.there = true, .person = {about->person}};
    memcpy(reference.grid, about->grid, sizeof reference.grid);
    return sees(&by->of, by->actor, WF_REFERENCE_CASE, id, &reference);
}

weft_status wf_looks_case(wf_looks *looks, weft_city *city, const wf_actor *actor,
                          const char *number, wf_arena *arena, const char **ret,
                          weft_error *error)
{
    seeing by = {{looks, wf_shared_now(looks->shared)}, actor};
    return wf_case_number(city, number, sees_case, &by, arena, ret, error);
}

// What a header names as its case, by its own id from here on.
static weft_status resolve(wf_looks *looks, weft_city *city, wf_look *look,
                           weft_error *error)
{
    wf_arena arena = {0};
    const char *id = NULL;
    if (look->why.kind != WF_REFERENCE_CASE)
        return WEFT_OK;
    weft_status status =
        wf_looks_case(looks, city, look->actor, look->why.reference, &arena, &id, error);
    if (status == WEFT_OK)
        memcpy(look->why.reference, id, strlen(id) + 1);
    wf_arena_done(&arena);
    return status;
}

// Nobody waits for it, and without memory it is not noted.
static void note_refusal(wf_looks *looks, const weft_city *city, const wf_look *look,
                         wf_look_refusal refusal, weft_time machine_now)
{
    weft_error unused = {0};
    // Its minute is one whole second of the machine: who asks without a pause is noted
    // each second, too.
    weft_time second = {machine_now.us / WF_US_PER_S * 60 * WF_US_PER_S};
    if (wf_look_paces_note(looks->refusals, wf_text_of(look->actor->name), 1, false,
                           second)
            .in_minute > 1)
        return;
    posted *of = new_posted(look);
    if (of == NULL)
        return;
    wf_look_moment moment = moment_of(looks, city);
    if (wf_look_refused(&of->look, refusal, &moment, &of->arena, &of->fact, &unused) ==
        WEFT_OK)
        send(looks, of);
    else
        free_posted(of);
}

weft_status wf_looks_judge(wf_looks *looks, weft_city *city, const wf_look *look,
                           weft_time machine_now, weft_error *error)
{
    scope_of of = {looks, wf_shared_now(looks->shared)};
    wf_look_scope scope = {sees, &of};
    wf_look_refusal refusal = NULL;
    weft_status status = wf_look_judge(city, look, &scope, of.now, &refusal, error);
    if (refusal != NULL)
        note_refusal(looks, city, look, refusal, machine_now);
    return status;
}

weft_status wf_looks_begin(wf_looks *looks, weft_city *city, const wf_actor *actor,
                           wf_text header, wf_look_use use, const char *asked,
                           weft_time machine_now, wf_look *ret, weft_error *error)
{
    wf_look look = {.actor = actor, .use = use, .asked = asked};
    WF_TRY(wf_look_parse(header, &look.why, error));
    WF_TRY(resolve(looks, city, &look, error));
    WF_TRY(wf_looks_judge(looks, city, &look, machine_now, error));
    *ret = look;
    return WEFT_OK;
}

weft_status wf_looks_also(wf_looks *looks, weft_city *city, const wf_look *look,
                          const char *case_id, weft_time machine_now, weft_error *error)
{
    wf_look other = *look;
    size_t size = strlen(case_id);
    if (size > WF_ID_BYTES_MAX)
        return wf_fail(error, WEFT_NOT_FOUND, "look.reference", NULL);
    memcpy(other.why.reference, case_id, size + 1);
    return wf_looks_judge(looks, city, &other, machine_now, error);
}

// ---- showing ----

static int compare_numbers(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static uint64_t hash_of(wf_text id)
{
    return wf_hash(id.bytes, id.size, 0);
}

// Nearly nobody who is shown works here: their ids' hashes say so for less than what
// finding their numbers costs.
static weft_status hash_colleagues(wf_looks *looks, const wf_ids *ids, weft_error *error)
{
    const uint32_t *all = (const uint32_t *)(const void *)looks->colleagues.bytes;
    wf_hash_set_done(&looks->colleagues_ids);
    for (size_t i = 0; i < looks->colleagues.size / sizeof *all; i++)
        if (!wf_hash_set_add(&looks->colleagues_ids,
                             hash_of(wf_ids_text(ids, WF_ID_PERSON, all[i]))))
            return wf_fail_memory(error);
    return WEFT_OK;
}

// Within the lock.
static weft_status renew_colleagues(wf_looks *looks, weft_city *city,
                                    weft_time machine_now, weft_error *error)
{
    const int64_t good_us = 10 * WF_US_PER_S;
    wf_references *references;
    wf_buffer *all = &looks->colleagues;
    if (looks->colleagues_at.us != 0 &&
        machine_now.us - looks->colleagues_at.us < good_us)
        return WEFT_OK;
    WF_TRY(wf_city_references(city, &references, error));
    wf_buffer_clear(all);
    WF_TRY(wf_references_users(references, all, error));
    if (all->size > 0)
        qsort(all->bytes, all->size / sizeof(uint32_t), sizeof(uint32_t),
              compare_numbers);
    WF_TRY(hash_colleagues(looks, wf_visits_ids(city->visits), error));
    looks->colleagues_at = machine_now;
    return WEFT_OK;
}

// Whether some of those shown are users of this city, too; the actor themselves is none.
static weft_status look_for_colleagues(wf_looks *looks, weft_city *city,
                                       const wf_actor *actor, wf_look_whom *whom,
                                       weft_time machine_now, weft_error *error)
{
    const wf_ids *ids = wf_visits_ids(city->visits);
    pthread_mutex_lock(&looks->lock);
    weft_status status = renew_colleagues(looks, city, machine_now, error);
    const wf_buffer *all = &looks->colleagues;
    size_t count = status == WEFT_OK ? all->size / sizeof(uint32_t) : 0;
    for (size_t i = 0; count > 0 && i < whom->count && !whom->colleague; i++) {
        wf_text id = whom->persons[i].text;
        if (!wf_hash_set_has(&looks->colleagues_ids, hash_of(id)))
            continue;
        uint32_t number = wf_ids_find(ids, WF_ID_PERSON, id);
        whom->colleague =
            number != WF_NUMBER_NONE && number != actor->person_number &&
            bsearch(&number, all->bytes, count, sizeof number, compare_numbers) != NULL;
    }
    pthread_mutex_unlock(&looks->lock);
    return status;
}

weft_status wf_looks_notice(wf_looks *looks, weft_city *city, const wf_actor *actor,
                            wf_look_whom *whom, weft_time machine_now, weft_error *error)
{
    if (actor->kind != WF_ACTOR_USER || whom->count == 0)
        return WEFT_OK;
    WF_TRY(wf_look_close_by(city, actor, whom, error));
    return look_for_colleagues(looks, city, actor, whom, machine_now, error);
}

// Looks that show few, as one person with their other ids, and do not trace: whoever
// works on a case comes back to it with each contact that is found. Nor lists of holes: a
// page that is left open asks for them by itself.
static wf_looked note_often(wf_looks *looks, const wf_look *look,
                            const wf_look_whom *whom, weft_time machine_now)
{
    enum { few = 4 };
    wf_looked most = {0};
    if (whom->count > few || look->use == WF_LOOK_TRACE ||
        strcmp(look->asked, "holes") == 0)
        return most;
    for (size_t i = 0; i < whom->count; i++) {
        wf_looked one = wf_look_often_note(looks->often, wf_text_of(look->actor->name),
                                           whom->persons[i].text, machine_now);
        most.in_day = one.in_day > most.in_day ? one.in_day : most.in_day;
        most.over = most.over || one.over;
    }
    return most;
}

void wf_looks_sum_up(wf_looks *looks, const wf_look *look, const wf_look_whom *whom,
                     size_t count, weft_time machine_now, wf_look_moment *moment)
{
    uint32_t persons = count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
    moment->pace = wf_look_paces_note(looks->paces, wf_text_of(look->actor->name),
                                      persons, look->use == WF_LOOK_EXPORT, machine_now);
    moment->of_one = note_often(looks, look, whom, machine_now);
}

static weft_status make(wf_looks *looks, weft_city *city, posted *of,
                        weft_time machine_now, weft_error *error)
{
    wf_look_whom *whom = &of->shown.whom;
    WF_TRY(wf_looks_notice(looks, city, &of->actor, whom, machine_now, error));
    wf_look_moment moment = moment_of(looks, city);
    wf_looks_sum_up(looks, &of->look, whom, whom->count, machine_now, &moment);
    return wf_look_fact(&of->look, whom, &moment, &of->arena, &of->fact, error);
}

void wf_looks_post(wf_looks *looks, weft_city *city, const wf_look *look,
                   wf_look_shown *shown, weft_time machine_now, wf_looks_done done,
                   void *context)
{
    weft_error error = {0};
    posted *of = new_posted(look);
    if (of == NULL) {
        wf_look_shown_done(shown);
        done(context, wf_fail_memory(&error), &error);
        return;
    }
    of->shown = *shown;
    *shown = (wf_look_shown){0};
    of->done = done;
    of->context = context;
    weft_status status = make(looks, city, of, machine_now, &error);
    if (status == WEFT_OK) {
        send(looks, of);
        return;
    }
    free_posted(of);
    done(context, status, &error);
}
