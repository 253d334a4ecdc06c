package dev.ebb.proxy;

/// The version of this program, from its jar.
final class Version {

    private Version() {}

    /// Such as `0.1.0`; `development` outside of a jar.
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
