package dev.ebb.cli.demo.wire;

import java.io.IOException;
import java.io.Serial;

/// What was read is not, or not all of, an HTTP/1.1 message.
public final class MalformedMessageException extends IOException {
    @Serial private static final long serialVersionUID = 1;

    MalformedMessageException(String message) {
        super(message);
    }
}
