// Shuts the serving process in, as far as the kernel can:
//
//   files     Landlock: writes reach the city's folder, the folder of its key and memory
//             (/dev/shm); reads besides data files, time zones, shared libraries, /proc
//             and /sys, and for PostgreSQL some files of /etc
//   calls     seccomp: an allow list; what nobody here ever does (ptrace, mount, exec,
//             loading modules…) ends the process, all else that is not listed gives
//             EPERM; no memory is writable and executable; no new listeners, and
//             connections to elsewhere only for a city whose rows are on PostgreSQL
//   process   no new privileges, no core dumps, not to be traced, umask 077
//
// Landlock holds for the thread that asks and for threads made after it: files first,
// while there is one thread. The filter of calls is put over all threads, last, when all
// that only a beginning needs is done. Files that verbs of the owner name are opened by
// their guests (guest.h), so that no thread is left out.
//
// A program built with a sanitizer does what the filter forbids: there only the process
// part holds, less what the sanitizer needs.
#ifndef WF_SERVE_PROCESS_SANDBOX_H
#define WF_SERVE_PROCESS_SANDBOX_H

#include "base/io.h"
#include "weft/city.h"

// What holds.
typedef struct {
    bool process;
    int files; // ABI of Landlock, 1 and up; 0: the kernel has none, or it is not asked
               // for
    bool calls;
} wf_sandbox;

// The process part, then the files of a city: before it is opened, in a process of one
// thread. `city_dir` is absolute; `keys` as the city will be opened. A kernel without
// Landlock is no failure: see *ret. WEFT_STORAGE ("sandbox.files") when it has it and
// refuses.
weft_status wf_sandbox_files(const char *city_dir, const weft_key_options *keys,
                             wf_sandbox *ret, weft_error *error) WEFT_MUST_CHECK;
// The calls, for all threads there are and will be: when the service has begun.
// WEFT_STORAGE ("sandbox.calls") when the kernel has seccomp and refuses.
weft_status wf_sandbox_calls(const weft_city *city, wf_sandbox *sandbox,
                             weft_error *error) WEFT_MUST_CHECK;

// "process files/7 calls", "none".
#define WF_SANDBOX_TEXT_MAX 40
const char *wf_sandbox_text(const wf_sandbox *sandbox, char buffer[WF_SANDBOX_TEXT_MAX]);

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WF_SANDBOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||               \
    __has_feature(memory_sanitizer)
#define WF_SANDBOX_SANITIZED 1
#endif
#endif
#ifndef WF_SANDBOX_SANITIZED
#define WF_SANDBOX_SANITIZED 0
#endif

#endif
