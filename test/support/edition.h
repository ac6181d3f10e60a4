// An edition of protocol/, as the program loads it.
#ifndef TEST_SUPPORT_EDITION_H
#define TEST_SUPPORT_EDITION_H

#include <stdio.h>
#include <stdlib.h>

#include "access/city/protocol.h"

static inline const wf_protocol *edition_load(const char *name, wf_arena *arena)
{
    weft_error error = {0};
    const wf_protocol *protocol = NULL;
    if (wf_protocol_load(&wf_io_posix, name, arena, &protocol, &error) != WEFT_OK) {
        fprintf(stderr, "%s: %s\n", name, error.code);
        abort();
    }
    return protocol;
}

#endif
