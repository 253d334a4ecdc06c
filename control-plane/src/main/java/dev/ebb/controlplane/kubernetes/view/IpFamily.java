package dev.ebb.controlplane.kubernetes.view;

/// The two kinds of addresses; a slice holds only one of them.
public enum IpFamily {
    IPV4,
    IPV6;

    public static IpFamily of(String ip) {
        return ip.indexOf(':') < 0 ? IPV4 : IPV6;
    }
}
