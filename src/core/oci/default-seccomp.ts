/**
 * Docker's default seccomp profile, as data: what github.com/moby/profiles, seccomp/default_linux.go says at commit
 * 02e898b (2026), so with AF_ALG and AF_VSOCK refused, which older engines allow. Whatever is not named fails with EPERM.
 */
import type { ConditionalRule, SeccompArgument, SeccompProfile } from './seccomp-profile.ts';

const always = words(`
  _llseek _newselect accept accept4 access adjtimex alarm bind brk cachestat capget capset chdir chmod chown
  chown32 clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64
  clock_nanosleep clock_nanosleep_time64 close close_range connect copy_file_range creat dup dup2 dup3
  epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd
  eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64 fadvise64_64 fallocate fanotify_mark
  fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat fcntl fcntl64 fdatasync fgetxattr flistxattr flock
  fork fremovexattr fsetxattr fstat fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futex
  futex_requeue futex_time64 futex_wait futex_waitv futex_wake futimesat get_robust_list get_thread_area getcpu
  getcwd getdents getdents64 getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getitimer
  getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid getresgid32 getresuid getresuid32
  getrlimit getrusage getsid getsockname getsockopt gettid gettimeofday getuid getuid32 getxattr getxattrat
  inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy io_getevents io_pgetevents
  io_pgetevents_time64 io_setup io_submit ioctl ioprio_get ioprio_set ipc kill landlock_add_rule
  landlock_create_ruleset landlock_restrict_self lchown lchown32 lgetxattr link linkat listen listmount listxattr
  listxattrat llistxattr lremovexattr lseek lsetxattr lstat lstat64 madvise map_shadow_stack membarrier
  memfd_create memfd_secret mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap mmap2 mprotect
  mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64
  mq_unlink mremap mseal msgctl msgget msgrcv msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep
  newfstatat open openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect
  poll ppoll ppoll_time64 prctl pread64 preadv preadv2 prlimit64 process_mrelease pselect6 pselect6_time64
  pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv recv recvfrom recvmmsg recvmmsg_time64
  recvmsg remap_file_pages removexattr removexattrat rename renameat renameat2 restart_syscall riscv_hwprobe rmdir
  rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait
  rt_sigtimedwait_time64 rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min sched_getaffinity
  sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64
  sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield seccomp select semctl semget semop
  semtimedop semtimedop_time64 send sendfile sendfile64 sendmmsg sendmsg sendto set_robust_list set_thread_area
  set_tid_address setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setitimer setpgid
  setpriority setregid setregid32 setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setrlimit setsid
  setsockopt setuid setuid32 setxattr setxattrat shmat shmctl shmdt shmget shutdown sigaltstack signalfd signalfd4
  sigprocmask sigreturn socketcall socketpair splice stat stat64 statfs statfs64 statmount statx symlink symlinkat
  sync sync_file_range syncfs sysinfo tee tgkill time timer_create timer_delete timer_getoverrun timer_gettime
  timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime
  timerfd_settime64 times tkill truncate truncate64 ugetrlimit umask uname unlink unlinkat uretprobe utime
  utimensat utimensat_time64 utimes vfork vmsplice wait4 waitid waitpid write writev
`);

/** Families of socket(2) above AF_ROSE that may be opened; all up to that one may (linux/socket.h). */
const families = [
  13, 14, 15, 16, 17, 18, 21, 22, 24, 26, 27, 28, 29, 30, 31, 32, 33, 35, 36, 39, 41, 42, 43, 44, 45,
];
const afRose = 11;

/** linux/personality.h: PER_LINUX, PER_LINUX32, UNAME26 alone and with PER_LINUX32, and 0xffffffff, which only asks. */
const personalities = [0x0, 0x8, 0x20000, 0x20008, 0xffffffff];

/** linux/sched.h: CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET. */
const newNamespaces = 0x7e020000;

const enosys = 38;

/** What a capability of the bounding set allows besides. */
const byCapability: Readonly<Record<string, string>> = {
  CAP_DAC_READ_SEARCH: 'open_by_handle_at',
  CAP_SYS_ADMIN: `bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie lsm_get_self_attr
    lsm_list_modules lsm_set_self_attr mount mount_setattr move_mount open_tree perf_event_open quotactl quotactl_fd
    setdomainname sethostname setns syslog umount umount2 unshare`,
  CAP_SYS_BOOT: 'reboot',
  CAP_SYS_CHROOT: 'chroot',
  CAP_SYS_MODULE: 'delete_module finit_module init_module',
  CAP_SYS_PACCT: 'acct',
  CAP_SYS_PTRACE: 'kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace',
  CAP_SYS_RAWIO: 'ioperm iopl',
  CAP_SYS_TIME: 'clock_settime clock_settime64 settimeofday stime',
  CAP_SYS_TTY_CONFIG: 'vhangup',
  CAP_SYS_NICE: 'get_mempolicy mbind set_mempolicy set_mempolicy_home_node',
  CAP_SYSLOG: 'syslog',
  CAP_BPF: 'bpf',
  CAP_PERFMON: 'perf_event_open',
};

/** What only some architectures have. */
const byArchitecture: readonly (readonly [arches: string, names: string])[] = [
  ['ppc64le', 'swapcontext sync_file_range2'],
  ['arm arm64', 'arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush set_tls sync_file_range2'],
  ['amd64 x32', 'arch_prctl'],
  ['amd64 x32 x86', 'modify_ldt'],
  ['s390 s390x', 's390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr'],
  ['riscv64', 'riscv_flush_icache'],
];

const sysAdmin = ['CAP_SYS_ADMIN'];
const s390 = ['s390', 's390x'];

export const defaultSeccomp: SeccompProfile = {
  defaultAction: 'SCMP_ACT_ERRNO',
  archMap: [
    map('X86_64', 'X86', 'X32'),
    map('AARCH64', 'ARM'),
    map('MIPS64', 'MIPS', 'MIPS64N32'),
    map('MIPS64N32', 'MIPS', 'MIPS64'),
    map('MIPSEL64', 'MIPSEL', 'MIPSEL64N32'),
    map('MIPSEL64N32', 'MIPSEL', 'MIPSEL64'),
    map('S390X', 'S390'),
    map('RISCV64'),
    map('LOONGARCH64'),
  ],
  syscalls: [
    allow(always),
    // Since 4.8, ptrace(2) passes seccomp's own rules; runtime-spec has no other kernel in mind.
    allow(['process_vm_readv', 'process_vm_writev', 'ptrace']),
    allow(['socket'], { index: 0, value: afRose + 1, op: 'SCMP_CMP_LT' }),
    ...families.map((value) => allow(['socket'], { index: 0, value, op: 'SCMP_CMP_EQ' })),
    ...personalities.map((value) => allow(['personality'], { index: 0, value, op: 'SCMP_CMP_EQ' })),
    ...byArchitecture.map(([arches, names]) => ({
      ...allow(words(names)),
      includes: { arches: words(arches) },
    })),
    ...Object.entries(byCapability).map(([name, names]) => ({
      ...allow(words(names)),
      includes: { caps: [name] },
    })),
    // Threads and forks, but no new namespace; on s390 the flags are the second argument.
    { ...allow(['clone'], withoutNamespaces(0)), excludes: { caps: sysAdmin, arches: s390 } },
    { ...allow(['clone'], withoutNamespaces(1)), includes: { arches: s390 }, excludes: { caps: sysAdmin } },
    // Its flags stand behind a pointer; ENOSYS makes programs fall back to clone.
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: enosys, excludes: { caps: sysAdmin } },
  ],
};

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

function allow(names: readonly string[], ...args: readonly SeccompArgument[]): ConditionalRule {
  return { names, action: 'SCMP_ACT_ALLOW', ...(args.length === 0 ? {} : { args }) };
}

function withoutNamespaces(index: number): SeccompArgument {
  return { index, value: newNamespaces, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' };
}

function map(architecture: string, ...subArchitectures: readonly string[]) {
  return {
    architecture: `SCMP_ARCH_${architecture}`,
    subArchitectures: subArchitectures.map((name) => `SCMP_ARCH_${name}`),
  };
}
