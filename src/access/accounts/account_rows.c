#include "access/accounts/account_rows.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/hash.h"

#define ARENA_BYTES_MAX (UINT64_C(4) << 30)
enum { first_buckets = 64 };

void wf_account_rows_init(wf_account_rows *rows)
{
    *rows = (wf_account_rows){.seed = wf_hash_seed(), .free = WF_ACCOUNT_NONE};
    wf_arena_init(&rows->arena, ARENA_BYTES_MAX);
}

void wf_account_rows_done(wf_account_rows *rows)
{
    free(rows->all);
    free(rows->by_key);
    free(rows->by_link);
    wf_arena_done(&rows->arena);
}

wf_text wf_account_rows_text(wf_account_rows *rows, wf_text text)
{
    return wf_arena_text(&rows->arena, text);
}

// ---- chains ----

static uint64_t hash_key(const wf_account_rows *rows, wf_account_class of, wf_text key)
{
    return wf_hash(key.bytes, key.size, rows->seed + (uint64_t)of);
}

static uint64_t hash_person(const wf_account_rows *rows, uint32_t person)
{
    return wf_hash(&person, sizeof person, rows->seed + WF_ACCOUNT_CLASS_COUNT);
}

static uint64_t hash_user(const wf_account_rows *rows, wf_text user)
{
    return wf_hash(user.bytes, user.size, rows->seed + WF_ACCOUNT_CLASS_COUNT + 1);
}

static bool is_linked(const wf_account *account)
{
    return account->account_class == WF_ACCOUNT_CUSTODY ||
           account->account_class == WF_ACCOUNT_ASSIGNMENT;
}

static uint32_t *key_head(const wf_account_rows *rows, const wf_account *of)
{
    uint64_t hash = hash_key(rows, (wf_account_class)of->account_class, of->key);
    return &rows->by_key[hash & (rows->buckets_count - 1)];
}

static uint32_t *link_head(const wf_account_rows *rows, const wf_account *of)
{
    uint64_t hash = of->account_class == WF_ACCOUNT_CUSTODY
                        ? hash_person(rows, of->person)
                        : hash_user(rows, of->holder);
    return &rows->by_link[hash & (rows->buckets_count - 1)];
}

static void enchain(wf_account_rows *rows, uint32_t place)
{
    wf_account *account = &rows->all[place];
    uint32_t *head = key_head(rows, account);
    account->next_by_key = *head;
    *head = place;
    account->next_by_link = WF_ACCOUNT_NONE;
    if (!is_linked(account))
        return;
    head = link_head(rows, account);
    account->next_by_link = *head;
    *head = place;
}

static void unchain(wf_account_rows *rows, uint32_t place)
{
    wf_account *account = &rows->all[place];
    uint32_t *at = key_head(rows, account);
    while (*at != place)
        at = &rows->all[*at].next_by_key;
    *at = account->next_by_key;
    if (!is_linked(account))
        return;
    at = link_head(rows, account);
    while (*at != place)
        at = &rows->all[*at].next_by_link;
    *at = account->next_by_link;
}

// ---- room ----

static uint32_t *new_heads(size_t count)
{
    uint32_t *heads = malloc(count * sizeof *heads);
    for (size_t i = 0; heads != NULL && i < count; i++)
        heads[i] = WF_ACCOUNT_NONE;
    return heads;
}

// A bucket an account at least. Rows that went are in no chain: their class says so.
static bool grow_buckets(wf_account_rows *rows)
{
    size_t count = rows->buckets_count == 0 ? first_buckets : 2 * rows->buckets_count;
    if (rows->count < rows->buckets_count)
        return true;
    uint32_t *by_key = new_heads(count), *by_link = new_heads(count);
    if (by_key == NULL || by_link == NULL) {
        free(by_key);
        free(by_link);
        return false;
    }
    free(rows->by_key);
    free(rows->by_link);
    rows->by_key = by_key;
    rows->by_link = by_link;
    rows->buckets_count = count;
    for (size_t i = 0; i < rows->count; i++)
        if (rows->all[i].account_class != WF_ACCOUNT_CLASS_COUNT)
            enchain(rows, (uint32_t)i);
    return true;
}

static bool grow_rows(wf_account_rows *rows)
{
    if (rows->free != WF_ACCOUNT_NONE || rows->count < rows->capacity)
        return true;
    size_t capacity = rows->capacity == 0 ? first_buckets : 2 * rows->capacity;
    if (capacity >= WF_ACCOUNT_NONE)
        return false;
    wf_account *all = realloc(rows->all, capacity * sizeof *all);
    if (all == NULL)
        return false;
    rows->all = all;
    rows->capacity = capacity;
    return true;
}

// ---- rows ----

// Takes as long for every key of this size: keys of tokens are secrets' hashes.
static bool is_same(wf_text a, wf_text b)
{
    return a.size == b.size && sodium_memcmp(a.bytes, b.bytes, a.size) == 0;
}

wf_account *wf_account_rows_find(const wf_account_rows *rows, wf_account_class of,
                                 wf_text key)
{
    if (rows->buckets_count == 0)
        return NULL;
    uint64_t hash = hash_key(rows, of, key);
    uint32_t at = rows->by_key[hash & (rows->buckets_count - 1)];
    for (; at != WF_ACCOUNT_NONE; at = rows->all[at].next_by_key) {
        wf_account *here = &rows->all[at];
        if (here->account_class == of && is_same(here->key, key))
            return here;
    }
    return NULL;
}

bool wf_account_rows_put(wf_account_rows *rows, const wf_account *account)
{
    wf_account *here = wf_account_rows_find(
        rows, (wf_account_class)account->account_class, account->key);
    uint32_t place;
    if (here != NULL) {
        place = (uint32_t)(here - rows->all);
        unchain(rows, place);
    } else {
        if (!grow_rows(rows) || !grow_buckets(rows))
            return false;
        place = rows->free != WF_ACCOUNT_NONE ? rows->free : (uint32_t)rows->count++;
        if (place == rows->free)
            rows->free = rows->all[place].next_by_key;
    }
    rows->all[place] = *account;
    enchain(rows, place);
    return true;
}

void wf_account_rows_remove(wf_account_rows *rows, wf_account_class of, wf_text key)
{
    wf_account *here = wf_account_rows_find(rows, of, key);
    if (here == NULL)
        return;
    uint32_t place = (uint32_t)(here - rows->all);
    unchain(rows, place);
    *here =
        (wf_account){.account_class = WF_ACCOUNT_CLASS_COUNT, .next_by_key = rows->free};
    rows->free = place;
}

// ---- chains, asked ----

static const wf_account *at_place(const wf_account_rows *rows, uint32_t place)
{
    return place == WF_ACCOUNT_NONE ? NULL : &rows->all[place];
}

static const wf_account *link_of(const wf_account_rows *rows, uint64_t hash)
{
    if (rows->buckets_count == 0)
        return NULL;
    return at_place(rows, rows->by_link[hash & (rows->buckets_count - 1)]);
}

const wf_account *wf_account_rows_custody(const wf_account_rows *rows, uint32_t person)
{
    return link_of(rows, hash_person(rows, person));
}

const wf_account *wf_account_rows_assignment(const wf_account_rows *rows, wf_text user)
{
    return link_of(rows, hash_user(rows, user));
}

const wf_account *wf_account_rows_next(const wf_account_rows *rows, const wf_account *of)
{
    return at_place(rows, of->next_by_link);
}
