package dev.ebb.controlplane.registry;

/// The registry file cannot be used. The text names the file, the line and what was expected.
public final class RegistryException extends Exception {

    RegistryException(String reason) {
        super(reason);
    }
}
