package dev.ebb.proxy.outbound;

import dev.ebb.proxy.http.ProxyError;
import dev.ebb.proxy.upstream.AcquireFailure;

/// What callers are told when there is no connection.
final class AcquireErrors {

    private AcquireErrors() {}

    static ProxyError of(AcquireFailure failure) {
        return switch (failure.reason()) {
            case OWN_LISTENER -> new ProxyError.Loop(failure.detail());
            case CONNECT_FAILED -> new ProxyError.ConnectFailed(failure.detail());
            case CONNECT_TIMEOUT -> new ProxyError.ConnectTimeout(failure.detail());
            case VACATED, QUEUE_FULL, QUEUE_TIMEOUT -> new ProxyError.Overloaded(failure.detail());
        };
    }
}
