// A PostgreSQL of a test program's own: made in a scratch folder, reachable by a socket
// in it alone, gone when the program ends, however it ends. Start it once a program, in
// the group's set-up; each test takes a schema of its own.
//
// The server refuses to run as root; then it runs as "postgres", else as "nobody".
#ifndef TEST_SUPPORT_POSTGRES_H
#define TEST_SUPPORT_POSTGRES_H

#include <errno.h>
#include <glob.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "store/database/database.h"
#include "support/scratch.h"

typedef struct {
    wf_path folder;
    wf_path data;
    wf_path programs;          // folder of initdb and postgres
    const struct passwd *user; // NULL: the one who runs the test
    pid_t server;
    unsigned schemas;
} test_postgres;

typedef struct {
    char text[2 * WF_PATH_MAX];
} test_address;

// Starts the server; false, with a line on standard error, when there is none to start.
static inline bool test_postgres_start(test_postgres *pg);
static inline void test_postgres_stop(test_postgres *pg);
// The address of an empty schema that no other test uses.
static inline test_address test_postgres_schema(test_postgres *pg);

// ---- inside ----

static inline bool test_postgres_find(wf_path *ret)
{
    glob_t found;
    bool any = glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &found) == 0;
    if (any) {
        const char *newest = found.gl_pathv[found.gl_pathc - 1];
        size_t size = (size_t)(strrchr(newest, '/') - newest);
        any = size < sizeof ret->text;
        if (any) {
            memcpy(ret->text, newest, size);
            ret->text[size] = '\0';
        }
    }
    globfree(&found);
    return any;
}

// Runs a program of the server's with its words on a file; the child dies with its
// parent.
static inline pid_t test_postgres_run(const test_postgres *pg, const char *program,
                                      char *const words[])
{
    wf_path path = scratch_path(&pg->programs, program);
    wf_path log = scratch_path(&pg->folder, "log");
    pid_t child = fork();
    if (child != 0)
        return child;
    int out = open(log.text, O_WRONLY | O_CREAT | O_APPEND, 0666);
    int in = open("/dev/null", O_RDONLY);
    bool ready = out >= 0 && in >= 0 && dup2(in, 0) >= 0 && dup2(out, 1) >= 0 &&
                 dup2(out, 2) >= 0 && chdir(pg->folder.text) == 0;
    if (pg->user != NULL)
        ready = ready && setgid(pg->user->pw_gid) == 0 && setuid(pg->user->pw_uid) == 0;
    // Not what is tested: its memory is not filled for it.
    ready = ready && unsetenv("MALLOC_PERTURB_") == 0;
    // SIGQUIT: stop at once, without tidying up.
    if (ready && prctl(PR_SET_PDEATHSIG, SIGQUIT) == 0)
        execv(path.text, words);
    _exit(127);
}

static inline bool test_postgres_wait(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static inline test_address test_postgres_address(const test_postgres *pg,
                                                 const char *schema)
{
    test_address address;
    int size = snprintf(address.text, sizeof address.text,
                        "postgres://weft@/postgres?host=%s&options=-csearch_path%%3D%s",
                        pg->folder.text, schema);
    if (size < 0 || (size_t)size >= sizeof address.text)
        abort();
    return address;
}

static inline wf_database *test_postgres_open(const test_postgres *pg, const char *schema)
{
    test_address address = test_postgres_address(pg, schema);
    wf_database_options options = {.io = &wf_io_posix, .where = address.text};
    wf_database *db = NULL;
    weft_error error = {0};
    return wf_database_open(&options, &db, &error) == WEFT_OK ? db : NULL;
}

static inline bool test_postgres_wait_ready(test_postgres *pg)
{
    struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
    for (int i = 0; i < 3000; i++) {
        wf_database *db = test_postgres_open(pg, "public");
        wf_database_close(db);
        if (db != NULL)
            return true;
        if (waitpid(pg->server, NULL, WNOHANG) != 0)
            break; // it has ended
        nanosleep(&pause, NULL);
    }
    return false;
}

static inline bool test_postgres_launch(test_postgres *pg)
{
    char *make[] = {"initdb", "-D",        pg->data.text,     "-U",         "weft", "-A",
                    "trust",  "--no-sync", "--encoding=UTF8", "--locale=C", NULL};
    char *serve[] = {"postgres",
                     "-D",
                     pg->data.text,
                     "-k",
                     pg->folder.text,
                     "-h",
                     "",
                     "-c",
                     "fsync=off",
                     "-c",
                     "full_page_writes=off",
                     "-c",
                     "wal_level=minimal",
                     "-c",
                     "max_wal_senders=0",
                     "-c",
                     "autovacuum=off",
                     "-c",
                     "jit=off",
                     "-c",
                     "shared_buffers=32MB",
                     "-c",
                     "max_connections=40",
                     "-c",
                     "log_min_messages=fatal",
                     NULL};
    pid_t child = test_postgres_run(pg, "initdb", make);
    if (child < 0 || !test_postgres_wait(child))
        return false;
    pg->server = test_postgres_run(pg, "postgres", serve);
    return pg->server > 0 && test_postgres_wait_ready(pg);
}

static inline bool test_postgres_start(test_postgres *pg)
{
    *pg = (test_postgres){0};
    if (!test_postgres_find(&pg->programs)) {
        fprintf(stderr, "PostgreSQL is not installed; ./dev test installs it\n");
        return false;
    }
    scratch_new(&pg->folder);
    pg->data = scratch_path(&pg->folder, "data");
    if (geteuid() == 0) {
        pg->user = getpwnam("postgres");
        if (pg->user == NULL)
            pg->user = getpwnam("nobody");
        if (pg->user == NULL ||
            chown(pg->folder.text, pg->user->pw_uid, pg->user->pw_gid) != 0)
            return false;
    }
    if (test_postgres_launch(pg))
        return true;
    size_t size;
    wf_path log = scratch_path(&pg->folder, "log");
    char *said = scratch_read(&log, &size);
    fprintf(stderr, "PostgreSQL does not start: %.*s\n", (int)size, said);
    free(said);
    test_postgres_stop(pg);
    return false;
}

static inline void test_postgres_stop(test_postgres *pg)
{
    if (pg->server > 0 && kill(pg->server, SIGINT) == 0)
        test_postgres_wait(pg->server);
    pg->server = 0;
    if (pg->folder.text[0] != '\0')
        scratch_remove(pg->folder.text);
    pg->folder.text[0] = '\0';
}

static inline test_address test_postgres_schema(test_postgres *pg)
{
    char schema[32], sql[64];
    weft_error error = {0};
    wf_database *db = test_postgres_open(pg, "public");
    int named = snprintf(schema, sizeof schema, "test_%u", ++pg->schemas);
    int said = snprintf(sql, sizeof sql, "CREATE SCHEMA %s", schema);
    if (db == NULL || named < 0 || said < 0 ||
        wf_database_run(db, sql, &error) != WEFT_OK)
        abort();
    wf_database_close(db);
    return test_postgres_address(pg, schema);
}

#endif
