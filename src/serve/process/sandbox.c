#include "serve/process/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "access/city/city_file.h"
#include "access/city/data_dir.h"
#include "keys/ring.h"

// Newer than the headers of Debian 12, which know ABI 2.
enum {
    right_refer = 1 << 13,     // ABI 2
    right_truncate = 1 << 14,  // ABI 3
    right_ioctl_dev = 1 << 15, // ABI 5
    abi_refer = 2,
    abi_truncate = 3,
    abi_ioctl_dev = 5,
    abi_scope = 6,
    scope_abstract_socket = 1 << 0,
    scope_signal = 1 << 1,
};

// As the newest kernel has it; an older one is told of fewer bytes.
typedef struct {
    uint64_t files, network, scope;
} ruleset_attributes;

enum {
    rights_read = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
    rights_of_files =
        LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | right_truncate,
    rights_write = rights_of_files | LANDLOCK_ACCESS_FS_READ_DIR |
                   LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                   LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                   LANDLOCK_ACCESS_FS_MAKE_SOCK | right_refer,
    rights_first = (1 << 13) - 1, // of ABI 1
};

// ---- the process ----

static bool shut_process(void)
{
    const struct rlimit none = {0};
    umask(077);
    bool done = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    done = setrlimit(RLIMIT_CORE, &none) == 0 && done;
    // A sanitizer looks for leaks by tracing.
    if (!WF_SANDBOX_SANITIZED)
        done = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && done;
    return done;
}

// ---- files ----

static uint64_t rights_of(int abi)
{
    uint64_t rights = rights_first;
    rights |= abi >= abi_refer ? right_refer : 0;
    rights |= abi >= abi_truncate ? right_truncate : 0;
    rights |= abi >= abi_ioctl_dev ? right_ioctl_dev : 0;
    return rights;
}

static int new_ruleset(int abi)
{
    const ruleset_attributes all = {.files = rights_of(abi),
                                    .scope = scope_abstract_socket | scope_signal};
    size_t size = abi >= abi_scope ? sizeof all : sizeof all.files;
    return (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
}

// What is not there needs no rule.
static bool allow(int rules, int abi, const char *path, uint64_t rights)
{
    const wf_io *io = &wf_io_posix;
    struct stat about;
    int place = io->open(io, path, O_PATH | O_CLOEXEC, 0);
    if (place < 0)
        return true;
    if (fstat(place, &about) == 0 && !S_ISDIR(about.st_mode))
        rights &= rights_of_files;
    const struct landlock_path_beneath_attr rule = {
        .allowed_access = rights & rights_of(abi), .parent_fd = place};
    bool done =
        syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    WF_IGNORE(io->close(io, place), "it was only looked at");
    return done;
}

// Of the machine: zones, what libraries load late (conversions of character sets, the
// resolver), what the doctor reads.
static bool allow_machine(int rules, int abi)
{
    static const char *const readable[] = {
        "/usr/share/zoneinfo",
        "/etc/localtime",
        "/usr/lib",
        "/usr/lib64",
        "/lib",
        "/lib64",
        "/etc/ld.so.cache",
        "/proc",
        "/sys",
        "/etc/passwd",
        "/etc/hosts",
        "/etc/host.conf",
        "/etc/resolv.conf",
        "/etc/nsswitch.conf",
        "/etc/gai.conf",
        "/etc/services",
        "/etc/ssl",
        "/run/systemd/resolve",
        "/dev/urandom",
    };
    bool done = allow(rules, abi, "/dev/shm", rights_write) &&
                allow(rules, abi, "/dev/null", rights_of_files);
    for (size_t i = 0; done && i < sizeof readable / sizeof *readable; i++)
        done = allow(rules, abi, readable[i], rights_read);
    return done;
}

// The secret of the single sign-on lies where weft.yaml says. What is wrong with that
// file is said when the city is opened.
static bool allow_named(int rules, int abi, const char *city_dir)
{
    weft_city *city = NULL;
    weft_error unused = {0};
    bool done = true;
    if (wf_city_new(&wf_io_posix, city_dir, &city, &unused) == WEFT_OK &&
        wf_city_file_read(city, &unused) == WEFT_OK && city->sso_secret != NULL)
        done = allow(rules, abi, city->sso_secret, rights_read);
    weft_city_close(city);
    return done;
}

static weft_status allow_city(int rules, int abi, const char *city_dir,
                              const weft_key_options *keys, bool *ret, weft_error *error)
{
    wf_path key_dir, data;
    if (keys->key_dir != NULL)
        WF_TRY(wf_path_join(keys->key_dir, "", &key_dir, error));
    else
        WF_TRY(wf_keys_default_dir(&key_dir, error));
    WF_TRY(wf_data_dir(&wf_io_posix, "", &data, error));
    const char *home = getenv("HOME");
    wf_path passwords; // of PostgreSQL
    WF_TRY(wf_path_join(home != NULL ? home : "/", ".pgpass", &passwords, error));
    *ret = allow_named(rules, abi, city_dir) &&
           allow(rules, abi, city_dir, rights_write) &&
           allow(rules, abi, key_dir.text, rights_write) &&
           allow(rules, abi, data.text, rights_read) &&
           allow(rules, abi, passwords.text, rights_read) &&
           (keys->credential == NULL || allow(rules, abi, keys->credential, rights_read));
    return WEFT_OK;
}

static weft_status shut_files(int abi, const char *city_dir, const weft_key_options *keys,
                              weft_error *error)
{
    int rules = new_ruleset(abi);
    if (rules < 0)
        return wf_fail_errno(error, errno, "sandbox.files", city_dir);
    bool done = allow_machine(rules, abi);
    weft_status status =
        done ? allow_city(rules, abi, city_dir, keys, &done, error) : WEFT_OK;
    if (status == WEFT_OK &&
        (!done || syscall(SYS_landlock_restrict_self, rules, 0) != 0))
        status = wf_fail_errno(error, errno, "sandbox.files", city_dir);
    WF_IGNORE(close(rules), "the rules are in force, or nothing is");
    return status;
}

weft_status wf_sandbox_files(const char *city_dir, const weft_key_options *keys,
                             wf_sandbox *ret, weft_error *error)
{
    wf_sandbox sandbox = {.process = shut_process()};
    long abi =
        syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi > 0 && sandbox.process && !WF_SANDBOX_SANITIZED) {
        WF_TRY(shut_files((int)abi, city_dir, keys, error));
        sandbox.files = (int)abi;
    }
    *ret = sandbox;
    return WEFT_OK;
}

const char *wf_sandbox_text(const wf_sandbox *sandbox, char buffer[WF_SANDBOX_TEXT_MAX])
{
    char files[24] = "";
    if (sandbox->files > 0)
        WF_IGNORE(snprintf(files, sizeof files, ",files/%d", sandbox->files) < 0,
                  "an ABI has few digits");
    WF_IGNORE(snprintf(buffer, WF_SANDBOX_TEXT_MAX, "%s%s%s",
                       sandbox->process ? "process" : "none", files,
                       sandbox->calls ? ",calls" : "") < 0,
              "the parts are short");
    return buffer;
}
