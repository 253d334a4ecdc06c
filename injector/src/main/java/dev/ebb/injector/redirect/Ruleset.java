package dev.ebb.injector.redirect;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The nftables rules of one pod, as the one argument that `nft` takes. Pure.
///
/// nft reads its argument as it reads a file and applies all of it in one transaction: either every
/// rule stands or none does. The table is Ebb's own and is replaced whole, so the rules can be
/// applied again, over connections that are open: those keep the address that the kernel's
/// connection tracking gave them. Why each rule is there is in docs/redirection.md.
public final class Ruleset {

    private static final String TABLE = "inet ebb";

    /// Before anything else that may change a destination (nft(8), "dstnat").
    private static final String PRIORITY = "-100";

    private final List<String> commands;

    private Ruleset(List<String> commands) {
        this.commands = List.copyOf(commands);
    }

    /// The rules that do what `redirect` says.
    public static Ruleset of(Redirect redirect) {
        List<String> commands = new ArrayList<>();
        replaceTable(commands);
        inbound(redirect, commands);
        outbound(redirect, commands);
        return new Ruleset(commands);
    }

    /// One command each, without an end mark.
    public List<String> commands() {
        return commands;
    }

    /// The argument of `nft`: a single line, with nothing in it that YAML, JSON or a kubelet's
    /// expansion of `$(NAME)` would change.
    public String argument() {
        return commands.stream().collect(Collectors.joining("; ", "", ";"));
    }

    /// Deleting what is not there is an error, so it is added first.
    private static void replaceTable(List<String> commands) {
        commands.add("add table " + TABLE);
        commands.add("delete table " + TABLE);
        commands.add("add table " + TABLE);
    }

    /// What comes from outside of the pod. From the first rule that fits on nothing else is looked
    /// at.
    private static void inbound(Redirect redirect, List<String> commands) {
        Chain chain = new Chain("inbound", "prerouting", commands);
        // Traffic inside the pod has passed the other chain already.
        chain.rule("iif lo return");
        skipPorts(chain, redirect.skipInbound());
        skipSubnets(chain, "saddr", redirect.skipSubnets());
        chain.rule("meta l4proto tcp redirect to :" + redirect.inboundPort());
    }

    /// What goes out of the pod.
    private static void outbound(Redirect redirect, List<String> commands) {
        Chain chain = new Chain("outbound", "output", commands);
        // Else the proxy's own connections would come back to it.
        chain.rule("meta skuid " + redirect.proxyUid() + " return");
        // Loopback and the pod's own address: that traffic never leaves the pod.
        chain.rule("oif lo return");
        skipPorts(chain, redirect.skipOutbound());
        skipSubnets(chain, "daddr", redirect.skipSubnets());
        chain.rule("meta l4proto tcp redirect to :" + redirect.outboundPort());
    }

    private static void skipPorts(Chain chain, List<PortRange> ports) {
        if (!ports.isEmpty()) {
            chain.rule("tcp dport " + set(ports) + " return");
        }
    }

    private static void skipSubnets(Chain chain, String end, List<Subnet> subnets) {
        List<Subnet> ipv4 = subnets.stream().filter(each -> !each.isIpv6()).toList();
        List<Subnet> ipv6 = subnets.stream().filter(Subnet::isIpv6).toList();
        if (!ipv4.isEmpty()) {
            chain.rule("ip " + end + " " + set(ipv4) + " return");
        }
        if (!ipv6.isEmpty()) {
            chain.rule("ip6 " + end + " " + set(ipv6) + " return");
        }
    }

    private static String set(List<?> elements) {
        return elements.stream()
                .map(Object::toString)
                .collect(Collectors.joining(", ", "{ ", " }"));
    }

    private record Chain(String name, String hook, List<String> commands) {

        Chain {
            commands.add(
                    "add chain "
                            + TABLE
                            + " "
                            + name
                            + " { type nat hook "
                            + hook
                            + " priority "
                            + PRIORITY
                            + "; policy accept; }");
        }

        void rule(String rule) {
            commands.add("add rule " + TABLE + " " + name + " " + rule);
        }
    }
}
