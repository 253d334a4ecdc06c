package dev.ebb.await;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The system calls that the JDK has no class for, by libc (Linux, 64 bits).
///
/// All go through one handle, whose type is six long integers. The functions here take integers and
/// pointers only; on x86-64 and AArch64 those travel in the same registers as longs do, and a
/// function does not look at registers that it has no parameter for. A handle per function would be
/// typed, and would cost 20 ms more before the command starts (measured).
final class Posix {

    static final int SIGCHLD = 17;
    static final int SIGCONT = 18;
    static final int SIGSTOP = 19;
    static final int SIGTTOU = 22;

    private static final long SIG_DFL = 0;
    private static final long SIG_IGN = 1;
    private static final long SIG_SETMASK = 2;
    private static final long CLOSE_RANGE_CLOEXEC = 4;
    private static final long F_SETFD = 2;
    private static final long FD_CLOEXEC = 1;
    private static final long SPAWN_SETPGROUP = 2;
    private static final long O_RDWR_CLOEXEC = 0_2000002;
    private static final long P_ALL = 0;
    private static final long P_PID = 1;
    private static final long WSTOPPED = 2;
    private static final long WEXITED = 4;
    private static final long WNOWAIT = 0x01000000;
    private static final int CLD_EXITED = 1;
    private static final int CLD_STOPPED = 5;
    private static final int EINTR = 4;

    /// Of `siginfo_t` as `waitid` fills it in.
    private static final int SIGINFO_BYTES = 128;

    private static final long SI_CODE = 8;
    private static final long SI_PID = 16;
    private static final long SI_STATUS = 24;

    /// A `sigset_t` of 1024 signals, as glibc and musl have it.
    private static final int SIGSET_BYTES = 128;

    /// More than a `posix_spawnattr_t` takes in glibc and musl.
    private static final int SPAWNATTR_BYTES = 512;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBC = LINKER.defaultLookup();
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final MethodHandle CALL =
            LINKER.downcallHandle(
                    FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG),
                    Linker.Option.captureCallState("errno"));

    private Posix() {}

    /// What has become of a child.
    ///
    /// @param stopped it may go on; else it has ended
    /// @param exitCode if it has ended: its own, or 128+n if signal n ended it
    record ChildChange(int pid, boolean stopped, int exitCode) {}

    /// Makes this process another program, found by PATH. Returns the error number, if at all.
    static int exec(Argv command) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment argv = argv(arena, command);
            MemorySegment errno = errno(arena);
            call(errno, "execvp", argv.getAtIndex(LONG, 0), argv.address(), 0, 0, 0, 0);
            return errno.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /// The process group that a program is started in.
    enum Group {
        SAME,
        OWN
    }

    /// Starts a program, found by PATH, with this process's environment, standard streams and the
    /// calling thread's signal mask. Returns its process id, or the negative error number.
    static int spawn(Argv command, Group group) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(SPAWNATTR_BYTES, Long.BYTES);
            call("posix_spawnattr_init", attributes.address(), 0, 0, 0);
            if (group == Group.OWN) {
                call("posix_spawnattr_setflags", attributes.address(), SPAWN_SETPGROUP, 0, 0);
            }
            MemorySegment argv = argv(arena, command);
            MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment environ =
                    LIBC.findOrThrow("environ").reinterpret(ValueLayout.ADDRESS.byteSize());
            int error =
                    call(
                            errno(arena),
                            "posix_spawnp",
                            pid.address(),
                            argv.getAtIndex(LONG, 0),
                            0,
                            attributes.address(),
                            argv.address(),
                            environ.get(LONG, 0));
            return error == 0 ? pid.get(ValueLayout.JAVA_INT, 0) : -error;
        }
    }

    /// Waits until some child has ended, which remains to be reaped, or has been stopped.
    static ChildChange awaitChildChange() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(SIGINFO_BYTES, Long.BYTES);
            MemorySegment errno = errno(arena);
            long what = WEXITED | WSTOPPED | WNOWAIT;
            while (call(errno, "waitid", P_ALL, 0, info.address(), what, 0, 0) != 0) {
                int error = errno.get(ValueLayout.JAVA_INT, 0);
                if (error != EINTR) {
                    throw new IllegalStateException("waitid: " + describe(error));
                }
            }
            int code = info.get(ValueLayout.JAVA_INT, SI_CODE);
            int status = info.get(ValueLayout.JAVA_INT, SI_STATUS);
            return new ChildChange(
                    info.get(ValueLayout.JAVA_INT, SI_PID),
                    code == CLD_STOPPED,
                    code == CLD_EXITED ? status : ExitCode.killedBy(status));
        }
    }

    /// Takes a child that has ended off the process table, or takes note that it has been stopped.
    static void reap(int pid) {
        call("waitid", P_PID, pid, 0, WEXITED | WSTOPPED);
    }

    /// Stops this process until somebody continues it.
    static void stopSelf() {
        call("kill", call("getpid", 0, 0, 0, 0), SIGSTOP, 0, 0);
    }

    /// Opens the terminal that controls this process; negative if there is none.
    static int openTerminal() {
        try (Arena arena = Arena.ofConfined()) {
            return call("open", arena.allocateFrom("/dev/tty").address(), O_RDWR_CLOEXEC, 0, 0);
        }
    }

    static int processGroup() {
        return call("getpgrp", 0, 0, 0, 0);
    }

    static int foregroundGroup(int terminal) {
        return call("tcgetpgrp", terminal, 0, 0, 0);
    }

    static void foregroundGroup(int terminal, int group) {
        call("tcsetpgrp", terminal, group, 0, 0);
    }

    /// Ignores a signal.
    static void ignore(int signal) {
        call("signal", signal, SIG_IGN, 0, 0);
    }

    static void kill(int pid, int signal) {
        call("kill", pid, signal, 0, 0);
    }

    /// Gives a signal its default action.
    static void defaultAction(int signal) {
        call("signal", signal, SIG_DFL, 0, 0);
    }

    /// Unblocks every signal on the calling thread. HotSpot blocks QUIT on Java threads, and a
    /// program that is executed would inherit that.
    static void clearSignalMask() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment none = arena.allocate(SIGSET_BYTES, Long.BYTES);
            call("pthread_sigmask", SIG_SETMASK, none.address(), 0, 0);
        }
    }

    /// Marks every descriptor from `first` on to be closed when a program is executed. Returns
    /// whether the kernel could.
    static boolean closeOnExecFrom(int first) {
        return LIBC.find("close_range").isPresent()
                && call("close_range", first, 0xffffffffL, CLOSE_RANGE_CLOEXEC, 0) == 0;
    }

    /// Marks one descriptor to be closed when a program is executed.
    static void closeOnExec(int descriptor) {
        call("fcntl", descriptor, F_SETFD, FD_CLOEXEC, 0);
    }

    /// The system's text for an error number.
    static String describe(int errno) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(256);
            call("__xpg_strerror_r", errno, text.address(), text.byteSize(), 0);
            return text.getString(0);
        }
    }

    private static MemorySegment errno(Arena arena) {
        return arena.allocate(Linker.Option.captureStateLayout());
    }

    /// An array of pointers to C strings, with a null pointer at its end.
    private static MemorySegment argv(Arena arena, Argv command) {
        MemorySegment array = arena.allocate(LONG, command.size() + 1L);
        for (int i = 0; i < command.size(); i++) {
            byte[] word = command.word(i);
            MemorySegment text = arena.allocate(word.length + 1L);
            MemorySegment.copy(word, 0, text, ValueLayout.JAVA_BYTE, 0, word.length);
            array.setAtIndex(LONG, i, text.address());
        }
        return array;
    }

    private static int call(String function, long a, long b, long c, long d) {
        try (Arena arena = Arena.ofConfined()) {
            return call(errno(arena), function, a, b, c, d, 0, 0);
        }
    }

    @SuppressWarnings("TooManyParameters") // the registers of a call
    private static int call(
            MemorySegment errno, String function, long a, long b, long c, long d, long e, long f) {
        try {
            return (int)
                    (long) CALL.invokeExact(LIBC.findOrThrow(function), errno, a, b, c, d, e, f);
        } catch (Throwable t) {
            throw new IllegalStateException(function + " could not be called", t);
        }
    }
}
