// One PostgreSQL server for all tests of a program, where one can be started: begin by
//
//     return cmocka_run_group_tests(tests, start_server, stop_server);
//
// and ask has_server.
#ifndef TEST_SUPPORT_SERVER_H
#define TEST_SUPPORT_SERVER_H

#include "support/postgres.h"

static test_postgres server;
static bool has_server;

static inline int start_server(void **state)
{
    (void)state;
    has_server = test_postgres_start(&server);
    return 0;
}

static inline int stop_server(void **state)
{
    (void)state;
    test_postgres_stop(&server);
    return 0;
}

#endif
