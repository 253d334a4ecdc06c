package dev.ebb.proxy.outbound;

import dev.ebb.proxy.balance.Endpoint;
import dev.ebb.proxy.balance.Member;
import dev.ebb.proxy.http.PrivateHeaders;
import dev.ebb.proxy.http.Upload;
import dev.ebb.proxy.outbound.OutboundSettings.Resend;
import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.upstream.EndpointPool;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether one request may be sent again, should the present attempt be proved undelivered.
///
/// It may while the attempts are not used up; the caller sees to it that all of the request is
/// still held and nothing of a response has gone out.
final class Resending {

    /// Endpoints that one request is sent to at most.
    static final int MAX_ATTEMPTS = 5;

    private final Resend setting;
    private List<Member<EndpointPool>> tried = List.of();
    private @Nullable Proof last;

    Resending(Resend setting) {
        this.setting = setting;
    }

    /// Why it is known that nothing was delivered; the metric label.
    enum Proof {
        /// There was no connection.
        CONNECT_FAILED("connect_failed"),
        /// The connection turned out to be closed before anything was written.
        NOT_SENT("not_sent"),
        /// The other proxy says that it did not let the request through.
        NOT_DELIVERED("not_delivered");

        private final String label;

        Proof(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /// Tells the other proxy what it may hand back, and nobody else anything.
    void mark(RequestHead head, Endpoint endpoint, Upload upload) {
        if (!endpoint.meshed()) {
            head.headers().remove(PrivateHeaders.CLIENT);
            return;
        }
        boolean resendable =
                isEnabled()
                        && head.contentLength() != RequestHead.UNKNOWN_LENGTH
                        && upload.reserve(head.contentLength());
        head.headers()
                .set(
                        PrivateHeaders.CLIENT,
                        resendable ? PrivateHeaders.RESENDABLE : PrivateHeaders.STREAMING);
    }

    boolean isEnabled() {
        return setting == Resend.ENABLED;
    }

    /// Whether there may be another attempt after the present one.
    boolean isAllowed() {
        return isEnabled() && tried.size() + 1 < MAX_ATTEMPTS;
    }

    /// Whether another attempt may come to something else: a peer that has just refused will refuse
    /// again.
    boolean isWorthwhile(Proof proof, Member<EndpointPool> failed, Destination destination) {
        if (proof != Proof.CONNECT_FAILED) {
            return true;
        }
        List<Member<EndpointPool>> all = new ArrayList<>(tried);
        all.add(failed);
        return destination.hasOther(all);
    }

    /// Notes an attempt that did not deliver.
    void failedAt(Member<EndpointPool> member, Proof proof) {
        if (tried.isEmpty()) {
            tried = new ArrayList<>(MAX_ATTEMPTS);
        }
        tried.add(member);
        last = proof;
    }

    /// Whether everything that could be picked has handed the request back: it is all about to
    /// leave, and the next state of the destination will say so.
    boolean isHandedBackByAll(Destination destination) {
        return last == Proof.NOT_DELIVERED && !destination.hasOther(tried);
    }

    /// Where it was not delivered.
    List<Member<EndpointPool>> tried() {
        return tried;
    }
}
