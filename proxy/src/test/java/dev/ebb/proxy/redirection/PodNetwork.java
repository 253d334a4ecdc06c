package dev.ebb.proxy.redirection;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Two network namespaces with a wire between them: the pod's, and the outside.
///
/// As root they are made directly; as anybody else in a user namespace, which takes subordinate ids
/// (newuidmap), since the rules tell users apart. Where neither works the tests are aborted, and
/// what is missing is printed. A namespace ends with the process that holds it, and that with this
/// JVM.
final class PodNetwork implements AutoCloseable {

    static final String POD_IPV4 = "10.99.0.2";
    static final String POD_IPV6 = "fd99::2";
    static final String OUTSIDE_IPV4 = "10.99.0.1";
    static final String OUTSIDE_IPV6 = "fd99::1";

    static final String NFT = "/usr/sbin/nft";
    private static final String IP = "/usr/sbin/ip";

    /// `$1` is the process that holds the pod's namespace.
    private static final String WIRE =
            """
            ip link add outside type veth peer name eth0 netns "$1"
            ip link set lo up
            ip address add 10.99.0.1/24 dev outside
            ip -6 address add fd99::1/64 dev outside nodad
            ip link set outside up
            """;

    private static final String POD =
            """
            ip link set lo up
            ip address add 10.99.0.2/24 dev eth0
            ip -6 address add fd99::2/64 dev eth0 nodad
            ip link set eth0 up
            ip route add default via 10.99.0.1
            ip -6 route add default via fd99::1
            """;

    /// Whether the kernel has what redirection takes, whatever our own rules are like.
    private static final String TRIAL =
            """
            add table inet trial
            add chain inet trial trial { type nat hook output priority -100; }
            add rule inet trial trial meta l4proto tcp redirect to :1
            delete table inet trial
            """;

    private final boolean root;
    private final List<Process> started = new ArrayList<>();
    private final Process outside;
    private final Process pod;

    private PodNetwork(boolean root) throws IOException, InterruptedException {
        this.root = root;
        outside = hold(unshare());
        pod = hold(enter(outside, "unshare", "--net"));
        run(outside, "sh", "-euc", WIRE, "sh", Long.toString(pod.pid()));
        run(pod, "sh", "-euc", POD);
        run(pod, NFT, TRIAL);
    }

    /// Makes the namespaces, or aborts the test that asks for them.
    static PodNetwork make() throws InterruptedException {
        for (String program : List.of(NFT, IP)) {
            if (!Files.isExecutable(Path.of(program))) {
                throw skip("there is no " + program + " (apt-get install nftables iproute2)");
            }
        }
        try {
            return new PodNetwork(ProcessHandle.current().info().user().orElse("").equals("root"));
        } catch (IOException e) {
            throw skip("network namespaces cannot be made here: " + e.getMessage());
        }
    }

    /// What is to be started in the pod, by root there.
    List<String> inPod(String... command) {
        return enter(pod, command);
    }

    /// What is to be started in the pod by another user, who may read the files of this build.
    List<String> inPodAs(int uid, List<String> command) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "setpriv",
                                "--reuid=" + uid,
                                "--regid=" + uid,
                                "--clear-groups",
                                "--inh-caps=+dac_override",
                                "--ambient-caps=+dac_override"));
        all.addAll(command);
        return enter(pod, all.toArray(String[]::new));
    }

    /// What is to be started outside.
    List<String> outside(List<String> command) {
        return enter(outside, command.toArray(String[]::new));
    }

    /// The output of a command in the pod that must succeed.
    String run(String... command) throws IOException, InterruptedException {
        return run(pod, command);
    }

    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
    }

    private List<String> unshare() {
        return root
                ? List.of("unshare", "--net")
                : List.of("unshare", "--user", "--map-root-user", "--map-auto", "--net");
    }

    private List<String> enter(Process holder, String... command) {
        List<String> all =
                new ArrayList<>(
                        List.of("nsenter", "--target", Long.toString(holder.pid()), "--net"));
        if (!root) {
            all.add("--user");
        }
        all.addAll(List.of(command));
        return all;
    }

    /// Starts a process that does nothing but be in its namespace, until its input ends.
    private Process hold(List<String> prefix) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("sh", "-c", "echo ready; exec cat"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        started.add(process);
        String line = reader(process).readLine();
        if (!"ready".equals(line)) {
            close();
            throw new IOException(String.join(" ", prefix) + ": " + line);
        }
        return process;
    }

    private String run(Process where, String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(enter(where, command)).redirectErrorStream(true).start();
        String output = String.join("\n", reader(process).lines().toList());
        if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
            close();
            throw new IOException(command[0] + ": " + output);
        }
        return output;
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    @SuppressWarnings("SystemOut") // A test report would hide it.
    private static RuntimeException skip(String why) {
        System.out.println(
                "SKIPPED: redirection is not tested in network namespaces, since " + why);
        return abort(why);
    }
}
