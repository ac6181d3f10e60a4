// A row of the register as its database gives it, which may be another machine's: its
// stamps and its sealed values as hostile bytes. It is damaged by name, or read, and what
// is written of it reads as the same. The first two bytes say how many of the others are
// stamps; the rest is the content of what is sealed, which is sealed here.
#include <string.h>

#include "base/bytes.h"
#include "desk/kinds.h"
#include "keys/seal.h"
#include "store/database/sealed_page.h"
#include "store/records/row.h"
#include "support/scratch.h"
#include "support/test_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { person = 7 };

static wf_path folder;
static wf_database *db;
static wf_statement *row_of;
static wf_form form;
static wf_record_keys keys;

static void close_all(void)
{
    wf_statement_free(row_of);
    wf_database_close(db);
    scratch_remove(folder.text);
}

// A statement whose row is what was bound to it.
static void open_all(void)
{
    char sql[16 * WF_PARTS_MAX] = "SELECT ?";
    weft_error error = {0};
    scratch_new(&folder);
    wf_path file = scratch_path(&folder, "records.db");
    unsigned char page[WF_PAGE_BYTES], sealed[WF_PAGE_BYTES];
    wf_sealer sealer;
    wf_page_first(page);
    wf_sealer_init(test_key_of(0), &sealer);
    WF_ASSERT(wf_page_seal(&sealer, 1, page, sealed));
    wf_sealer_done(&sealer);
    scratch_write(&file, (const char *)sealed, sizeof sealed);
    const wf_database_options options = {.io = &wf_io_posix,
                                         .key = test_key_of(0),
                                         .where = file.text,
                                         .use = WF_DATABASE_READ};
    WF_ASSERT(wf_database_open(&options, &db, &error) == WEFT_OK);
    wf_form_init(&form, wf_kinds_table(wf_desk_kinds(), WF_TEXT("person")));
    for (size_t i = 1; i < form.parts_count; i++)
        strncat(sql, ",?", sizeof sql - strlen(sql) - 1);
    WF_ASSERT(wf_database_prepare(db, sql, &row_of, &error) == WEFT_OK);
    keys = (wf_record_keys){.key = test_key_of(1)};
    WF_ASSERT(atexit(close_all) == 0);
}

static void seal(wf_text plain, wf_buffer *ret)
{
    char context[] = "weft records person\0\7\0\0\0\0\0\0";
    weft_error error = {0};
    _Static_assert(person == 7, "the key stands in the context");
    if (plain.size > 0)
        WF_ASSERT(wf_seal_blob(keys.key, (wf_text){context, sizeof context}, plain, ret,
                               &error) == WEFT_OK);
}

static void bind(wf_text stamps, wf_text sealed)
{
    for (size_t i = 0; i < form.parts_count; i++) {
        if (form.parts[i].kind == WF_PART_VALUE && i == 0)
            wf_statement_bind_i64(row_of, (int)i, person);
        if (form.parts[i].kind == WF_PART_STAMPS)
            wf_statement_bind_blob(row_of, (int)i, stamps);
        if (form.parts[i].kind == WF_PART_SEALED)
            wf_statement_bind_blob(row_of, (int)i, sealed);
    }
}

static weft_status read_bound(wf_record *ret)
{
    weft_error error = {0};
    bool row = false;
    WF_ASSERT(wf_statement_step(row_of, &row, &error) == WEFT_OK && row);
    return wf_record_read(&form, &keys, row_of, ret, &error);
}

static bool same(const wf_record *a, const wf_record *b, size_t column)
{
    const wf_value *x = &a->values[column], *y = &b->values[column];
    const wf_stamp *s = &a->stamps[column], *t = &b->stamps[column];
    if (x->given != y->given)
        return false;
    if (!x->given)
        return true;
    bool stamped = form.table->columns[column].merge == WF_MERGE_LAST;
    return x->number == y->number && wf_text_equal(x->text, y->text) &&
           (!stamped || (s->at_us == t->at_us && s->seq == t->seq &&
                         wf_text_equal(s->device, t->device)));
}

static void write_again(const wf_record *row)
{
    wf_record again = {0};
    wf_record_room room = {0};
    weft_error error = {0};
    // What is bound lies in `row`, whose texts lie in the bytes that were read.
    wf_statement_reset(row_of);
    WF_ASSERT(wf_record_bind(&form, &keys, row, &room, row_of, &error) == WEFT_OK);
    WF_ASSERT(read_bound(&again) == WEFT_OK);
    for (size_t i = 0; i < form.table->columns_count; i++)
        WF_ASSERT(same(row, &again, i));
    wf_record_done(&again);
    wf_buffer_done(&room.sealed);
    wf_buffer_done(&room.stamps);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wf_record row = {0};
    wf_buffer sealed = {0};
    if (size < 2)
        return 0;
    if (db == NULL)
        open_all();
    size_t stamps = data[0] | (size_t)data[1] << 8;
    stamps = stamps < size - 2 ? stamps : size - 2;
    seal((wf_text){(const char *)data + 2 + stamps, size - 2 - stamps}, &sealed);
    bind((wf_text){(const char *)data + 2, stamps}, wf_buffer_text(&sealed));
    weft_status status = read_bound(&row);
    WF_ASSERT(status == WEFT_OK || status == WEFT_DAMAGED);
    if (status == WEFT_OK)
        write_again(&row);
    wf_statement_reset(row_of);
    wf_record_done(&row);
    wf_buffer_done(&sealed);
    return 0;
}
