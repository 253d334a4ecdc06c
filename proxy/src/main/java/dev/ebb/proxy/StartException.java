package dev.ebb.proxy;

import dev.ebb.env.AddressText;
import java.io.IOException;
import java.net.InetSocketAddress;

/// The proxy cannot start. The message is one line for people: it names the thing and what was
/// expected.
final class StartException extends Exception {

    StartException(String message, Throwable cause) {
        super(message, cause);
    }

    /// A listener could not be opened, because its address is in use or is not this machine's.
    static StartException cannotListen(
            String variable, InetSocketAddress address, IOException cause) {
        String reason = String.valueOf(cause.getMessage());
        String text = AddressText.format(address);
        return new StartException(
                variable
                        + ": cannot listen on "
                        + (reason.startsWith(text) ? reason : text + ": " + reason)
                        + " (expected: a free port of an address of this machine)",
                cause);
    }
}
