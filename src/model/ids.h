// Numbers of people and places inside one city's visit store.
//
// One-field structs, so that a place passed for a person does not compile. The
// numbers are dense, stand for an external id in the dictionary (visits/ids.h)
// and are never printed.
#ifndef WF_MODEL_IDS_H
#define WF_MODEL_IDS_H

#include <stdint.h>

typedef struct {
    uint32_t number;
} wf_person;

typedef struct {
    uint32_t number;
} wf_place;

// A city holds at most 2^24 people and 2^24 places (24-bit fields of the day file).
#define WF_NUMBER_LIMIT (UINT32_C(1) << 24)
#define WF_NUMBER_NONE UINT32_MAX

// An external id: 1–128 bytes of UTF-8 without control characters.
#define WF_ID_BYTES_MAX 128

#endif
