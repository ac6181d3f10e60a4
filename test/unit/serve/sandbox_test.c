// What is denied is denied: children shut themselves in and try.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "access/city/city.h"
#include "serve/process/sandbox.h"
#include "support/scratch.h"
#include "support/skip.h"

// A trial in the sandbox: 0 when it did what it wanted, else an errno.
typedef int trial(const wf_path *place);

enum { was_killed = 1000, has_none = 1001, exit_none = 250 };

static wf_path city_dir(const wf_path *place)
{
    return scratch_path(place, "city");
}

// Runs in the child. What the kernel lacks cannot be tried.
static int try_inside(const wf_path *place, trial *try, bool on_server)
{
    wf_path city = city_dir(place), keys = scratch_path(place, "keys");
    const weft_key_options options = {.key_dir = keys.text};
    weft_city about = {.records = on_server ? "postgres://" : NULL};
    wf_sandbox sandbox;
    weft_error error = {0};
    if (wf_sandbox_files(city.text, &options, &sandbox, &error) != WEFT_OK ||
        wf_sandbox_calls(&about, &sandbox, &error) != WEFT_OK)
        return 251;
    if (sandbox.files == 0 || !sandbox.calls)
        return exit_none;
    return try(place);
}

static int outcome_of(trial *try, bool on_server)
{
    wf_path place = {"/tmp/weft-test-XXXXXX"}; // memory may be written to
    int status = 0;
    assert_non_null(mkdtemp(place.text));
    wf_path city = city_dir(&place), keys = scratch_path(&place, "keys");
    assert_int_equal(mkdir(city.text, 0700), 0);
    assert_int_equal(mkdir(keys.text, 0700), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(try_inside(&place, try, on_server));
    assert_int_equal(waitpid(child, &status, 0), child);
    scratch_remove(place.text);
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGSYS ? was_killed : -WTERMSIG(status);
    return WEXITSTATUS(status) == exit_none ? has_none : WEXITSTATUS(status);
}

static int result(bool done)
{
    return done ? 0 : errno;
}

// ---- trials ----

static int make_file(const wf_path *folder, const char *name)
{
    wf_path path = scratch_path(folder, name);
    int file = open(path.text, O_RDWR | O_CREAT | O_TRUNC, 0666);
    struct stat about;
    if (file < 0)
        return errno;
    if (write(file, "x", 1) != 1 || ftruncate(file, 0) != 0 || fsync(file) != 0 ||
        fstat(file, &about) != 0)
        return errno;
    return (about.st_mode & 077) == 0 ? 0 : EINVAL; // the umask
}

static int write_in_city(const wf_path *place)
{
    wf_path city = city_dir(place), from = scratch_path(&city, "a");
    wf_path to = scratch_path(&city, "b");
    int reason = make_file(&city, "a");
    return reason != 0 ? reason
                       : result(rename(from.text, to.text) == 0 && unlink(to.text) == 0);
}

static int write_in_key_folder(const wf_path *place)
{
    wf_path keys = scratch_path(place, "keys");
    return make_file(&keys, "share");
}

static int write_beside(const wf_path *place)
{
    return make_file(place, "beside");
}

static int read_beside(const wf_path *place)
{
    (void)place;
    return result(open("/etc/shadow", O_RDONLY) >= 0);
}

static int list_root(const wf_path *place)
{
    (void)place;
    return result(open("/", O_RDONLY | O_DIRECTORY) >= 0);
}

static int climb_out(const wf_path *place)
{
    wf_path city = city_dir(place), up = scratch_path(&city, "../climbed");
    return result(open(up.text, O_WRONLY | O_CREAT, 0600) >= 0);
}

static int make_link(const wf_path *place)
{
    wf_path city = city_dir(place), link_path = scratch_path(&city, "link");
    return result(symlink("/etc/shadow", link_path.text) == 0);
}

static int read_process(const wf_path *place)
{
    (void)place;
    return result(open("/proc/self/limits", O_RDONLY) >= 0);
}

static int write_memory(const wf_path *place)
{
    (void)place;
    int file = memfd_create("trial", MFD_CLOEXEC);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return result(file >= 0 && open(path, O_RDWR) >= 0);
}

static void *do_nothing(void *context)
{
    return context;
}

static int begin_thread(const wf_path *place)
{
    pthread_t thread;
    (void)place;
    int reason = pthread_create(&thread, NULL, do_nothing, NULL);
    return reason != 0 ? reason : pthread_join(thread, NULL);
}

static void *make_beside(void *place)
{
    return (void *)(uintptr_t)write_beside(place);
}

static int write_beside_in_thread(const wf_path *place)
{
    pthread_t thread;
    void *reason = NULL;
    int failed = pthread_create(&thread, NULL, make_beside, (void *)(uintptr_t)place);
    return failed != 0 ? failed : (pthread_join(thread, &reason), (int)(uintptr_t)reason);
}

static int fork_child(const wf_path *place)
{
    (void)place;
    return result(fork() >= 0);
}

static int run_program(const wf_path *place)
{
    (void)place;
    return result(execl("/bin/true", "true", (char *)NULL) == 0);
}

static int trace(const wf_path *place)
{
    (void)place;
    return result(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0);
}

static int mount_something(const wf_path *place)
{
    return result(mount("none", place->text, "tmpfs", 0, NULL) == 0);
}

static int load_module(const wf_path *place)
{
    (void)place;
    return result(syscall(SYS_init_module, NULL, 0, "") == 0);
}

static int use_bpf(const wf_path *place)
{
    (void)place;
    return result(syscall(SYS_bpf, 0, NULL, 0) == 0);
}

static int change_root(const wf_path *place)
{
    return result(chroot(place->text) == 0);
}

static int new_namespace(const wf_path *place)
{
    (void)place;
    return result(syscall(SYS_unshare, 0x10000000) == 0);
}

static int become_another(const wf_path *place)
{
    (void)place;
    return result(syscall(SYS_setuid, 0) == 0);
}

static int connect_out(const wf_path *place)
{
    (void)place;
    return result(socket(AF_INET, SOCK_STREAM, 0) >= 0);
}

static int listen_raw(const wf_path *place)
{
    (void)place;
    return result(socket(AF_PACKET, SOCK_RAW, 0) >= 0);
}

static int signal_parent(const wf_path *place)
{
    (void)place;
    return result(kill(getppid(), 0) == 0);
}

static int write_and_execute(const wf_path *place)
{
    (void)place;
    return result(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
}

static int make_executable(const wf_path *place)
{
    void *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)place;
    return page == MAP_FAILED ? EINVAL
                              : result(mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0);
}

static int leave_core(const wf_path *place)
{
    struct rlimit cores;
    (void)place;
    if (getrlimit(RLIMIT_CORE, &cores) != 0)
        return errno;
    return cores.rlim_cur == 0 && cores.rlim_max == 0 ? EPERM : 0;
}

static int number_unknown(const wf_path *place)
{
    (void)place;
    return result(syscall(100000) == 0);
}

// ---- what holds ----

static void what_is_needed_works_and_all_else_does_not(void **state)
{
    static const struct {
        const char *name;
        trial *try;
        int wanted;
    } rows[] = {
        {"write in the city", write_in_city, 0},
        {"write in the key folder", write_in_key_folder, 0},
        {"read /proc", read_process, 0},
        {"write memory by its path", write_memory, 0},
        {"begin a thread", begin_thread, 0},
        {"write beside the city", write_beside, EACCES},
        {"write beside it in a thread", write_beside_in_thread, EACCES},
        {"climb out of it", climb_out, EACCES},
        {"read another file", read_beside, EACCES},
        {"list /", list_root, EACCES},
        {"make a link", make_link, EPERM},
        {"fork", fork_child, EPERM},
        {"connect", connect_out, EPERM},
        {"signal the parent", signal_parent, EPERM},
        {"map memory to write and execute", write_and_execute, EPERM},
        {"make memory executable", make_executable, EPERM},
        {"leave a core", leave_core, EPERM},
        {"a call that nobody knows", number_unknown, EPERM},
        {"run a program", run_program, was_killed},
        {"trace", trace, was_killed},
        {"mount", mount_something, was_killed},
        {"load a module", load_module, was_killed},
        {"use bpf", use_bpf, was_killed},
        {"change the root", change_root, was_killed},
        {"a namespace of its own", new_namespace, was_killed},
        {"become another user", become_another, was_killed},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int outcome = outcome_of(rows[i].try, false);
        if (outcome == has_none)
            TEST_SKIP("the kernel or this build has no such sandbox");
        if (outcome != rows[i].wanted)
            print_error("%s\n", rows[i].name);
        assert_int_equal(outcome, rows[i].wanted);
    }
}

static void a_city_on_postgresql_may_connect_and_no_more(void **state)
{
    (void)state;
    int outcome = outcome_of(connect_out, true);
    if (outcome == has_none)
        TEST_SKIP("the kernel or this build has no such sandbox");
    assert_int_equal(outcome, 0);
    assert_int_equal(outcome_of(listen_raw, true), EPERM);
    assert_int_equal(outcome_of(fork_child, true), EPERM);
}

static void what_holds_is_said(void **state)
{
    static const struct {
        wf_sandbox sandbox;
        const char *text;
    } rows[] = {{{true, 7, true}, "process,files/7,calls"},
                {{true, 0, true}, "process,calls"},
                {{true, 2, false}, "process,files/2"},
                {{false, 0, false}, "none"}};
    char text[WF_SANDBOX_TEXT_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(wf_sandbox_text(&rows[i].sandbox, text), rows[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_needed_works_and_all_else_does_not),
        cmocka_unit_test(a_city_on_postgresql_may_connect_and_no_more),
        cmocka_unit_test(what_holds_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
