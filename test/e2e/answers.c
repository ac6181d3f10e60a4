// Holds what the tests of the whole program have recorded (run.sh, door/client.py,
// web/test/answers.mjs) to the service's own description, which is among it:
//
//   answers [--proxy] [--every] LEAST FILE
//
// LEAST is how many answers of the service there must be beside the description; --proxy:
// answers of nginx itself may be among them; --every: each success that an operation
// declares has come, and what has not is listed. Ends with 1 where anything is wrong.
#include <stdlib.h>

#include "support/recorded_answers.h"

static char *read_whole(const char *name, size_t *ret_size)
{
    FILE *file = fopen(name, "rb");
    char *bytes = NULL;
    size_t size = 0, room = 0;
    while (file != NULL) {
        if (size + 1 >= room) {
            room = room == 0 ? 1 << 20 : room * 2;
            char *more = realloc(bytes, room);
            if (more == NULL)
                abort();
            bytes = more;
        }
        size_t part = fread(bytes + size, 1, room - size - 1, file);
        if (part == 0)
            break;
        size += part;
    }
    if (file != NULL)
        fclose(file);
    if (bytes != NULL)
        bytes[size] = '\0';
    *ret_size = size;
    return bytes;
}

// By status, the operations of which it never came.
static void gather(void *context, const char *operation, const char *status)
{
    json_t *by_status = context;
    if (json_object_get(by_status, status) == NULL)
        json_object_set_new(by_status, status, json_array());
    json_array_append_new(json_object_get(by_status, status), json_string(operation));
}

// How many successes never came; the others are said, by name where some did come.
static size_t tell_never(const recorded_held *held)
{
    const recorded_held nothing = {.document = held->document};
    json_t *never = json_object(), *declared = json_object(), *names, *name;
    const char *status;
    size_t successes = 0, index;
    recorded_never(held, gather, never);
    recorded_never(&nothing, gather, declared);
    json_object_foreach(never, status, names)
    {
        size_t count = json_array_size(names),
               of = json_array_size(json_object_get(declared, status));
        successes += status[0] == '2' ? count : 0;
        printf("never %s, of %zu operations of %zu that declare it:", status, count, of);
        json_array_foreach(names, index, name)
        {
            if (count < of)
                printf(" %s", json_string_value(name));
        }
        printf("%s\n", count < of ? "" : " all");
    }
    json_decref(never);
    json_decref(declared);
    return successes;
}

static int hold(recorded_held *held, const char *bytes, size_t size, size_t least,
                bool every)
{
    bool whole = recorded_hold(held, bytes, size);
    size_t missing = every ? tell_never(held) : 0;
    printf("%zu answers of %zu operations held, %zu of them without their body, %zu of "
           "nginx and %zu of the library beside them: %zu wrong\n",
           held->held, json_object_size(held->seen), held->without_body, held->proxys,
           held->librarys, held->wrong);
    // The description itself is one that is held.
    if (held->held <= least)
        printf("%zu answers are fewer than were to be recorded: %zu\n", held->held - 1,
               least);
    if (missing > 0)
        printf("%zu declared successes never came\n", missing);
    return whole && held->held > least && held->wrong == 0 && missing == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    recorded_held held = {.seen = json_object()};
    bool every = false;
    int at = 1;
    for (; at < argc && argv[at][0] == '-'; at++) {
        every = every || strcmp(argv[at], "--every") == 0;
        held.behind_proxy = held.behind_proxy || strcmp(argv[at], "--proxy") == 0;
    }
    if (argc - at != 2) {
        fprintf(stderr, "answers [--proxy] [--every] LEAST FILE\n");
        return 2;
    }
    size_t size, least = strtoul(argv[at], NULL, 10);
    char *bytes = read_whole(argv[at + 1], &size);
    json_t *document = bytes != NULL ? recorded_document(bytes, size) : NULL;
    held.document = document;
    int code = 1;
    if (document == NULL)
        fprintf(stderr, "%s holds no description of the service, or two\n", argv[at + 1]);
    else
        code = hold(&held, bytes, size, least, every);
    json_decref(document);
    json_decref(held.seen);
    free(bytes);
    return code;
}
