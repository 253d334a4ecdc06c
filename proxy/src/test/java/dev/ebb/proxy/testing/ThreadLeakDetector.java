package dev.ebb.proxy.testing;

import io.netty.util.LeakPresenceDetector;
import org.jspecify.annotations.Nullable;

/// Counts every buffer that is allocated and not released, by thread, so that a test can be asked
/// about its own. Netty makes it through its system property.
public final class ThreadLeakDetector<T> extends LeakPresenceDetector<T> {

    private static final ThreadLocal<@Nullable ResourceScope> SCOPE = new ThreadLocal<>();
    private static final ResourceScope OTHERS = new ResourceScope("other threads");

    /// Called by Netty, by reflection.
    public ThreadLeakDetector(Class<?> resourceType, int samplingInterval) {
        super(resourceType);
    }

    /// Called by Netty, by reflection.
    public ThreadLeakDetector(Class<?> resourceType, int samplingInterval, long maxActive) {
        super(resourceType);
    }

    /// Counts what the current thread allocates from here on.
    static void begin(String name) {
        SCOPE.set(new ResourceScope(name));
    }

    /// Fails if the current thread has left anything.
    static void end() {
        ResourceScope scope = SCOPE.get();
        SCOPE.remove();
        if (scope != null) {
            scope.close();
        }
    }

    @Override
    protected ResourceScope currentScope() {
        ResourceScope scope = SCOPE.get();
        return scope == null ? OTHERS : scope;
    }
}
