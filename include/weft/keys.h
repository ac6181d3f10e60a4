// Keys of a city, without any secret: which there are, and copies of the ring that were
// given out.
#ifndef WEFT_KEYS_H
#define WEFT_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weft/city.h"

// ---- what the ring holds ----

typedef struct {
    const char
        *name;  // "visits", "dictionary", "register", "refused", "ledger", "records",
                // and of bodies of facts "facts/" with the class of keeping
    bool dated; // a key a day; else generations of one key
    uint64_t keys;
    weft_day first, last;      // of dated keys
    weft_day forgotten_before; // INT32_MIN: nothing was forgotten
} weft_key_class;

// Classes that have keys, or had some.
weft_status weft_keys_classes(weft_city *city,
                              void (*each)(void *context, const weft_key_class *one),
                              void *context, weft_error *error) WEFT_MUST_CHECK;

// ---- recipients ----

typedef struct {
    char name[72];
    char key[65]; // public, 64 hex digits: what two people compare on the phone
} weft_recipient;

// Draws a key pair for somebody who keeps copies of rings: <path>.key, secret, mode 0600,
// to be kept offline and away from backups; <path>.pub, which cities seal copies for. The
// name is the last part of the path. passphrase_file NULL: the secret lies open in its
// file. Needs no city.
weft_status weft_recipient_new(const char *path, const char *passphrase_file,
                               weft_recipient *ret, weft_error *error) WEFT_MUST_CHECK;

// ---- copies ----

typedef enum {
    WEFT_COPY_OUT,      // somebody has it
    WEFT_COPY_RETURNED, // it was used up, and is not with its keeper any more
    WEFT_COPY_DESTROYED
} weft_copy_end;

typedef struct {
    char id[33]; // 32 hex digits
    char recipient[72];
    char key[65]; // the recipient's public key
    weft_time made;
    weft_day until; // the day by which it must be destroyed
    weft_copy_end end;
    weft_time ended;
    bool overdue; // out, and past its day
} weft_key_copy;

// Seals a copy of the ring for the owner of a .pub and writes it to `file`, which must
// not exist. The copy is recorded in the city, durably, before it is written. A day that
// is past: WEFT_BAD_USAGE ("keys.until"). As long as the copy and the recipient's secret
// exist, what the city forgets is not forgotten for whoever holds both, and a backup.
weft_status weft_keys_export(weft_city *city, const char *recipient_file, weft_day until,
                             const char *file, weft_key_copy *ret,
                             weft_error *error) WEFT_MUST_CHECK;

// All copies that were ever made, the oldest first.
void weft_keys_copies(const weft_city *city,
                      void (*each)(void *context, const weft_key_copy *one),
                      void *context);

// Notes, durably, that a copy is out no more. `id`: at least its first 4 digits. None or
// several of that beginning: WEFT_NOT_FOUND ("keys.copy_none").
weft_status weft_keys_copy_ended(weft_city *city, const char *id, weft_copy_end end,
                                 weft_key_copy *ret, weft_error *error) WEFT_MUST_CHECK;

#endif
