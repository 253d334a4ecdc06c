package dev.ebb.controlplane.kubernetes.view;

/// Which object of its kind.
public record ObjectName(String namespace, String name) {

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
