package dev.ebb.controlplane.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;

/// Says in one line why the API server did not do what it was asked.
final class ApiFailure {
    private static final int FORBIDDEN = 403;
    private static final int UNAUTHORIZED = 401;

    static String words(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof KubernetesClientException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
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
        return message.isEmpty() ? cause.getClass().getSimpleName() : message;
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    private ApiFailure() {}
}
