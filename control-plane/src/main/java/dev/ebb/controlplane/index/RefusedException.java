package dev.ebb.controlplane.index;

/// A message cannot be accepted; nothing has changed. Its text names the thing and what was
/// expected.
public final class RefusedException extends Exception {

    RefusedException(String reason) {
        super(reason);
    }
}
