package dev.ebb.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Asks the proxy's admin server: one request a connection, within a time limit whatever the server
/// does. Plain sockets, because an HTTP client class would take longer to load than most answers
/// take to come.
final class AdminClient {

    private static final int MAX_ANSWER = 8192;

    /// How long an answer may keep us waiting before we look whether anyone is there to give it.
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Options.Admin admin;

    AdminClient(Options.Admin admin) {
        this.admin = admin;
    }

    /// An answer of the proxy.
    ///
    /// @param status of HTTP
    /// @param body the beginning of it
    record Answer(int status, String body) {

        boolean isSuccess() {
            return status >= 200 && status < 300;
        }
    }

    String url(String path) {
        return "http://" + admin.authority() + path;
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// @param deadline of everything together
    /// @throws IOException if there is no answer by then, or none of HTTP
    Answer ask(String method, String path, Deadline deadline) throws IOException {
        return exchange(method, path, deadline, false);
    }

    /// As [#ask], for an answer that may take long: a proxy that hangs would keep us until somebody
    /// kills both, so it is given up when it misses two `GET /live` in a row.
    Answer askWhileLive(String method, String path, Deadline deadline) throws IOException {
        return exchange(method, path, deadline, true);
    }

    private Answer exchange(String method, String path, Deadline deadline, boolean whileLive)
            throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getByName(admin.host()), admin.port()),
                    deadline.remainingMillis());
            socket.getOutputStream().write(request(method, path));
            return answer(read(socket, deadline, whileLive));
        }
    }

    private byte[] request(String method, String path) {
        String head =
                method
                        + " "
                        + path
                        + " HTTP/1.1\r\nHost: "
                        + admin.authority()
                        + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        return head.getBytes(StandardCharsets.US_ASCII);
    }

    /// Reads until the server closes. What it has said by the end of the time limit counts, if it
    /// is a whole head: a server that forgets to close has answered nevertheless.
    private String read(Socket socket, Deadline deadline, boolean whileLive) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[MAX_ANSWER];
        int length = 0;
        while (length < buffer.length) {
            socket.setSoTimeout((int) deadline.remaining(LOOK).toMillis());
            int n;
            try {
                n = in.read(buffer, length, buffer.length - length);
            } catch (SocketTimeoutException e) {
                if (!deadline.hasPassed()) {
                    if (!whileLive || isLive()) {
                        continue;
                    }
                    throw new IOException("fallen silent", e);
                }
                String soFar = new String(buffer, 0, length, StandardCharsets.UTF_8);
                if (soFar.contains("\r\n\r\n")) {
                    return soFar;
                }
                throw new IOException("no answer in time", e);
            }
            if (n < 0) {
                break;
            }
            length += n;
        }
        return new String(buffer, 0, length, StandardCharsets.UTF_8);
    }

    /// One miss is forgiven: a machine may be busy.
    private boolean isLive() {
        for (int attempt = 0; attempt < 2; attempt++) {
            try {
                ask("GET", "/live", Deadline.in(LOOK));
                return true;
            } catch (IOException _) {
                // Asked again, or told by the caller.
            }
        }
        return false;
    }

    private static Answer answer(String text) throws IOException {
        if (text.length() < 12 || !text.startsWith("HTTP/1.") || text.charAt(8) != ' ') {
            throw new IOException(
                    text.isEmpty() ? "closed without an answer" : "not an answer of HTTP/1");
        }
        int head = text.indexOf("\r\n\r\n");
        try {
            int status = Integer.parseInt(text, 9, 12, 10);
            return new Answer(status, head < 0 ? "" : text.substring(head + 4).strip());
        } catch (NumberFormatException e) {
            throw new IOException("not an answer of HTTP/1", e);
        }
    }
}
