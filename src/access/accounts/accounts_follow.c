// How accounts follow the rows: changes are gathered during a transaction and taken over
// when it is committed, so that nobody comes in by what was rolled back.
#include <string.h>

#include "access/accounts/accounts_inside.h"
#include "desk/kinds.h"
#include "model/role.h"

// ---- a row as an account ----

typedef struct {
    wf_accounts *accounts;
    bool full; // without memory
} making;

static wf_text keep(making *job, const wf_value *value)
{
    if (!value->given)
        return WF_TEXT("");
    wf_text kept = wf_account_rows_text(&job->accounts->rows, value->text);
    job->full |= kept.bytes == NULL;
    return kept;
}

static void keep_grid(wf_account *account, const wf_value *value)
{
    size_t size = value->given ? value->text.size : 0;
    WF_ASSERT(size < sizeof account->grid); // the kinds' columns see to it
    memcpy(account->grid, value->text.bytes != NULL ? value->text.bytes : "", size);
}

static uint8_t role_of(const wf_value *value)
{
    wf_role role = WF_ROLE_COUNT;
    if (value->given && !wf_role_parse(value->text, &role))
        role = WF_ROLE_COUNT;
    return (uint8_t)role;
}

static bool is_yes(const wf_value *value)
{
    return value->given && value->number != 0;
}

static uint32_t person_of(const wf_value *value)
{
    return value->given ? (uint32_t)value->number : WF_NUMBER_NONE;
}

static int64_t time_of(const wf_value *value, int64_t otherwise)
{
    return value->given ? value->number : otherwise;
}

static void make_device(making *job, const wf_value *row, wf_account *ret)
{
    ret->role = role_of(&row[1]);
    keep_grid(ret, &row[2]);
    ret->office = keep(job, &row[3]);
    ret->active = is_yes(&row[4]);
}

static void make_user(making *job, const wf_value *row, wf_account *ret)
{
    const wf_numbers *numbers = &job->accounts->numbers;
    ret->role = role_of(&row[1]);
    keep_grid(ret, &row[2]);
    ret->office = keep(job, &row[3]);
    ret->person = person_of(&row[4]);
    ret->active = is_yes(&row[5]);
    ret->until_us = time_of(&row[6], 0);
    if (ret->person == WF_NUMBER_NONE)
        return;
    wf_value id = {.given = true,
                   .text =
                       numbers->text_of(numbers->context, WF_COLUMN_PERSON, ret->person)};
    ret->reference = keep(job, &id);
}

static void make_token(making *job, const wf_value *row, wf_account *ret)
{
    ret->holder_is_user = !row[1].given;
    ret->holder = keep(job, ret->holder_is_user ? &row[2] : &row[1]);
    ret->role = role_of(&row[3]);
    keep_grid(ret, &row[4]);
    ret->until_us = time_of(&row[5], INT64_MAX);
    ret->active = is_yes(&row[6]);
}

static void make_secret(making *job, const wf_value *row, wf_account *ret)
{
    (void)job;
    ret->until_us = time_of(&row[1], 0);
}

static void make_assignment(making *job, const wf_value *row, wf_account *ret)
{
    ret->holder = keep(job, &row[1]);
    ret->reference = keep(job, &row[2]);
    ret->person = person_of(&row[3]);
    // What has no end has lost it with what is forgotten: it does not hold.
    ret->until_us = time_of(&row[4], INT64_MIN);
    ret->active = is_yes(&row[5]);
}

static void make_custody(making *job, const wf_value *row, wf_account *ret)
{
    (void)job;
    ret->person = person_of(&row[1]);
    keep_grid(ret, &row[2]);
    ret->until_us = time_of(&row[3], INT64_MIN);
    // Without a grid it would be everybody's; until it is taken it is nobody's.
    ret->active = is_yes(&row[4]) && row[2].given && row[5].given;
}

// Each takes the columns that are watched, in their order.
static void (*const makers[WF_ACCOUNT_CLASS_COUNT])(making *job, const wf_value *row,
                                                    wf_account *ret) = {
    [WF_ACCOUNT_DEVICE] = make_device,         [WF_ACCOUNT_USER] = make_user,
    [WF_ACCOUNT_TOKEN] = make_token,           [WF_ACCOUNT_SECRET] = make_secret,
    [WF_ACCOUNT_ASSIGNMENT] = make_assignment, [WF_ACCOUNT_CUSTODY] = make_custody,
};

static bool make_account(wf_accounts *accounts, wf_account_class of, const wf_value *row,
                         wf_account *ret)
{
    making job = {.accounts = accounts};
    *ret = (wf_account){.account_class = (uint8_t)of,
                        .role = WF_ROLE_COUNT,
                        .until_us = INT64_MAX,
                        .person = WF_NUMBER_NONE};
    ret->key = keep(&job, &row[0]);
    makers[of](&job, row, ret);
    return !job.full;
}

// ---- following ----

static weft_status note(wf_accounts *accounts, wf_account_class of,
                        const wf_value *before, const wf_value *after, weft_error *error)
{
    wf_account_change change = {.erased = after == NULL};
    if (!make_account(accounts, of, after != NULL ? after : before, &change.account) ||
        !wf_buffer_append(&accounts->changes, &change, sizeof change))
        return wf_fail_memory(error);
    return WEFT_OK;
}

#define NOTE(name, of)                                                                   \
    static weft_status name(void *context, const wf_value *before,                       \
                            const wf_value *after, weft_error *error)                    \
    {                                                                                    \
        return note(context, of, before, after, error);                                  \
    }
NOTE(device_changed, WF_ACCOUNT_DEVICE)
NOTE(user_changed, WF_ACCOUNT_USER)
NOTE(token_changed, WF_ACCOUNT_TOKEN)
NOTE(secret_changed, WF_ACCOUNT_SECRET)
NOTE(assignment_changed, WF_ACCOUNT_ASSIGNMENT)
NOTE(custody_changed, WF_ACCOUNT_CUSTODY)
#undef NOTE

// In the order of wf_account_class.
static const wf_watch watches[WF_ACCOUNT_CLASS_COUNT] = {
    {"device", {"device", "role", "grid", "office", "active"}, device_changed, NULL},
    {"users",
     {"user_id", "role", "grid", "office", "person", "active", "removed_at"},
     user_changed,
     NULL},
    {"token",
     {"token", "device", "user_id", "role", "grid", "until", "active"},
     token_changed,
     NULL},
    {"user_secret", {"user_id", "set_at"}, secret_changed, NULL},
    {"assignment",
     {"assignment", "user_id", "reference", "person", "until", "active"},
     assignment_changed,
     NULL},
    {"custody",
     {"custody", "person", "grid", "until", "active", "taken_at"},
     custody_changed,
     NULL},
};

// What was ended in this process stays so, but for a device or user who is allowed anew.
static bool take_over(wf_account_rows *rows, const wf_account_change *change)
{
    wf_account account = change->account;
    wf_account_class of = (wf_account_class)account.account_class;
    const wf_account *here = wf_account_rows_find(rows, of, account.key);
    if (change->erased) {
        wf_account_rows_remove(rows, of, account.key);
        return true;
    }
    if (here != NULL) {
        account.touched = here->touched;
        account.stopped = here->stopped && (of == WF_ACCOUNT_TOKEN || !account.active);
    }
    return wf_account_rows_put(rows, &account);
}

static void ended(void *context, bool committed)
{
    wf_accounts *accounts = context;
    const wf_account_change *changes =
        (const wf_account_change *)(const void *)accounts->changes.bytes;
    size_t count = accounts->changes.size / sizeof *changes;
    if (committed && count > 0) {
        pthread_rwlock_wrlock(&accounts->lock);
        for (size_t i = 0; i < count; i++)
            accounts->lost |= !take_over(&accounts->rows, &changes[i]);
        pthread_rwlock_unlock(&accounts->lock);
    }
    wf_buffer_clear(&accounts->changes);
}

// ---- reading them all ----

static weft_status select_of(wf_account_class of, wf_buffer *ret, weft_error *error)
{
    bool fits = wf_buffer_append(ret, "SELECT ", 7);
    for (size_t i = 0; watches[of].columns[i] != NULL; i++)
        fits = fits && wf_buffer_printf(ret, "%s\"%s\"", i == 0 ? "" : ", ",
                                        watches[of].columns[i]);
    fits = fits && wf_buffer_printf(ret, " FROM \"%s\"", watches[of].table) &&
           wf_buffer_append(ret, "", 1);
    return fits ? WEFT_OK : wf_fail_memory(error);
}

static bool is_number(const wf_table *table, const char *column)
{
    wf_column_type type = table->columns[wf_table_column(table, wf_text_of(column))].type;
    return type == WF_COLUMN_PERSON || type == WF_COLUMN_TIME || type == WF_COLUMN_YESNO;
}

static weft_status read_row(wf_accounts *accounts, wf_account_class of,
                            wf_statement *statement, weft_error *error)
{
    const wf_table *table =
        wf_kinds_table(wf_desk_kinds(), wf_text_of(watches[of].table));
    wf_value values[WF_WATCH_COLUMNS_MAX] = {{0}};
    wf_account account;
    for (int i = 0; watches[of].columns[i] != NULL; i++) {
        if (wf_statement_is_null(statement, i))
            continue;
        values[i].given = true;
        if (is_number(table, watches[of].columns[i]))
            values[i].number = wf_statement_i64(statement, i);
        else
            values[i].text = wf_statement_text(statement, i);
    }
    if (!make_account(accounts, of, values, &account) ||
        !wf_account_rows_put(&accounts->rows, &account))
        return wf_fail_memory(error);
    return WEFT_OK;
}

static weft_status read_class(wf_accounts *accounts, wf_database *db, wf_account_class of,
                              weft_error *error)
{
    wf_buffer sql = {0};
    wf_statement *statement = NULL;
    bool row = false;
    weft_status status = select_of(of, &sql, error);
    if (status == WEFT_OK)
        status = wf_database_prepare(db, sql.bytes, &statement, error);
    while (status == WEFT_OK) {
        status = wf_statement_step(statement, &row, error);
        if (status != WEFT_OK || !row)
            break;
        status = read_row(accounts, of, statement, error);
    }
    wf_statement_free(statement);
    wf_buffer_done(&sql);
    return status;
}

// The rows were opened, or made anew: everything is read again.
static weft_status opened(void *context, wf_database *db, weft_error *error)
{
    wf_accounts *accounts = context;
    weft_status status = WEFT_OK;
    pthread_rwlock_wrlock(&accounts->lock);
    wf_account_rows_done(&accounts->rows);
    wf_account_rows_init(&accounts->rows);
    for (unsigned of = 0; status == WEFT_OK && of < WF_ACCOUNT_CLASS_COUNT; of++)
        status = read_class(accounts, db, (wf_account_class)of, error);
    accounts->lost = status != WEFT_OK;
    pthread_rwlock_unlock(&accounts->lock);
    wf_buffer_clear(&accounts->changes);
    return status;
}

wf_follower wf_accounts_follower(wf_accounts *accounts)
{
    return (wf_follower){.watches = watches,
                         .watches_count = WF_ACCOUNT_CLASS_COUNT,
                         .opened = opened,
                         .ended = ended,
                         .context = accounts};
}
