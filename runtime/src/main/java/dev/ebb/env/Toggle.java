package dev.ebb.env;

/// A setting that reads `enabled` or `disabled`.
public enum Toggle {
    ENABLED,
    DISABLED
}
