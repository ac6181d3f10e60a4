// Runs the program in this process, with its two outputs kept.
#ifndef TEST_SUPPORT_RUN_VERB_H
#define TEST_SUPPORT_RUN_VERB_H

#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

typedef struct {
    char *out, *messages;
    size_t out_size, messages_size;
    int code;
} outcome;

static inline outcome run(int argc, const char *const *arguments)
{
    outcome o = {0};
    char *argv[16];
    FILE *out = open_memstream(&o.out, &o.out_size);
    FILE *messages = open_memstream(&o.messages, &o.messages_size);
    assert_non_null(out);
    assert_non_null(messages);
    assert_true(argc <= 16);
    for (int i = 0; i < argc; i++)
        argv[i] = strdup(arguments[i]);
    o.code = wf_cli_run(argc, argv, out, messages);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(fclose(messages), 0);
    for (int i = 0; i < argc; i++)
        free(argv[i]);
    return o;
}

static inline void outcome_done(outcome *o)
{
    free(o->out);
    free(o->messages);
}

#define RUN(...)                                                                         \
    run((int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)),                   \
        (const char *[]){__VA_ARGS__})

#endif
