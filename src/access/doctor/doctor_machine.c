// What the doctor sees of the machine.
#include <stdio.h>
#include <string.h>

#include "access/doctor/doctor.h"

// ---- room on the disk ----

#define GB UINT64_C(1000000000)

enum {
    days_bad = 3,
    days_look = 14,
    size_text_max = 24,
};

// "79.4 GB"
static const char *size_text(char buffer[size_text_max], uint64_t bytes)
{
    bool small = bytes < GB;
    double amount = (double)bytes / (small ? 1e6 : 1e9);
    WF_IGNORE(snprintf(buffer, size_text_max, "%.1f %s", amount, small ? "MB" : "GB") < 0,
              "24 bytes hold every size of 64 bits");
    return buffer;
}

static uint64_t rows_bytes(const wf_doctor *doctor)
{
    wf_path path;
    weft_error unused = {0};
    wf_file_about about;
    bool there = wf_path_join(doctor->dir, "records.db", &path, &unused) == WEFT_OK &&
                 doctor->system->look(doctor->system, path.text, &about);
    return there ? about.size : 0;
}

// A purge writes the rows anew beside the old ones: where there is no room for that,
// nothing can be forgotten.
static weft_check_level level_of_room(const wf_doctor *doctor, const wf_space *space,
                                      bool known, uint64_t days)
{
    if (space->bytes_free < GB || space->bytes_free < rows_bytes(doctor) ||
        (known && days < days_bad))
        return WEFT_CHECK_BAD;
    if (space->bytes_free < space->bytes_all / 20 || (known && days < days_look))
        return WEFT_CHECK_LOOK;
    return WEFT_CHECK_OK;
}

static void check_room(wf_doctor *doctor, const wf_space *space)
{
    char room[size_text_max], all[size_text_max], number[WF_NUMBER_TEXT_MAX];
    uint64_t growth = 0;
    bool known = wf_doctor_growth(doctor, &growth);
    uint64_t days = known ? space->bytes_free / growth : 0;
    weft_check_level level = level_of_room(doctor, space, known, days);
    size_text(room, space->bytes_free);
    size_text(all, space->bytes_all);
    if (known && days < 3650)
        wf_doctor_say(doctor, "disk", level, "doctor.disk_lasts", "free", room, "all",
                      all, "days", wf_number_text(number, (int64_t)days), NULL);
    else
        wf_doctor_say(doctor, "disk", level, "doctor.disk", "free", room, "all", all,
                      NULL);
}

static void check_files(wf_doctor *doctor, const wf_space *space)
{
    char room[WF_NUMBER_TEXT_MAX];
    if (space->files_all == 0) {
        wf_doctor_say(doctor, "inodes", WEFT_CHECK_OK, "doctor.inodes_free", NULL);
        return;
    }
    weft_check_level level = space->files_free < 1000                    ? WEFT_CHECK_BAD
                             : space->files_free < space->files_all / 20 ? WEFT_CHECK_LOOK
                                                                         : WEFT_CHECK_OK;
    wf_doctor_say(doctor, "inodes", level, "doctor.inodes", "free",
                  wf_number_text(room, (int64_t)space->files_free), NULL);
}

static void check_space(wf_doctor *doctor)
{
    wf_space space;
    if (!doctor->system->space(doctor->system, doctor->dir, &space)) {
        wf_doctor_say_unknown(doctor, "disk");
        wf_doctor_say_unknown(doctor, "inodes");
        return;
    }
    check_room(doctor, &space);
    check_files(doctor, &space);
}

// ---- what the folder lies on ----

static bool is_one_of(const char *word, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

// With these options, or in memory, what was acknowledged can be gone after a power cut.
// File systems of other machines hold their promises only as well as those do.
static void check_mount(wf_doctor *doctor)
{
    static const char *const unsafe[] = {"nobarrier",     "barrier=0", "data=writeback",
                                         "sync=disabled", "nosync",    NULL};
    static const char *const memory[] = {"tmpfs", "ramfs", NULL};
    static const char *const remote[] = {"nfs",  "nfs4",     "cifs", "smb3",   "9p",
                                         "ceph", "virtiofs", "fuse", "vboxsf", NULL};
    wf_mount mount;
    if (!wf_system_mount(doctor->system, doctor->dir, &mount)) {
        wf_doctor_say_unknown(doctor, "mount");
        return;
    }
    for (size_t i = 0; unsafe[i] != NULL; i++)
        if (wf_mount_has(&mount, unsafe[i])) {
            wf_doctor_say(doctor, "mount", WEFT_CHECK_BAD, "doctor.mount_unsafe", "type",
                          mount.type, "option", unsafe[i], NULL);
            return;
        }
    if (is_one_of(mount.type, memory))
        wf_doctor_say(doctor, "mount", WEFT_CHECK_BAD, "doctor.mount_memory", "type",
                      mount.type, NULL);
    else if (is_one_of(mount.type, remote) || strncmp(mount.type, "fuse.", 5) == 0)
        wf_doctor_say(doctor, "mount", WEFT_CHECK_LOOK, "doctor.mount_remote", "type",
                      mount.type, NULL);
    else
        wf_doctor_say(doctor, "mount", WEFT_CHECK_OK, "doctor.mount", "type", mount.type,
                      NULL);
}

// ---- memory that could reach a disk ----

static void check_swap(wf_doctor *doctor)
{
    wf_swap swap;
    char number[WF_NUMBER_TEXT_MAX];
    if (!wf_system_swap(doctor->system, &swap))
        wf_doctor_say_unknown(doctor, "swap");
    else if (swap.on_disk == 0)
        wf_doctor_say(doctor, "swap", WEFT_CHECK_OK, "doctor.swap_none", NULL);
    else if (swap.on_disk == swap.encrypted)
        wf_doctor_say(doctor, "swap", WEFT_CHECK_OK, "doctor.swap_encrypted", NULL);
    else
        wf_doctor_say(doctor, "swap", WEFT_CHECK_BAD, "doctor.swap_open", "count",
                      wf_number_text(number, swap.on_disk - swap.encrypted), NULL);
}

// Keys take 4 KiB for 127 of them.
static void check_locked(wf_doctor *doctor)
{
    enum { enough_bytes = 1 << 20 };
    uint64_t limit = 0;
    char room[size_text_max];
    if (!wf_system_limit(doctor->system, "Max locked memory", &limit))
        wf_doctor_say_unknown(doctor, "locked_memory");
    else if (limit == UINT64_MAX)
        wf_doctor_say(doctor, "locked_memory", WEFT_CHECK_OK, "doctor.locked_unlimited",
                      NULL);
    else
        wf_doctor_say(doctor, "locked_memory",
                      limit < enough_bytes ? WEFT_CHECK_LOOK : WEFT_CHECK_OK,
                      "doctor.locked", "limit", size_text(room, limit), NULL);
}

static void check_cores(wf_doctor *doctor)
{
    wf_cores cores;
    if (!wf_system_cores(doctor->system, &cores))
        wf_doctor_say_unknown(doctor, "core_dumps");
    else if (cores == WF_CORES_NONE)
        wf_doctor_say(doctor, "core_dumps", WEFT_CHECK_OK, "doctor.cores_none", NULL);
    else
        wf_doctor_say(
            doctor, "core_dumps", WEFT_CHECK_LOOK,
            cores == WF_CORES_FILE ? "doctor.cores_file" : "doctor.cores_program", NULL);
}

// ---- who may read ----

static bool say_mode(wf_doctor *doctor, const char *name, const char *path,
                     weft_check_level level)
{
    wf_file_about about;
    char mode[8];
    if (!doctor->system->look(doctor->system, path, &about))
        return false;
    WF_IGNORE(snprintf(mode, sizeof mode, "%04o", about.mode & 07777) < 0,
              "four octal digits fit");
    if ((about.mode & 077) != 0) {
        wf_doctor_say(doctor, name, level, "doctor.modes_open", "path", path, "mode",
                      mode, NULL);
        return true;
    }
    if (about.owner == doctor->system->user(doctor->system))
        return false;
    wf_doctor_say(doctor, name, WEFT_CHECK_LOOK, "doctor.owner", "path", path, NULL);
    return true;
}

// What is in the folder is sealed, but weft.yaml may hold the password of a server.
static void check_folder(wf_doctor *doctor)
{
    wf_path file;
    weft_error unused = {0};
    bool on_server = doctor->city != NULL && doctor->city->records != NULL;
    bool said = on_server &&
                wf_path_join(doctor->dir, "weft.yaml", &file, &unused) == WEFT_OK &&
                say_mode(doctor, "folder", file.text, WEFT_CHECK_BAD);
    if (!said && !say_mode(doctor, "folder", doctor->dir, WEFT_CHECK_LOOK))
        wf_doctor_say(doctor, "folder", WEFT_CHECK_OK, "doctor.modes", NULL);
}

static void check_key_folder(wf_doctor *doctor)
{
    wf_path folder, file;
    weft_error unused = {0};
    weft_status status = doctor->keys.key_dir != NULL
                             ? wf_path_join(doctor->keys.key_dir, "", &folder, &unused)
                             : wf_keys_default_dir(&folder, &unused);
    if (status != WEFT_OK) {
        wf_doctor_say_unknown(doctor, "key_folder");
        return;
    }
    bool said = doctor->city != NULL &&
                wf_path_join(folder.text, doctor->city->id, &file, &unused) == WEFT_OK &&
                say_mode(doctor, "key_folder", file.text, WEFT_CHECK_BAD);
    if (!said && !say_mode(doctor, "key_folder", folder.text, WEFT_CHECK_LOOK))
        wf_doctor_say(doctor, "key_folder", WEFT_CHECK_OK, "doctor.modes", NULL);
}

void wf_doctor_machine(wf_doctor *doctor)
{
    check_space(doctor);
    check_mount(doctor);
    check_swap(doctor);
    check_locked(doctor);
    check_cores(doctor);
    check_folder(doctor);
    check_key_folder(doctor);
}
