package dev.ebb.proxy.redirection;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ebb.proxy.testing.TestClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/// A program that stands in one network namespace and does what it is told there, as servers and as
/// clients: one command a line on its input, one line of answer each.
final class Agent {

    private static final int LIMIT = Math.toIntExact(Duration.ofSeconds(20).toMillis());

    private final Map<String, TestClient> kept = new HashMap<>();

    private Agent() {}

    /// Ends with its input.
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException {
        Agent agent = new Agent();
        BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(agent.answer(line.split(" ")));
            System.out.flush();
        }
        System.exit(0);
    }

    private String answer(String... command) {
        try {
            return perform(List.of(command));
        } catch (IOException e) {
            return "failed: " + e;
        }
    }

    private String perform(List<String> command) throws IOException {
        return switch (command.getFirst()) {
            case "web" -> web(address(command, 1), command.get(3));
            case "greeter" -> greeter(port(command, 1));
            case "echo" -> echo(port(command, 1));
            case "udp-echo" -> udpEcho(port(command, 1));
            case "control-plane" -> FixedControlPlane.start(port(command, 1), command.get(2));
            case "get" -> get(address(command, 1));
            case "metric" -> metric(address(command, 1), command.get(3));
            case "keep" -> keep(command.get(1), address(command, 2));
            case "get-kept" -> getKept(command.get(1));
            case "listen" -> listen(address(command, 1));
            case "talk" -> talk(address(command, 1), command.get(3));
            case "udp-talk" -> udpTalk(address(command, 1), command.get(3));
            default -> throw new IOException(command + " (expected: a command)");
        };
    }

    /// Serves HTTP: tells its name, who asked, and which private headers came along.
    private static String web(InetSocketAddress address, String name) throws IOException {
        HttpServer server = HttpServer.create(address, 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> respond(exchange, name));
        server.start();
        return "started";
    }

    private static void respond(HttpExchange exchange, String name) throws IOException {
        List<String> privateHeaders =
                exchange.getRequestHeaders().keySet().stream()
                        .filter(header -> header.startsWith("Ebb-"))
                        .toList();
        String peer = exchange.getRemoteAddress().getAddress().getHostAddress();
        byte[] text = (name + " " + peer + " " + privateHeaders).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

    /// Serves a protocol in which the server speaks first.
    private static String greeter(int port) throws IOException {
        return serve(
                port,
                socket ->
                        socket.getOutputStream().write("welcome".getBytes(StandardCharsets.UTF_8)));
    }

    /// Serves what came, once its end has come.
    private static String echo(int port) throws IOException {
        return serve(
                port,
                socket -> socket.getOutputStream().write(socket.getInputStream().readAllBytes()));
    }

    private static String serve(int port, Conversation conversation) throws IOException {
        ServerSocket server = new ServerSocket(port);
        Thread.ofVirtual()
                .start(() -> {
                    while (true) {
                        try (Socket socket = server.accept()) {
                            conversation.hold(socket);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }
                });
        return "started";
    }

    private static String udpEcho(int port) throws IOException {
        DatagramSocket socket = new DatagramSocket(port);
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        while (true) {
                            DatagramPacket packet = new DatagramPacket(new byte[64], 64);
                            socket.receive(packet);
                            socket.send(packet);
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        return "started";
    }

    /// One request on a connection of its own: status, `ebb-proxy-error`, body.
    private static String get(InetSocketAddress address) throws IOException {
        try (TestClient client = TestClient.connect(address)) {
            return get(client);
        }
    }

    private static String get(TestClient client) throws IOException {
        TestClient.Response response = client.get("host.that.does.not.matter", "/");
        String error =
                response.fields()
                        .lines()
                        .filter(field -> field.startsWith("ebb-proxy-error: "))
                        .map(field -> field.substring("ebb-proxy-error: ".length()))
                        .findFirst()
                        .orElse("-");
        return response.status() + " " + error + " " + response.body().strip();
    }

    /// The sum of one metric of the proxy, as far as its series begin like that.
    private static String metric(InetSocketAddress admin, String begin) throws IOException {
        try (TestClient client = TestClient.connect(admin)) {
            double sum =
                    client.get("localhost", "/metrics")
                            .body()
                            .lines()
                            .filter(line -> line.startsWith(begin))
                            .mapToDouble(line ->
                                    Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                            .sum();
            return Long.toString(Math.round(sum));
        }
    }

    private String keep(String name, InetSocketAddress address) throws IOException {
        kept.put(name, TestClient.connect(address));
        return getKept(name);
    }

    private String getKept(String name) throws IOException {
        TestClient client = kept.get(name);
        return client == null ? "failed: no such connection" : get(client);
    }

    /// Says nothing and listens until the other side has ended.
    private static String listen(InetSocketAddress address) throws IOException {
        try (Socket socket = connect(address)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// Says something, ends its half, and listens until the other side has ended.
    private static String talk(InetSocketAddress address, String text) throws IOException {
        try (Socket socket = connect(address)) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String udpTalk(InetSocketAddress address, String text) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(LIMIT);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            socket.send(new DatagramPacket(bytes, bytes.length, address));
            DatagramPacket answer = new DatagramPacket(new byte[64], 64);
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
        }
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(LIMIT);
        socket.connect(address, LIMIT);
        return socket;
    }

    private static InetSocketAddress address(List<String> command, int at) {
        return new InetSocketAddress(InetAddress.ofLiteral(command.get(at)), port(command, at + 1));
    }

    private static int port(List<String> command, int at) {
        return Integer.parseInt(command.get(at));
    }

    /// What a server does with one connection.
    @FunctionalInterface
    private interface Conversation {
        void hold(Socket socket) throws IOException;
    }
}
