package dev.ebb.lifecycle;

/// The version of Ebb, which all its modules share.
public final class Version {

    private Version() {}

    /// Such as `0.1.0`, from the jar of this module; `development` outside of a jar.
    public static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
