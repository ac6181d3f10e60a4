// The table of verbs, in the order of the help.
#include "cli/cli.h"

extern const wf_verb wf_verb_init;
extern const wf_verb wf_verb_import;
extern const wf_verb wf_verb_fact;
extern const wf_verb wf_verb_clock;
extern const wf_verb wf_verb_holes;
extern const wf_verb wf_verb_task;
extern const wf_verb wf_verb_refused;
extern const wf_verb wf_verb_contacts;
extern const wf_verb wf_verb_work;
extern const wf_verb wf_verb_who;
extern const wf_verb wf_verb_find;
extern const wf_verb wf_verb_view;
extern const wf_verb wf_verb_export;
extern const wf_verb wf_verb_source;
extern const wf_verb wf_verb_protocol;
extern const wf_verb wf_verb_verify;
extern const wf_verb wf_verb_digest;
extern const wf_verb wf_verb_status;
extern const wf_verb wf_verb_doctor;
extern const wf_verb wf_verb_purge;
extern const wf_verb wf_verb_rebuild;
extern const wf_verb wf_verb_react;
extern const wf_verb wf_verb_backup;
extern const wf_verb wf_verb_restore;
extern const wf_verb wf_verb_keys;
extern const wf_verb wf_verb_upgrade;
extern const wf_verb wf_verb_user;
extern const wf_verb wf_verb_device;
extern const wf_verb wf_verb_token;
extern const wf_verb wf_verb_serve;
extern const wf_verb wf_verb_city;
extern const wf_verb wf_verb_version;
extern const wf_verb wf_verb_help;

const wf_verb *const wf_verbs[] = {
    &wf_verb_init,     &wf_verb_import,
    &wf_verb_fact,     &wf_verb_refused,
    &wf_verb_holes,    &wf_verb_task,
    &wf_verb_clock,    &wf_verb_contacts,
    &wf_verb_work,     &wf_verb_who,
    &wf_verb_view,     &wf_verb_export,
    &wf_verb_find,     &wf_verb_source,
    &wf_verb_protocol, &wf_verb_status,
    &wf_verb_doctor,   &wf_verb_verify,
    &wf_verb_digest,   &wf_verb_purge,
    &wf_verb_rebuild,  &wf_verb_react,
    &wf_verb_backup,   &wf_verb_restore,
    &wf_verb_keys,     &wf_verb_upgrade,
    &wf_verb_user,     &wf_verb_device,
    &wf_verb_token,    &wf_verb_serve,
    &wf_verb_city,     &wf_verb_version,
    &wf_verb_help,     NULL,
};
