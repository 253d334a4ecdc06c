package dev.ebb.admin;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One HTTP response, whole.
///
/// @param allow the methods of a 405, else null
record Answer(int status, String contentType, ByteArrayOutputStream body, @Nullable String allow) {

    static final int OK = 200;
    static final int NO_CONTENT = 204;

    private static final String TEXT = "text/plain; charset=utf-8";

    static Answer text(int status, String line) {
        return new Answer(status, TEXT, bytes(line), null);
    }

    static Answer json(String json) {
        return new Answer(OK, "application/json", bytes(json), null);
    }

    static Answer nothing() {
        return new Answer(NO_CONTENT, TEXT, new ByteArrayOutputStream(0), null);
    }

    static Answer notFound(String what) {
        return text(404, what);
    }

    static Answer notLocal() {
        return text(403, "only from loopback, by a loopback host name");
    }

    static Answer methodNotAllowed(String allow) {
        return new Answer(405, TEXT, bytes("expected: " + allow), allow);
    }

    private static ByteArrayOutputStream bytes(String line) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
        return body;
    }
}
