// The filter of system calls: a program for the kernel (seccomp, classic BPF), made of
// lists of their numbers. Linear, but the kernel keeps for each call whether it is always
// allowed, and then runs nothing.
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "access/city/city.h"
#include "serve/process/sandbox.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#define OTHER_CALLS 0x40000000u // of x32, which has its own numbers
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#define OTHER_CALLS UINT32_MAX
#else
#define ARCHITECTURE 0 // its numbers were not tried
#define OTHER_CALLS UINT32_MAX
#endif

// Nothing here ever does these: who does has taken the process over.
static const unsigned deadly[] = {
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_execve,
    SYS_execveat,
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_open_tree,
    SYS_move_mount,
    SYS_fsopen,
    SYS_fsconfig,
    SYS_fsmount,
    SYS_fspick,
    SYS_mount_setattr,
    SYS_setns,
    SYS_unshare,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_io_uring_setup,
    SYS_add_key,
    SYS_request_key,
    SYS_keyctl,
    SYS_reboot,
    SYS_swapon,
    SYS_swapoff,
    SYS_acct,
    SYS_quotactl,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_personality,
    SYS_open_by_handle_at,
    SYS_name_to_handle_at,
    SYS_setuid,
    SYS_setgid,
    SYS_setresuid,
    SYS_setresgid,
    SYS_capset,
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef SYS_ioperm
    SYS_ioperm,
    SYS_iopl,
    SYS_modify_ldt,
#endif
};

static const unsigned allowed[] = {
    // Files.
    SYS_read,
    SYS_write,
    SYS_readv,
    SYS_writev,
    SYS_pread64,
    SYS_pwrite64,
    SYS_preadv,
    SYS_pwritev,
    SYS_openat,
    SYS_openat2,
    SYS_close,
    SYS_close_range,
    SYS_fstat,
    SYS_newfstatat,
    SYS_statx,
    SYS_statfs,
    SYS_fstatfs,
    SYS_faccessat,
    SYS_faccessat2,
    SYS_lseek,
    SYS_fcntl,
    SYS_flock,
    SYS_fsync,
    SYS_fdatasync,
    SYS_sync_file_range,
    SYS_ftruncate,
    SYS_truncate,
    SYS_fallocate,
    SYS_fadvise64,
    SYS_copy_file_range,
    SYS_sendfile,
    SYS_splice,
    SYS_renameat,
    SYS_renameat2,
    SYS_unlinkat,
    SYS_mkdirat,
    SYS_fchmod,
    SYS_fchmodat,
    SYS_umask,
    SYS_getcwd,
    SYS_readlinkat,
    SYS_getdents64,
    SYS_dup,
    SYS_dup3,
    SYS_pipe2,
    SYS_memfd_create,
    // Memory.
    SYS_brk,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    SYS_msync,
    SYS_mincore,
    SYS_mlock,
    SYS_mlock2,
    SYS_munlock,
    SYS_membarrier,
    // Threads, signals, time.
    SYS_futex,
    SYS_futex_waitv,
    SYS_set_robust_list,
    SYS_get_robust_list,
    SYS_rseq,
    SYS_sched_yield,
    SYS_sched_getaffinity,
    SYS_sched_getparam,
    SYS_sched_getattr,
    SYS_sched_setattr,
    SYS_sched_getscheduler,
    SYS_getcpu,
    SYS_exit,
    SYS_exit_group,
    SYS_set_tid_address,
    SYS_gettid,
    SYS_getpid,
    SYS_getppid,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_getresuid,
    SYS_getresgid,
    SYS_getgroups,
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_rt_sigpending,
    SYS_rt_sigtimedwait,
    SYS_rt_sigsuspend,
    SYS_sigaltstack,
    SYS_restart_syscall,
    SYS_nanosleep,
    SYS_clock_nanosleep,
    SYS_clock_gettime,
    SYS_clock_getres,
    SYS_gettimeofday,
    SYS_adjtimex,
    SYS_clock_adjtime,
    SYS_getrandom,
    SYS_uname,
    SYS_sysinfo,
    SYS_getrlimit,
    SYS_setrlimit,
    SYS_getrusage,
    SYS_times,
    // Connections that are there.
    SYS_accept,
    SYS_accept4,
    SYS_getsockname,
    SYS_getpeername,
    SYS_setsockopt,
    SYS_getsockopt,
    SYS_shutdown,
    SYS_sendto,
    SYS_recvfrom,
    SYS_sendmsg,
    SYS_recvmsg,
    SYS_sendmmsg,
    SYS_recvmmsg,
    SYS_epoll_create1,
    SYS_epoll_ctl,
    SYS_epoll_pwait,
    SYS_epoll_pwait2,
    SYS_ppoll,
    SYS_pselect6,
    SYS_eventfd2,
#ifdef SYS_open // calls that newer architectures have under the names above
    SYS_open,
    SYS_stat,
    SYS_lstat,
    SYS_access,
    SYS_rename,
    SYS_unlink,
    SYS_mkdir,
    SYS_readlink,
    SYS_dup2,
    SYS_pipe,
    SYS_chmod,
    SYS_getdents,
    SYS_poll,
    SYS_select,
    SYS_epoll_create,
    SYS_epoll_wait,
    SYS_eventfd,
    SYS_time,
    SYS_arch_prctl,
#endif
};

// ---- the program ----

enum {
    rules_max = 1024,
    argument_bytes = 8,
    name_memory = 0x53564d41, // PR_SET_VMA, of newer C libraries
};

typedef struct {
    struct sock_filter rules[rules_max];
    unsigned short count;
} program;

static void put(program *to, struct sock_filter rule)
{
    WF_ASSERT(to->count < rules_max);
    to->rules[to->count++] = rule;
}

static void load(program *to, size_t at)
{
    put(to, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)at));
}

static void end(program *to, uint32_t action)
{
    put(to, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

static void end_when_equal(program *to, uint32_t value, uint32_t action)
{
    put(to, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
    end(to, action);
}

static uint32_t fails_with(int reason)
{
    return SECCOMP_RET_ERRNO | ((uint32_t)reason & SECCOMP_RET_DATA);
}

// The low half of an argument; all machines that the filter knows are little endian.
static void load_argument(program *to, size_t number)
{
    load(to, offsetof(struct seccomp_data, args) + number * argument_bytes);
}

// A call is allowed with certain values of an argument only.
static void allow_values(program *to, unsigned call, size_t argument,
                         const uint32_t *values, size_t count)
{
    // Over the load, two a value, and the end.
    unsigned char over = (unsigned char)(2 * count + 2);
    put(to, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, over));
    load_argument(to, argument);
    for (size_t i = 0; i < count; i++)
        end_when_equal(to, values[i], SECCOMP_RET_ALLOW);
    end(to, fails_with(EPERM));
}

// A call is allowed when, of the bits in `mask`, an argument has exactly `bits` or does
// not, as `equal` says.
static void allow_bits(program *to, unsigned call, size_t argument, uint32_t mask,
                       uint32_t bits, bool equal)
{
    put(to, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 5));
    load_argument(to, argument);
    put(to, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask));
    put(to, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, bits, !equal, equal));
    end(to, SECCOMP_RET_ALLOW);
    end(to, fails_with(EPERM));
}

static void put_conditions(program *to, bool connects)
{
    static const uint32_t domains[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
    static const uint32_t requests[] = {FIONREAD, FIONBIO, TCGETS, TIOCGWINSZ};
    static const uint32_t names[] = {PR_SET_NAME, name_memory};
    const uint32_t self = 0, own = (uint32_t)getpid();
    // The C library takes the older call then, whose flags can be looked at.
    end_when_equal(to, SYS_clone3, fails_with(ENOSYS));
    if (connects) {
        end_when_equal(to, SYS_connect, SECCOMP_RET_ALLOW);
        end_when_equal(to, SYS_bind, SECCOMP_RET_ALLOW); // of the resolver
        allow_values(to, SYS_socket, 0, domains, sizeof domains / sizeof *domains);
    }
    allow_values(to, SYS_ioctl, 1, requests, sizeof requests / sizeof *requests);
    allow_values(to, SYS_prctl, 0, names, sizeof names / sizeof *names);
    allow_values(to, SYS_prlimit64, 0, &self, 1);
    allow_values(to, SYS_tgkill, 0, &own, 1);
    allow_bits(to, SYS_clone, 0, CLONE_THREAD, CLONE_THREAD, true);
    allow_bits(to, SYS_mmap, 2, PROT_WRITE | PROT_EXEC, PROT_WRITE | PROT_EXEC, false);
    allow_bits(to, SYS_mprotect, 2, PROT_EXEC, 0, true);
}

static void make(program *to, bool connects)
{
    to->count = 0;
    load(to, offsetof(struct seccomp_data, arch));
    put(to, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
    end(to, SECCOMP_RET_KILL_PROCESS);
    load(to, offsetof(struct seccomp_data, nr));
    put(to, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, OTHER_CALLS, 0, 1));
    end(to, SECCOMP_RET_KILL_PROCESS);
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        end_when_equal(to, deadly[i], SECCOMP_RET_KILL_PROCESS);
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        end_when_equal(to, allowed[i], SECCOMP_RET_ALLOW);
    put_conditions(to, connects);
    end(to, fails_with(EPERM));
}

weft_status wf_sandbox_calls(const weft_city *city, wf_sandbox *sandbox,
                             weft_error *error)
{
    program filter;
    if (ARCHITECTURE == 0 || WF_SANDBOX_SANITIZED || !sandbox->process)
        return WEFT_OK;
    make(&filter, city->records != NULL);
    const struct sock_fprog all = {.len = filter.count, .filter = filter.rules};
    long result =
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &all);
    if (result < 0 && errno == ENOSYS) // a kernel without it
        return WEFT_OK;
    if (result != 0) // or a thread that has another filter
        return wf_fail_errno(error, result < 0 ? errno : EBUSY, "sandbox.calls", "");
    sandbox->calls = true;
    return WEFT_OK;
}
