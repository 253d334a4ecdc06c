package dev.ebb.controlplane.kubernetes;

/// Everything that the control plane must be allowed to do; the ClusterRole of `deploy/ebb.yaml`
/// grants exactly this.
enum Right {
    LIST_SERVICES("list", "services", "", "no Service is known"),
    WATCH_SERVICES("watch", "services", "", "no Service is known"),
    LIST_SLICES("list", "endpointslices", "discovery.k8s.io", "no endpoint is known"),
    WATCH_SLICES("watch", "endpointslices", "discovery.k8s.io", "no endpoint is known"),
    LIST_PODS("list", "pods", "", "no deletion is known"),
    WATCH_PODS("watch", "pods", "", "no deletion is known"),
    GET_PODS("get", "pods", "", "a hook that comes before the news waits in vain"),
    REVIEW_TOKENS("create", "tokenreviews", "authentication.k8s.io", "no proxy is let in"),
    WRITE_EVENTS("create", "events", "", "no ledger is written as an Event");

    private final String verb;
    private final String resource;
    private final String group;
    private final String without;

    Right(String verb, String resource, String group, String without) {
        this.verb = verb;
        this.resource = resource;
        this.group = group;
        this.without = without;
    }

    String verb() {
        return verb;
    }

    String resource() {
        return resource;
    }

    /// Of the API; empty is the core.
    String group() {
        return group;
    }

    /// What does not work without it, for people.
    String without() {
        return without;
    }

    /// Whether the control plane is of no use without it. A ledger is in the log as well.
    boolean isRequired() {
        return this != WRITE_EVENTS;
    }

    /// Such as `create tokenreviews.authentication.k8s.io`.
    @Override
    public String toString() {
        return verb + " " + resource + (group.isEmpty() ? "" : "." + group);
    }
}
