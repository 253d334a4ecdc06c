package dev.ebb.controlplane.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;

/// Says in one line why the API server did not do what it was asked.
final class ApiFailure {
    private static final int FORBIDDEN = 403;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;

    static String words(Throwable failure) {
        Throwable cause = causeOf(failure);
        if (cause instanceof KubernetesClientException api && api.getCode() == FORBIDDEN) {
            String said = api.getStatus() == null ? null : api.getStatus().getMessage();
            return (said == null ? firstLine(api) : said)
                    + " (expected: the ClusterRole ebb-control-plane of deploy/ebb.yaml)";
        }
        if (cause instanceof KubernetesClientException api && api.getCode() == UNAUTHORIZED) {
            return "unauthorized: the API server does not know our token or certificate";
        }
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = firstLine(cause);
        return message.isEmpty() ? withoutMessage(cause) : message;
    }

    /// Whether the API server has answered that this cannot be asked, by us or by anybody.
    static boolean isRefusal(Throwable failure) {
        return causeOf(failure) instanceof KubernetesClientException api
                && (api.getCode() == FORBIDDEN || api.getCode() == NOT_FOUND);
    }

    /// What the API server has answered, else the first cause.
    private static Throwable causeOf(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof KubernetesClientException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /// The JDK's client has no words for a connection that it cannot make.
    private static String withoutMessage(Throwable cause) {
        return switch (cause) {
            case UnresolvedAddressException _ -> "cannot connect: no such host";
            case ClosedChannelException _ -> "cannot connect: nothing listens there";
            default -> cause.getClass().getSimpleName();
        };
    }

    private static String firstLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? "" : message.lines().findFirst().orElse("");
    }

    private ApiFailure() {}
}
