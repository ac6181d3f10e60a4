// What a key is; only for files of src/keys.
#ifndef WF_KEYS_KEY_H
#define WF_KEYS_KEY_H

#include "keys/ring.h"

struct wf_key {
    unsigned char bytes[WF_KEY_BYTES];
};

#endif
