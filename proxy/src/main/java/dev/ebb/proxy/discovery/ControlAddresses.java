package dev.ebb.proxy.discovery;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Looks the control plane's host name up, afresh each time, without blocking the caller: each
/// look-up has a virtual thread.
final class ControlAddresses {

    private final InetSocketAddress configured;
    private final Names names;

    /// Asks the resolver of the system.
    ControlAddresses(InetSocketAddress configured) {
        this(configured, InetAddress::getAllByName);
    }

    ControlAddresses(InetSocketAddress configured, Names names) {
        this.configured = configured;
        this.names = names;
    }

    /// Every address of the name, in the resolver's order. Fails with an [UnknownHostException].
    CompletionStage<List<InetSocketAddress>> lookUp() {
        CompletableFuture<List<InetSocketAddress>> found = new CompletableFuture<>();
        Thread.startVirtualThread(() -> lookUp(found));
        return found;
    }

    /// Those of `all` that are other replicas than the one at `home`: a name that has addresses of
    /// both families gives each replica twice, so only `home`'s family counts.
    static List<InetSocketAddress> others(List<InetSocketAddress> all, InetSocketAddress home) {
        Class<?> family = home.getAddress().getClass();
        return all.stream()
                .filter(address -> !address.equals(home))
                .filter(address -> family.isInstance(address.getAddress()))
                .toList();
    }

    private void lookUp(CompletableFuture<List<InetSocketAddress>> found) {
        try {
            InetAddress[] addresses = names.addresses(configured.getHostString());
            found.complete(
                    Arrays.stream(addresses)
                            .map(each -> new InetSocketAddress(each, configured.getPort()))
                            .toList());
        } catch (UnknownHostException e) {
            found.completeExceptionally(e);
        }
    }

    /// Looks a name up; may block.
    interface Names {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }
}
