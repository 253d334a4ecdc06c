package dev.ebb.controlplane.model;

/// One pod or process that has an Ebb proxy.
///
/// @param uid unique for its life; everything about an instance is idempotent by it
/// @param name for people; the uid where none was given
public record Instance(String uid, String name) {
    private static final int MAX_UID = 128;
    private static final int MAX_NAME = 253;

    public Instance {
        Text.printable("instance uid", uid, 1, MAX_UID);
        name = name.isEmpty() ? uid : Text.printable("instance name", name, 1, MAX_NAME);
    }
}
