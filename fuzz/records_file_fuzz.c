// A hostile records.db and its log: opened, checked and read. The first byte says what
// the rest is: the file as it stands on the disk, plain pages that are sealed here (so
// that what SQLite makes of them is searched too), or the log beside a good file.
#include <stdlib.h>

#include "store/database/database.h"
#include "store/database/sealed_page.h"
#include "support/scratch.h"
#include "support/test_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { as_file, as_pages, as_log, ways };

static const wf_path *folder(void)
{
    static wf_path made;
    if (made.text[0] == '\0')
        scratch_new(&made);
    return &made;
}

static void write_pages(const wf_path *file, const uint8_t *data, size_t size)
{
    static const char head[WF_PAGE_HEAD] = "SQLite format 3";
    wf_sealer sealer;
    size_t count = size / WF_PAGE_BYTES;
    unsigned char plain[WF_PAGE_BYTES];
    unsigned char *sealed = malloc(size + 1);
    if (sealed == NULL)
        abort();
    wf_sealer_init(test_key_of(0), &sealer);
    for (size_t i = 0; i < count; i++) {
        memcpy(plain, data + i * WF_PAGE_BYTES, sizeof plain);
        memset(plain + WF_PAGE_BYTES - WF_PAGE_RESERVED, 0, WF_PAGE_RESERVED);
        if (i == 0)
            memcpy(plain, head, sizeof head);
        if (!wf_page_seal(&sealer, (uint32_t)i + 1, plain, sealed + i * WF_PAGE_BYTES))
            abort();
    }
    scratch_write(file, (const char *)sealed, count * WF_PAGE_BYTES);
    wf_sealer_done(&sealer);
    free(sealed);
}

// Reads every row; what fails has to say so by name.
static void use(wf_database *db, const char *sql)
{
    weft_error error = {0};
    wf_statement *statement = NULL;
    bool row = false;
    weft_status status = wf_database_prepare(db, sql, &statement, &error);
    for (int rows = 0; status == WEFT_OK && rows < 10000; rows++) {
        status = wf_statement_step(statement, &row, &error);
        if (status != WEFT_OK || !row)
            break;
        for (int i = 0; i < wf_statement_columns(statement); i++)
            WF_ASSERT(wf_statement_text(statement, i).bytes != NULL);
    }
    WF_ASSERT(status == WEFT_OK || error.code != NULL);
    wf_statement_free(statement);
}

static void open_and_use(const wf_path *file)
{
    weft_error error = {0};
    wf_database *db = NULL;
    const wf_database_options options = {.io = &wf_io_posix,
                                         .key = test_key_of(0),
                                         .where = file->text,
                                         .use = WF_DATABASE_READ};
    if (wf_database_open(&options, &db, &error) != WEFT_OK) {
        WF_ASSERT(error.code != NULL);
        return;
    }
    use(db, "SELECT * FROM sqlite_schema");
    use(db, "SELECT * FROM t");
    use(db, "SELECT count(*) FROM t WHERE word > 'm'");
    use(db, "PRAGMA integrity_check(5)");
    wf_database_close(db);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 1 << 18)
        return 0;
    wf_path file = scratch_path(folder(), "records.db");
    wf_path log = scratch_path(folder(), "records.db-wal");
    int way = data[0] % ways;
    scratch_write(&log, "", 0);
    if (way == as_file)
        scratch_write(&file, (const char *)data + 1, size - 1);
    if (way == as_pages)
        write_pages(&file, data + 1, size - 1);
    if (way == as_log) {
        unsigned char page[WF_PAGE_BYTES];
        wf_page_first(page);
        write_pages(&file, page, sizeof page);
        scratch_write(&log, (const char *)data + 1, size - 1);
    }
    open_and_use(&file);
    return 0;
}
