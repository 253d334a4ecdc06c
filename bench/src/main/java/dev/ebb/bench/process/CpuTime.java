package dev.ebb.bench.process;

import java.time.Duration;

/// CPU time that a process has used. The sum is exact to one clock tick (10 ms); how it is split
/// into user and system time is the kernel's estimate from samples.
public record CpuTime(Duration user, Duration system) {

    public static final CpuTime ZERO = new CpuTime(Duration.ZERO, Duration.ZERO);

    public Duration total() {
        return user.plus(system);
    }

    public CpuTime plus(CpuTime other) {
        return new CpuTime(user.plus(other.user), system.plus(other.system));
    }

    public CpuTime minus(CpuTime earlier) {
        return new CpuTime(user.minus(earlier.user), system.minus(earlier.system));
    }
}
