package dev.ebb.proxy.testing;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Fails a test whose thread has not released every buffer that it allocated. An `EmbeddedChannel`
/// does all its work on the test's thread.
public final class NoLeaks implements BeforeEachCallback, AfterEachCallback {

    @Override
    public void beforeEach(ExtensionContext context) {
        ThreadLeakDetector.begin(context.getDisplayName());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        ThreadLeakDetector.end();
    }
}
