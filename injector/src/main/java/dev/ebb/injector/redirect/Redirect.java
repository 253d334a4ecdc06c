package dev.ebb.injector.redirect;

import java.util.List;

/// What of a pod's traffic goes through its proxy. The messages of its exceptions name the setting
/// and what was expected, fit to be shown to whoever wrote it.
///
/// @param inboundPort where the proxy takes traffic to the application
/// @param outboundPort where the proxy takes traffic from the application
/// @param proxyUid the user whose own connections are left alone
/// @param skipInbound ports that are reached without the proxy
/// @param skipOutbound ports of others that the application reaches without the proxy
/// @param skipSubnets from which and to which nothing goes through the proxy
public record Redirect(
        int inboundPort,
        int outboundPort,
        long proxyUid,
        List<PortRange> skipInbound,
        List<PortRange> skipOutbound,
        List<Subnet> skipSubnets) {

    /// The largest user id; the one after it means "no user" to the kernel (chown(2)).
    private static final long MAX_UID = 0xFFFF_FFFEL;

    /// @throws IllegalArgumentException if a value cannot work
    public Redirect {
        PortRange.check("inbound port", inboundPort);
        PortRange.check("outbound port", outboundPort);
        if (inboundPort == outboundPort) {
            throw new IllegalArgumentException(
                    "outbound port: " + outboundPort + " (expected: another one than inbound's)");
        }
        if (proxyUid < 1 || proxyUid > MAX_UID) {
            // Root's connections must not be left alone: an application may run as root.
            throw new IllegalArgumentException(
                    "proxy uid: " + proxyUid + " (expected: 1 to " + MAX_UID + ")");
        }
        skipInbound = PortRange.merge(skipInbound);
        skipOutbound = PortRange.merge(skipOutbound);
        skipSubnets = Subnet.merge(skipSubnets);
    }

    /// What a pod gets that asks for nothing else: Ebb's usual ports and user, and its
    /// administrative ports left alone, since the kubelet and a metrics scraper ask them directly.
    public static Redirect defaults() {
        return new Redirect(
                4143, 4140, 2102, List.of(new PortRange(4190, 4191)), List.of(), List.of());
    }
}
