// Fixed keys for tests of files; real keys come from the ring only.
#ifndef TEST_SUPPORT_TEST_KEY_H
#define TEST_SUPPORT_TEST_KEY_H

#include "keys/key.h"

// Keys 0 … 9, all different.
static inline const wf_key *test_key_of(unsigned number)
{
    static const wf_key keys[10] = {{{1}}, {{2}}, {{3}}, {{4}}, {{5}},
                                    {{6}}, {{7}}, {{8}}, {{9}}, {{10}}};
    return &keys[number];
}

#endif
