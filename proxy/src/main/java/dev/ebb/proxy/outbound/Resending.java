package dev.ebb.proxy.outbound;

import dev.ebb.proxy.balance.Member;
import dev.ebb.proxy.http.HeldBody;
import dev.ebb.proxy.http.PrivateHeaders;
import dev.ebb.proxy.outbound.OutboundSettings.Resend;
import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.upstream.EndpointPool;
import java.util.ArrayList;
import java.util.List;

/// Whether one request may be sent again, should the present attempt be proved undelivered.
///
/// It may while all of it is still held, nothing of a response has gone to the caller, and the
/// attempts are not used up.
final class Resending {

    /// Endpoints that one request is sent to at most.
    static final int MAX_ATTEMPTS = 5;

    private final Resend setting;
    private final HeldBody body;
    private List<Member<EndpointPool>> tried = List.of();

    Resending(Resend setting, HeldBody body) {
        this.setting = setting;
        this.body = body;
    }

    /// Tells the other proxy what it may hand back.
    void mark(RequestHead head) {
        boolean resendable =
                isEnabled()
                        && head.contentLength() != RequestHead.UNKNOWN_LENGTH
                        && head.contentLength() <= HeldBody.LIMIT;
        head.headers()
                .set(
                        PrivateHeaders.CLIENT,
                        resendable ? PrivateHeaders.RESENDABLE : PrivateHeaders.STREAMING);
    }

    boolean isEnabled() {
        return setting == Resend.ENABLED;
    }

    /// Whether there may be another attempt after the present one. A body is not whole any more
    /// once a response has begun.
    boolean isAllowed() {
        return isEnabled() && body.isWhole() && tried.size() + 1 < MAX_ATTEMPTS;
    }

    /// Notes an attempt that did not deliver.
    void failedAt(Member<EndpointPool> member) {
        if (tried.isEmpty()) {
            tried = new ArrayList<>(MAX_ATTEMPTS);
        }
        tried.add(member);
    }

    /// Where it was not delivered.
    List<Member<EndpointPool>> tried() {
        return tried;
    }
}
