package dev.ebb.cli.demo.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/// The process: `Web NAME PORT DIRECTORY` serves on loopback and keeps its records in the
/// directory. TERM and INT end it in order, with exit code 0; a second one changes nothing.
public final class Web {
    private Web() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            System.err.println("Web: expected: NAME PORT DIRECTORY");
            System.exit(64);
        }
        OriginRecord record = OriginRecord.open(Path.of(args[2]), args[0]);
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
        WebServer server = WebServer.start(address, args[0], record);
        record.life("started");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, record), "term"));
    }

    private static void end(WebServer server, OriginRecord record) {
        record.life("term");
        server.stop();
        record.life("stopped");
        // An application that ended as it was asked to exits with 0, not with the JVM's 128 + 15.
        Runtime.getRuntime().halt(0);
    }
}
