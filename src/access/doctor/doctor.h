// What the doctor's files share: one examination.
//
//   doctor.c           the whole, and what is seen inside an open city
//   doctor_copies.c    backups and copies of keys that are elsewhere
//   doctor_machine.c   what is seen of the machine
//   doctor_room.c      how long the room on the disk lasts
#ifndef WF_ACCESS_DOCTOR_DOCTOR_H
#define WF_ACCESS_DOCTOR_DOCTOR_H

#include "access/city/city.h"
#include "base/system.h"
#include "weft/doctor.h"

typedef struct {
    const wf_system *system;
    const char *dir;
    weft_key_options keys;
    weft_time now;   // the machine's
    weft_city *city; // one that the caller has open, else it is opened; NULL: it does not
    void (*each)(void *context, const weft_check *check);
    void *context;
    uint64_t bad;
} wf_doctor;

// As weft_doctor, on a machine and at a time of the caller's.
weft_status wf_doctor_run(wf_doctor *doctor, weft_error *error) WEFT_MUST_CHECK;

// Says what a check found: pairs of (name, value) follow, ended by NULL.
void wf_doctor_say(wf_doctor *doctor, const char *name, weft_check_level level,
                   const char *code, ...) __attribute__((sentinel));
// The machine cannot answer.
void wf_doctor_say_unknown(wf_doctor *doctor, const char *name);

void wf_doctor_machine(wf_doctor *doctor);
void wf_doctor_copies(wf_doctor *doctor);

// How many bytes a day the city has grown by in its last days. False when it is younger
// than a day, does not open, or nothing has come.
bool wf_doctor_growth(const wf_doctor *doctor, uint64_t *ret_bytes_a_day);

#endif
